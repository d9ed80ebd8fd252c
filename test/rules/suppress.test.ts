// Suppressions in large numbers: the time grows with their number, not with its square.
import { strict as assert } from "node:assert";
import { createAnalysis, createSourceFile, DEFAULT_SETTINGS } from "../../server/src/core/index";

/** Milliseconds for a pipeline whose one comment names so many ids that are none. */
function time(ids: number): number {
  const names = Array.from({ length: ids }, (_, index) => `no-rule-${index}`).join(", ");
  const text = `# gitlab-ci-docker-disable-file ${names}\nbuild:\n  script: [make]\n`;
  const file = createSourceFile(".gitlab-ci.yml", "gitlab-ci", text);
  const analysis = createAnalysis({
    files: new Map([[file.path, file]]),
    paths: new Set([file.path]),
    settings: DEFAULT_SETTINGS,
  });
  const started = performance.now();
  const { findings } = analysis.report();
  assert.equal(findings.length, ids);
  return performance.now() - started;
}

describe("suppressions", () => {
  it("100,000 unknown ids take seconds at most", () => {
    time(1000);
    const taken = time(100_000);
    assert.ok(taken < 9000, `${taken.toFixed(0)} ms`);
  });
});
