// `npm run bench`: what the tool costs, as ratios to the parsers alone, taken in one process or in interleaved runs.
// Absolute times depend on the machine and are printed only to give the ratios a scale. CORPUS names a folder of
// repositories for the last part.
import { measureEdits } from "./edits";
import { measureGrowth } from "./growth";
import { measurePeer } from "./peer";
import { measureRules } from "./rules";
import { measureResolve } from "./resolve";
import { measureColdCheck, measureCorpus } from "./processes";

function main(): void {
  const only = process.argv[2];
  const parts: Readonly<Record<string, () => void>> = {
    edits: measureEdits,
    growth: measureGrowth,
    resolve: () => measureResolve(process.env.CORPUS),
    rules: () => measureRules(process.env.CORPUS),
    peer: () => measurePeer(process.env.CORPUS),
    cold: measureColdCheck,
    corpus: () => measureCorpus(process.env.CORPUS),
  };
  for (const [name, measure] of Object.entries(parts)) if (only === undefined || only === name) measure();
}

main();
