import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createSourceFile } from "../../server/src/core/text/source-file";
import { parseYaml } from "../../server/src/core/syntax/yaml";
function* files(d: string): Generator<string> { for (const n of readdirSync(d)) { const p = join(d,n); const s = statSync(p); if (s.isDirectory()) yield* files(p); else if (/\.ya?ml$/.test(n)) yield p; } }
let big=""; for (const f of files("/work/shared/corpus/StackVista__datadog-agent-upstream-2023")) { const t=readFileSync(f,"utf8").replace(/^---\n/gm,""); if (t.includes("\n...")||/^%/m.test(t)||!/^[\w.]/m.test(t)) continue; big+=t.endsWith("\n")?t:t+"\n"; if (big.split("\n").length>5000) break; }
const file=createSourceFile("a","gitlab-ci",big);
const prev=parseYaml(file);
if (process.argv[2]==="same") for (let i=0;i<3000;i++) parseYaml(file,prev); else for (let i=0;i<60;i++) parseYaml(file);
