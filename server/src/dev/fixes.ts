// `npm run fixes -- DIR`: applies every safe fix to each repository of a folder, in memory, and says what that changes: the
// difference, and whatever it breaks or adds. Nothing is written.
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { unifiedDiff } from "../cli/diff";
import { fixInMemory } from "../cli/fix";
import { createAnalysis, DEFAULT_SETTINGS, type Report } from "../core/index";
import { createLoader } from "../host/load";
import { createNodeHost } from "../host/node-host";

interface Outcome {
  readonly fixes: number;
  /** What is there after the fixes and was not before. */
  readonly added: readonly string[];
  readonly diff: string;
}

function tryFixes(folder: string): Outcome {
  const loader = createLoader({ host: createNodeHost(folder), settings: DEFAULT_SETTINGS });
  const analysis = createAnalysis(loader.workspace());
  const before = loader.settle(analysis);
  const fixed = fixInMemory(loader, analysis, before, {
    safeOnly: true,
    selects: () => true,
    mayChange: () => true,
  });
  const diff = [...fixed.files].map(([path, file]) => unifiedDiff(path, file.before ?? "", file.after));
  return { fixes: fixed.count, added: addedBy(before, fixed.report), diff: diff.join("") };
}

/** Lines move, so findings are compared by what they say and where they say it, without the line. */
function addedBy(before: Report, after: Report): readonly string[] {
  const words = ({ findings, problems, faults }: Report): readonly string[] => [
    ...findings.map(({ rule, at, message }) => `${at.file} ${rule} ${message}`),
    ...problems.map(({ at, message }) => `${at.file} ${message}`),
    ...faults.map(({ rule, error }) => `${rule} ${error}`),
  ];
  const rest = [...words(before)];
  return words(after).filter((each) => {
    const index = rest.indexOf(each);
    if (index !== -1) rest.splice(index, 1);
    return index === -1;
  });
}

function main(directory: string | undefined): number {
  if (directory === undefined) {
    console.error("usage: npm run fixes -- DIR, a folder of repositories");
    return 2;
  }
  const root = resolve(directory);
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  let total = 0;
  let added = 0;
  for (const { name } of folders) {
    const outcome = tryFixes(join(root, name));
    total += outcome.fixes;
    added += outcome.added.length;
    if (outcome.fixes > 0) console.log(`== ${name}: ${outcome.fixes} fixes\n${outcome.diff}`);
    for (const each of outcome.added) console.log(`added\t${name}\t${each}`);
  }
  console.log(
    `${total} safe fixes in ${folders.length} repositories; ${added} findings or problems more than before`,
  );
  return added === 0 ? 0 : 1;
}

process.exitCode = main(process.argv[2]);
