import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createSourceFile } from "../../server/src/core/text/source-file";
import { parseYaml } from "../../server/src/core/syntax/yaml";
import { problemsOf } from "../../server/src/core/syntax/yaml-nodes";
import { parseAllDocuments } from "yaml";
const LSP = { merge:true, customTags:[{tag:"!reference",collection:"seq" as const}], prettyErrors:false, strict:false, uniqueKeys:false, logLevel:"silent" as const };
function* files(d: string): Generator<string> { for (const n of readdirSync(d)) { const p = join(d,n); const s = statSync(p); if (s.isDirectory()) yield* files(p); else if (/\.ya?ml$/.test(n)) yield p; } }
let big=""; for (const f of files("/work/shared/corpus/StackVista__datadog-agent-upstream-2023")) { const t=readFileSync(f,"utf8").replace(/^---\n/gm,""); if (t.includes("\n...")||/^%/m.test(t)||!/^[\w.]/m.test(t)) continue; big+=t.endsWith("\n")?t:t+"\n"; if (big.split("\n").length>5000) break; }
console.log("lines",big.split("\n").length,"chars",big.length);
const med=(a:number[])=>a.sort((x,y)=>x-y)[a.length>>1]!;
const time=(f:()=>unknown)=>{const t=performance.now(); f(); return performance.now()-t;};
const t0=time(()=>parseAllDocuments(big,LSP)); const t1=time(()=>parseYaml(createSourceFile("a","gitlab-ci",big))); console.log("cold lib",t0.toFixed(1),"then ours",t1.toFixed(1));
const A:number[]=[],B:number[]=[],C:number[]=[],D:number[]=[],E:number[]=[];
let prev=parseYaml(createSourceFile("a","gitlab-ci",big)); console.log("problems",problemsOf(prev).length,"blocks",prev.chunks.size);
const mid=big.indexOf("script:",big.length>>1)+2;
for (let i=0;i<15;i++){ 
 A.push(time(()=>parseAllDocuments(big,LSP)));
 A[A.length-1]!;
 E.push(time(()=>parseAllDocuments(big,{...LSP,merge:false,schema:"failsafe"})));
 B.push(time(()=>parseYaml(createSourceFile("a","gitlab-ci",big))));
 const text=big.slice(0,mid)+"x".repeat(i%2+1)+big.slice(mid); const f=createSourceFile("a","gitlab-ci",text);
 C.push(time(()=>{prev=parseYaml(f,prev)}));
 const text2="x: 1\n"+text; const f2=createSourceFile("a","gitlab-ci",text2);
 D.push(time(()=>parseYaml(f2,prev)));
}
console.log("lib LSP",med(A).toFixed(2),"lib failsafe",med(E).toFixed(2),"ours",med(B).toFixed(2),"ratio",(med(B)/med(A)).toFixed(2),"edit",med(C).toFixed(3),"ratio",(med(C)/med(A)).toFixed(4),"insert top",med(D).toFixed(3));
for (const k of [1000,2000,4000,8000,16000]) { const one="job:\n"+Array.from({length:k},(_,i)=>`  k${i}: v${i}\n`).join(""); const top=Array.from({length:k},(_,i)=>`k${i}: v${i}\n`).join(""); const al="a: &a 1\njob:\n"+Array.from({length:k},(_,i)=>`  - *a\n`).join("");
 console.log(k,"keys in one map",time(()=>parseYaml(createSourceFile("a","gitlab-ci",one))).toFixed(1),"lib",time(()=>parseAllDocuments(one,LSP)).toFixed(1),"top-level",time(()=>parseYaml(createSourceFile("a","gitlab-ci",top))).toFixed(1),"aliases",time(()=>parseYaml(createSourceFile("a","gitlab-ci",al))).toFixed(1)); }
for (const [n,t] of [["flow","a: "+"[".repeat(1e5)],["block","a:\n"+Array.from({length:5000},(_,i)=>" ".repeat(i)+"k:\n").join("")],["dash","a:\n  "+"- ".repeat(1e5)],["q","a:\n  "+"? ".repeat(1e5)],["fq","a: ["+"? ".repeat(1e5)],["bang","a: "+"!a ".repeat(1e5)],["brace","{a: ".repeat(1e5)],["openq","a: \"x\n"+" "+"[".repeat(1e5)],["lines","a:\n  - [\n"+("  "+"[".repeat(90)+"\n").repeat(1000)],["colon","a: "+": ".repeat(1e5)],["colons","a:\n  "+"b: ".repeat(1e5)],["nul","a: \0"]] as const) {
 let r; const t2=time(()=>{r=problemsOf(parseYaml(createSourceFile("a","gitlab-ci",t+"\nok: 1\n")))}); console.log(n,t2.toFixed(1),r!.length,r![0]?.message); }
