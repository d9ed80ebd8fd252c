// `npm run verdicts -- DIR`: errors and warnings over a folder of real repositories (owner__name each), held against what
// a person said of each in test/corpus/verdicts.tsv. Prints what nobody has judged yet, what is gone, and the counts.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { inspect } from "./cases";

const VERDICTS = "test/corpus/verdicts.tsv";

type Verdict = "right" | "wrong" | "arguable";

/** Rows of the file by repository, file, line and rule. Throws where a row is not in the format. */
function readVerdicts(text: string): ReadonlyMap<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  for (const [index, row] of text.split("\n").slice(1).entries()) {
    if (row === "") continue;
    const [repository, file, line, rule, verdict] = row.split("\t");
    if (verdict !== "right" && verdict !== "wrong" && verdict !== "arguable") {
      throw new Error(`${VERDICTS}:${index + 2}: the verdict is right, wrong or arguable`);
    }
    verdicts.set([repository, file, line, rule].join("\t"), verdict);
  }
  return verdicts;
}

function main(directory: string | undefined): number {
  if (directory === undefined) {
    console.error("usage: npm run verdicts -- DIR, a folder of repositories named owner__name");
    return 2;
  }
  const verdicts = readVerdicts(readFileSync(VERDICTS, "utf8"));
  const root = resolve(directory);
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const found = folders.flatMap(({ name }) =>
    inspect(join(root, name))
      .findings.filter(({ severity }) => severity === "error" || severity === "warning")
      .map(({ file, line, rule }) => [name.replace("__", "/"), file, line, rule].join("\t")),
  );
  const counts = new Map<Verdict | "not judged", number>();
  for (const row of found) {
    const verdict = verdicts.get(row) ?? "not judged";
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    if (verdict !== "right") console.log(`${verdict}\t${row}`);
  }
  const present = new Set(found);
  for (const row of verdicts.keys()) if (!present.has(row)) console.log(`gone\t${row}`);
  console.log([...counts].map(([verdict, count]) => `${count} ${verdict}`).join(", "));
  return counts.has("not judged") ? 1 : 0;
}

process.exitCode = main(process.argv[2]);
