// Properties of resolving: no text makes it throw, and every value stands where its origin says. On the texts of the pages in
// this folder, and on the pipelines below the folder that the environment variable CORPUS names.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { parseDocument, isScalar } from "yaml";
import { expandText } from "../../server/src/core/model/docker/expand";
import { variableOf } from "../../server/src/core/model/docker/variable-of";
import { resultsOf } from "../../server/src/core/model/pipeline/order";
import { orderProblemsOf } from "../../server/src/core/model/pipeline/order-problems";
import { jobNamesOf, pipelineProblemsOf, resolvedJobOf, rootKey } from "../../server/src/core/model/pipeline/resolve";
import { rootsOf } from "../../server/src/core/model/pipeline/roots";
import type { Value } from "../../server/src/core/model/pipeline/value";
import { canBeBranchWithSlash, isSet, runsIn } from "../../server/src/core/model/pipeline/when";
import type { Database } from "../../server/src/core/query/database";
import { textAt } from "../../server/src/core/text/located";
import { databaseOf } from "../support/dump";
import { contextOf } from "../support/dump-runs";
import { readFixturePage } from "../support/fixture";

const MUTATIONS = 10_000;
/** Larger files are read once, unchanged: mutating them would take the time of all others. */
const MAX_MUTATED = 4_000;

interface Pipeline {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
}

const ENTRY = ".gitlab-ci.yml";

function fixtures(): readonly Pipeline[] {
  const pages = readdirSync(__dirname).filter((name) => name.endsWith(".md"));
  return pages.flatMap((page) =>
    readFixturePage(path.join(__dirname, page)).cases.map((each) => ({
      name: `${page}: ${each.title}`,
      files: Object.fromEntries(each.files.filter((file) => file.path.endsWith(".yml")).map((file) => [file.path, file.text])),
    })),
  );
}

function corpus(): readonly Pipeline[] {
  const folder = process.env["CORPUS"];
  if (folder === undefined) return [];
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((each) => /gitlab-ci[^/]*\.ya?ml$/.test(each));
  return paths
    .filter((each) => statSync(path.join(folder, each)).isFile())
    .map((each) => ({ name: each, files: { [ENTRY]: readFileSync(path.join(folder, each), "utf8").replace(/\r\n?/g, "\n") } }));
}

/** Asks everything that the model knows of a pipeline. */
function resolveAll(database: Database): number {
  const context = contextOf(database);
  let jobs = 0;
  for (const root of database.get(rootsOf, null)) {
    database.get(pipelineProblemsOf, root);
    for (const name of database.get(jobNamesOf, root)) {
      const job = database.get(resolvedJobOf, rootKey(root, name))?.job;
      database.get(orderProblemsOf, rootKey(root, name));
      if (job === undefined) continue;
      jobs += 1;
      const runs = runsIn(context, job);
      canBeBranchWithSlash(runs);
      isSet(runs, "CI_COMMIT_TAG");
      resultsOf(context, job);
      for (const variable of [...job.variables.keys()].slice(0, 3)) variableOf(context, job, variable);
      if (job.image !== undefined) expandText(context, job, job.image.text);
    }
  }
  return jobs;
}

/** A small generator of numbers, the same for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
}

const INSERTIONS = [
  " ", "\n", "\t", ":", "-", "#", "&", "*", "!", "|", ">", "{", "}", "[", "]", '"', "'", "%", "@", "`", "$", ",", "?", "~",
  "*a", "&a ", "<<: *a\n", "!reference [.a, script]", "!reference ", "extends: .a\n", "extends: [a, b]\n", "null", "needs: [a]\n",
  "rules: [{ if: $A && }]\n", "$[[ inputs.x ]]", "---\n", "include: .gitlab-ci.yml\n", "default:\n", "variables:\n", "stages:\n",
  "parallel: { matrix: [{ A: [x, y] }] }\n", "\u2028", "\ud83d\ude00", "a: ", "- ",
];

function mutate(text: string, other: string, pick: (below: number) => number): string {
  let result = text;
  for (let count = 1 + pick(3); count > 0; count -= 1) {
    const start = pick(result.length + 1);
    const end = Math.min(result.length, start + pick(30));
    const from = pick(other.length + 1);
    const insertion = [INSERTIONS[pick(INSERTIONS.length)] ?? "", other.slice(from, from + pick(40)), "", result.slice(start, end).repeat(2)][pick(4)] ?? "";
    result = result.slice(0, start) + insertion + result.slice(pick(2) === 0 ? start : end);
  }
  return result;
}

describe("resolving", () => {
  const pipelines = [...fixtures(), ...corpus()];

  it(`throws on none of ${MUTATIONS} mutated texts`, function () {
    this.timeout(180_000);
    const small = pipelines.filter(({ files }) => (files[ENTRY] ?? "").length < MAX_MUTATED && files[ENTRY] !== undefined);
    assert.ok(small.length > 30, "there are texts to mutate");
    const pick = random(20_260_801);
    let jobs = 0;
    for (let index = 0; index < MUTATIONS; index += 1) {
      const { name, files } = small[index % small.length] ?? assert.fail();
      const other = small[pick(small.length)]?.files[ENTRY] ?? "";
      const mutated = mutate(files[ENTRY] ?? "", other, pick);
      try {
        jobs += resolveAll(databaseOf({ ...files, [ENTRY]: mutated }));
      } catch (error) {
        assert.fail(`${name}, mutation ${index}: ${error instanceof Error ? error.stack : String(error)}\n${mutated}`);
      }
    }
    assert.ok(jobs > MUTATIONS / 2, `most texts still hold jobs (${jobs})`);
  });

  it("gives every value the place where it is written", function () {
    this.timeout(120_000);
    let leaves = 0;
    for (const { name, files } of pipelines) {
      const database = databaseOf(files);
      for (const root of database.get(rootsOf, null)) {
        for (const job of database.get(jobNamesOf, root)) {
          const resolved = database.get(resolvedJobOf, rootKey(root, job))?.job;
          for (const entry of resolved?.keywords.values() ?? []) leaves += checkLeaves(entry.value, `${name}: ${job}.${entry.key}`);
        }
      }
    }
    assert.ok(leaves > 300, `there are values to look at (${leaves})`);
  });
});

/** How many scalars were compared with the text at their origin. */
function checkLeaves(value: Value, where: string): number {
  switch (value.kind) {
    case "unknown":
      return 0;
    case "list":
      return value.items.reduce((sum, item) => sum + checkLeaves(item, where), 0);
    case "map":
      return [...value.entries.values()].reduce((sum, entry) => sum + checkLeaves(entry.value, `${where}.${entry.key}`), 0);
    case "scalar": {
      const written = textAt(value.at);
      // Inputs are put in: the written value is the place of the input.
      if (written.includes("$[[")) return 0;
      assert.equal(decoded(written), value.node.text, `${where} at ${value.at.chunk.file}`);
      return 1;
    }
  }
}

/** What a scalar's text means, read by itself with the `yaml` library. */
function decoded(written: string): string {
  if (written === "") return "";
  const node = parseDocument(`k: ${written}\n`, { version: "1.1" }).get("k", true);
  if (!isScalar(node)) return written;
  return node.source ?? String(node.value);
}
