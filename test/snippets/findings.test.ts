// The tool has nothing to say about what its own snippets insert: in an empty file and below other entries, with the
// runner that a job needs in sight and without.
import assert from "node:assert/strict";
import { createAnalysis, DEFAULT_SETTINGS, type SourceFile } from "../../server/src/core/index";
import { ALL, repositoryOf, type Place } from "./repository";

const PLACES: readonly Place[] = ["empty file", "below other entries"];

/**
 * What the tool says, as information, of runners that give jobs the rights of their host. It is true and meant: the
 * snippets' own descriptions say it as well, and no other configuration of these two approaches would be without it.
 */
const MEANT: Readonly<Record<string, string>> = {
  "glci-runner-socket": "runner-host-exposure",
  "glci-runner-kubernetes": "runner-host-exposure",
};

interface Said {
  readonly path: string;
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
}

function findingsIn(files: readonly SourceFile[]): readonly Said[] {
  const report = createAnalysis({
    files: new Map(files.map((file) => [file.path, file])),
    paths: new Set(files.map((file) => file.path)),
    settings: DEFAULT_SETTINGS,
  }).report();
  assert.deepEqual(report.faults, []);
  assert.deepEqual(report.problems, []);
  return report.findings.map(({ at, rule, severity, message }) => ({
    path: at.file,
    rule,
    severity,
    message,
  }));
}

describe("what the tool says about snippets", () => {
  for (const offered of ALL) {
    const { prefix } = offered.snippet;
    for (const place of PLACES) {
      it(`${prefix}, ${place}: nothing beside its runner`, () => {
        const files = repositoryOf(offered, place, true);
        const own = findingsIn(files).filter(({ path }) => path === files[0]?.path);
        const rules = own.filter(({ rule }) => rule !== MEANT[prefix]);
        assert.deepEqual(rules, []);
      });

      it(`${prefix}, ${place}: at most a hint without a runner in sight`, () => {
        const said = findingsIn(repositoryOf(offered, place, false));
        const loud = said.filter(({ severity, rule }) => severity !== "hint" && rule !== MEANT[prefix]);
        assert.deepEqual(loud, []);
      });
    }
  }

  it("what is meant is said, so that no exception outlives its reason", () => {
    for (const [prefix, rule] of Object.entries(MEANT)) {
      const offered = ALL.find(({ snippet }) => snippet.prefix === prefix);
      assert.ok(offered, prefix);
      const said = findingsIn(repositoryOf(offered, "empty file", false));
      assert.deepEqual(
        said.map((finding) => `${finding.rule}: ${finding.severity}`),
        [`${rule}: info`],
        prefix,
      );
    }
  });
});
