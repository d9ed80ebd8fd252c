// Counts what an edit computes again of the order of jobs.
import assert from "node:assert/strict";
import { orderProblemsOf } from "../../server/src/core/model/pipeline/order-problems";
import { jobNamesOf, rootKey } from "../../server/src/core/model/pipeline/resolve";
import { Database } from "../../server/src/core/query/database";
import { DEFAULT_SETTINGS } from "../../server/src/core/settings/settings";
import { createSourceFile } from "../../server/src/core/text/source-file";

const ENTRY = ".gitlab-ci.yml";

const workspace = (text: string): ConstructorParameters<typeof Database>[0] => ({
  files: new Map([[ENTRY, createSourceFile(ENTRY, "gitlab-ci", text)]]),
  paths: new Set([ENTRY]),
  settings: DEFAULT_SETTINGS,
});

const pipeline = (script: string, needs: string): string =>
  `one: { stage: build, script: echo }\ntwo: { needs: [${needs}], script: ${script} }\nthree: { needs: [one], script: echo }\n`;

describe("the order of jobs after an edit", () => {
  function computed(text: string): (query: string) => number {
    const database = new Database(workspace(pipeline("echo", "one")));
    const ask = (): readonly string[] =>
      database
        .get(jobNamesOf, ENTRY)
        .flatMap((name) => database.get(orderProblemsOf, rootKey(ENTRY, name)).map((problem) => problem.message));
    assert.deepEqual(ask(), []);
    const before = new Map(database.computed);
    database.update(workspace(text));
    ask();
    return (query) => (database.computed.get(query) ?? 0) - (before.get(query) ?? 0);
  }

  it("is not worked out again for a script", () => {
    const count = computed(pipeline("echo changed", "one"));
    assert.equal(count("orderFactsOf"), 1);
    assert.equal(count("orderTableOf"), 0);
    assert.equal(count("orderProblemsOf"), 1);
  });

  it("is worked out again for a need", () => {
    const count = computed(pipeline("echo", "three"));
    assert.equal(count("orderTableOf"), 1);
    assert.equal(count("circlesOf"), 1);
  });
});
