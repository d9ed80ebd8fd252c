// Effective jobs work their places out when these are asked for: the answer must be that of the moment they were taken.
import assert from "node:assert/strict";
import {
  createAnalysis,
  createSourceFile,
  DEFAULT_SETTINGS,
  effectiveYaml,
  type Workspace,
} from "../../server/src/core/index";

const PATH = ".gitlab-ci.yml";
const TEXT = "variables: { A: a }\nbuild:\n  script: make\ntest:\n  script: make test\n";

const workspaceOf = (text: string): Workspace => ({
  files: new Map([[PATH, createSourceFile(PATH, "gitlab-ci", text)]]),
  paths: new Set([PATH]),
  settings: DEFAULT_SETTINGS,
});

describe("places of effective jobs", () => {
  it("stay those of the files as they were, although the files change", () => {
    const workspace = workspaceOf(TEXT);
    const analysis = createAnalysis(workspace);
    const { jobs } = analysis.resolve();
    const file = (path: string) => workspace.files.get(path);
    const before = effectiveYaml(jobs, file);
    assert.match(before.text, /script:.*\n\s+- make test +# \.gitlab-ci\.yml:5\n/);
    analysis.update(workspaceOf(`# moved\n\n${TEXT.replace("make test", "make check")}`));
    analysis.report();
    assert.deepEqual(effectiveYaml(jobs, file), before);
  });
});
