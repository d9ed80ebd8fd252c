import { readFileSync } from "node:fs";
import { createSourceFile } from "../../server/src/core/text/source-file";
import { parseYaml } from "../../server/src/core/syntax/yaml";
import { problemsOf, type YamlNode } from "../../server/src/core/syntax/yaml-nodes";
const ev=JSON.parse(readFileSync("/tmp/ev.json","utf8"));
const leaves=(n:YamlNode):string[]=>n.kind==="scalar"?[n.text]:n.kind==="seq"?n.items.flatMap(leaves):n.kind==="map"?n.pairs.flatMap(p=>[...leaves(p.key),...leaves(p.value)]):[];
let same=0,errs=0,diff=0;
for (const p in ev){ const f=parseYaml(createSourceFile("a","gitlab-ci",readFileSync(p,"utf8"))); const mine=f.documents.flatMap(d=>d.blocks.flatMap(b=>[...b.pairs.flatMap(x=>[x.key,x.value]),...(b.root?[b.root]:[])].flatMap(leaves)));
 if (typeof ev[p]==="string"){ errs++; console.log(p.slice(20),ev[p],"| ours:",problemsOf(f).map(x=>x.message).slice(0,2)); continue;}
 const i=ev[p].findIndex((v:string,k:number)=>v!==mine[k]); if (i!==-1||ev[p].length!==mine.length){diff++; console.log("DIFF",p.slice(20),JSON.stringify(ev[p][i])?.slice(-80),JSON.stringify(mine[i])?.slice(-80));} else same++; }
console.log({same,errs,diff});
