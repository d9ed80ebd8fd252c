// `npm run test:differential -- [DIR] [--only TEXT]`: compares `resolve --format json` with `gitlab-ci-local --preview` over
// the pages of test/model and, where DIR is given, the repositories in it. Prints every difference; exits with 1 where one
// isn't listed in explained.md, or where that list says what isn't so any more.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { compareJobs } from "./compare.mjs";
import { explanationOf, readExplained } from "./explained.mjs";
import { cutForeignIncludes, cutJob, jobThatLacks } from "./cut.mjs";
import { pageInputs, repositoryInputs, withRepository } from "./inputs.mjs";
import { jobsOfOurs, jobsOfPreview } from "./normalise.mjs";
import { buildOurs, isInstalled, runGitlabCiLocal, runOurs } from "./programs.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: "string" } } });

/** More than this many jobs that lack something, and there is little left to compare. */
const MOST_CUTS = 80;

function install() {
  if (isInstalled()) return;
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error("this comparison is made for Linux on x64");
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: HERE,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** What cannot be fetched here is cut out for both programs, then the jobs that depend on it; what is left is compared. */
async function examine(input) {
  if (input.entry === undefined) return { input, skipped: "there is no pipeline file", differences: [] };
  return withRepository(input, async (folder) => {
    const { theirs, cut } = await previewOfWhatIsHere(folder, input);
    return { input, cut, ...judge(await runOurs(folder), theirs, cut) };
  });
}

async function previewOfWhatIsHere(folder, { entry, kind }) {
  let theirs = await runGitlabCiLocal(folder, entry);
  if (theirs.refusal === undefined) return { theirs, cut: [] };
  const cut = cutForeignIncludes(folder);
  if (cut.length > 0) theirs = await runGitlabCiLocal(folder, entry);
  // What a page gets wrong, it gets wrong on purpose.
  else if (kind === "model page") return { theirs, cut };
  while (theirs.refusal !== undefined && cut.length < MOST_CUTS) {
    const job = jobThatLacks(theirs.refusal);
    const last = job === undefined ? [] : cutJob(folder, job);
    if (last.length === 0) break;
    cut.push(...last.map((name) => `job ${name}`));
    theirs = await runGitlabCiLocal(folder, entry);
  }
  return { theirs, cut };
}

function judge(ours, theirs, cut) {
  if (ours.fault !== undefined)
    return { differences: [{ job: "-", place: "(fault)", ours: ours.fault, theirs: undefined }] };
  if (theirs.refusal === undefined) {
    const mine = jobsOfOurs(ours.jobs);
    const preview = jobsOfPreview(theirs.pipeline);
    if (Object.keys({ ...mine, ...preview }).length === 0) return { skipped: "it has no jobs" };
    return { jobs: Object.keys(mine).length, differences: compareJobs(mine, preview) };
  }
  const skipped = `gitlab-ci-local refuses it: ${theirs.refusal}`;
  // What lies outside may hold what is missing; and a problem at one side is one at the other.
  if (cut.length > 0 || ours.problems.some(({ severity }) => severity !== "hint")) return { skipped };
  return {
    skipped,
    differences: [{ job: "-", place: "(accepted)", ours: "no problem", theirs: theirs.refusal }],
  };
}

const short = (value) => (value === undefined ? "nothing" : JSON.stringify(value)).slice(0, 200);

const several = (names) =>
  names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");

/** Jobs that differ in the same way are told together. */
function printDifferences(differences) {
  const groups = new Map();
  for (const each of differences) {
    const key = JSON.stringify([each.place, each.ours, each.theirs, each.found?.explanation.title]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  for (const group of groups.values()) {
    const [{ place, ours, theirs, found }] = group;
    const jobs = several(group.map(({ job }) => job));
    console.log(
      `  ${markOf(found)}: ${jobs} | ${place}${found === undefined ? "" : ` (${found.explanation.title})`}`,
    );
    console.log(`      ours:            ${short(ours)}`);
    console.log(`      gitlab-ci-local: ${short(theirs)}`);
  }
}

function markOf(found) {
  if (found === undefined) return "UNEXPLAINED";
  return found.explanation.verdict === "gitlab-ci-local" ? "OUR ERROR" : "explained";
}

function printResult({ input, cut = [], jobs, skipped, differences }) {
  const without = cut.length === 0 ? "" : `, without ${several([...new Set(cut)])}`;
  if (skipped !== undefined) console.log(`- ${input.name}: not comparable${without}: ${skipped}`);
  else console.log(`${differences.length === 0 ? "=" : "≠"} ${input.name}: ${jobs} jobs${without}`);
  printDifferences(differences);
}

function printSummary(results, explanations) {
  const compared = results.filter(({ jobs }) => jobs !== undefined);
  for (const kind of ["model page", "repository"]) {
    const own = compared.filter(({ input }) => input.kind === kind);
    const total = results.filter(({ input }) => input.kind === kind).length;
    const jobs = own.reduce((sum, each) => sum + each.jobs, 0);
    const equal = own.filter(({ differences }) => differences.length === 0).length;
    const cut = own.filter((each) => each.cut.length > 0).length;
    console.log(
      `${kind}: ${own.length} of ${total} inputs compared (${cut} without what lies outside), ${jobs} jobs, ${equal} inputs without a difference`,
    );
  }
  const repositories = new Set(
    compared.map(({ input }) => input.repository).filter((name) => name !== undefined),
  );
  console.log(`${repositories.size} repositories`);
  const all = results.flatMap(({ differences }) => differences);
  for (const explanation of explanations) {
    const count = all.filter(({ found }) => found?.explanation === explanation).length;
    if (count > 0)
      console.log(`  ${String(count).padStart(5)}  right: ${explanation.verdict}: ${explanation.title}`);
  }
  const unexplained = all.filter(({ found }) => found === undefined).length;
  console.log(`${all.length} differences, ${unexplained} unexplained`);
  return unexplained;
}

/** Lines of the list that explain nothing any more, of inputs that were run. */
function staleLines(results, explanations) {
  const used = new Set(results.flatMap(({ differences }) => differences.map(({ found }) => found?.pattern)));
  const names = results.map(({ input }) => input.name);
  return explanations
    .flatMap(({ patterns }) => patterns)
    .filter((pattern) => !used.has(pattern) && names.some((name) => pattern.input.test(name)));
}

install();
await buildOurs();
const explanations = readExplained(path.join(HERE, "explained.md"));
const inputs = [
  ...pageInputs(path.join(HERE, "../model")),
  ...positionals.flatMap((folder) => repositoryInputs(path.resolve(folder))),
].filter(({ name }) => values.only === undefined || name.includes(values.only));
const results = [];
for (const input of inputs) {
  const result = await examine(input);
  const differences = (result.differences ?? []).map((each) => {
    const difference = { input: input.name, ...each };
    return { ...difference, found: explanationOf(explanations, difference) };
  });
  results.push({ ...result, differences });
  printResult(results.at(-1));
}
console.log("");
const unexplained = printSummary(results, explanations);
const stale = staleLines(results, explanations);
for (const { line } of stale) console.log(`explained.md lists what isn't so any more: ${line}`);
process.exitCode = unexplained + stale.length > 0 ? 1 : 0;
