// Counts what an edit computes again.
import assert from "node:assert/strict";
import { createAnalysis, createSourceFile, DEFAULT_SETTINGS, type Workspace } from "../../server/src/core/index";

const PIPELINE = (script: string): string => `include: ci/base.yml
first:
  extends: .docker
  script: [docker build -t first .]
second:
  extends: .docker
  script: [${script}]
third:
  script: [docker build -t third .]
`;
const BASE = (image: string): string => `.docker:
  image: ${image}
  services: [docker:29.6.2-dind]
`;

function workspace(files: Readonly<Record<string, string>>, before?: Workspace): Workspace {
  const sources = Object.entries(files).map(([path, text]) => {
    const old = before?.files.get(path);
    if (old?.text === text) return old;
    return createSourceFile(path, path.endsWith(".yml") ? "gitlab-ci" : path.endsWith("Dockerfile") ? "dockerfile" : "other", text);
  });
  return { files: new Map(sources.map((file) => [file.path, file])), paths: before?.paths ?? new Set(Object.keys(files)), settings: DEFAULT_SETTINGS };
}

describe("an edit computes again only what reads it", () => {
  const start = {
    ".gitlab-ci.yml": PIPELINE("docker build -t second ."),
    "ci/base.yml": BASE("docker:29.6.2-cli"),
    Dockerfile: "FROM scratch\n",
    "README.md": "",
  };

  function counted(change: Readonly<Record<string, string>>): Record<string, number> {
    const first = workspace(start);
    const analysis = createAnalysis(first);
    analysis.report();
    const before = new Map(analysis.computed());
    analysis.update(workspace({ ...start, ...change }, first));
    analysis.report();
    const names = ["yamlOf", "pipelineFilesOf", "resolvedJobOf", "jobChecks"];
    return Object.fromEntries(names.map((name) => [name, (analysis.computed().get(name) ?? 0) - (before.get(name) ?? 0)]));
  }

  it("nothing when nothing changed", () => {
    assert.deepEqual(counted({}), { yamlOf: 0, pipelineFilesOf: 0, resolvedJobOf: 0, jobChecks: 0 });
  });

  it("nothing for a file that nobody reads", () => {
    assert.deepEqual(counted({ "README.md": "new" }), { yamlOf: 0, pipelineFilesOf: 0, resolvedJobOf: 0, jobChecks: 0 });
  });

  it("one job for an edit in that job, although the jobs behind it move", () => {
    const change = { ".gitlab-ci.yml": PIPELINE("docker build --pull -t second .") };
    assert.deepEqual(counted(change), { yamlOf: 1, pipelineFilesOf: 0, resolvedJobOf: 1, jobChecks: 1 });
  });

  it("the jobs that extend a template for an edit in the template", () => {
    const change = { "ci/base.yml": BASE("docker:29.6.2") };
    assert.deepEqual(counted(change), { yamlOf: 1, pipelineFilesOf: 0, resolvedJobOf: 2, jobChecks: 2 });
  });

  it("of a job, what reads the keyword that an anchor changes", () => {
    const pipeline = (branch: string): string =>
      `.rules: &rules [{ if: $CI_COMMIT_BRANCH == "${branch}" }]\n${PIPELINE("docker build -t second .")}  rules: *rules\n`;
    const texts = { ...start, ".gitlab-ci.yml": pipeline("main") };
    const first = workspace(texts);
    const analysis = createAnalysis(first);
    analysis.report();
    const before = new Map(analysis.computed());
    analysis.update(workspace({ ...texts, ".gitlab-ci.yml": pipeline("master") }, first));
    analysis.report();
    const names = ["resolvedJobOf", "effectiveKeywordsOf", "jobChecks", "jobScripts", "commandsOfJob", "imageUsesOf"];
    assert.deepEqual(
      names.map((name) => (analysis.computed().get(name) ?? 0) - (before.get(name) ?? 0)),
      [1, 1, 1, 0, 0, 0],
    );
  });

  it("the jobs that call a script for an edit in the script", () => {
    const calling = { ...start, ".gitlab-ci.yml": PIPELINE("./ci/build.sh"), "ci/build.sh": "docker build .\n" };
    const first = workspace(calling);
    const analysis = createAnalysis(first);
    analysis.report();
    const before = new Map(analysis.computed());
    analysis.update(workspace({ ...calling, "ci/build.sh": "docker build\n" }, first));
    const [finding] = analysis.report().findings.filter(({ rule }) => rule === "build-context-missing");
    assert.deepEqual(finding?.at, { file: "ci/build.sh", start: 0, end: 12 });
    const names = ["yamlOf", "resolvedJobOf", "jobScripts", "jobChecks", "scriptFileOf"];
    assert.deepEqual(
      names.map((name) => (analysis.computed().get(name) ?? 0) - (before.get(name) ?? 0)),
      [0, 0, 1, 1, 1],
    );
  });
});
