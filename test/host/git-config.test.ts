// Git's configuration names the project: it is read where a rule asks for it, and only then.
import assert from "node:assert/strict";
import { createAnalysis, DEFAULT_SETTINGS, type Report } from "../../server/src/core/index";
import { createLoader, type Loader } from "../../server/src/host/load";
import { createNodeHost } from "../../server/src/host/node-host";
import { removeTemporaryFolders, temporaryFolder } from "./temporary-folder";

afterEach(removeTemporaryFolders);

const CONFIG = '[remote "origin"]\n\turl = https://me:secret@gitlab.example.com/group/app.git\n';
const LOGIN = "docker login -u gitlab-ci-token --password-stdin $CI_REGISTRY < token";

function settled(pipeline: string): { loader: Loader; report: Report } {
  const root = temporaryFolder({
    ".gitlab-ci.yml": pipeline,
    ".git/config": CONFIG,
    ".git/HEAD": "ref: x\n",
  });
  const loader = createLoader({ host: createNodeHost(root), settings: DEFAULT_SETTINGS });
  return { loader, report: loader.settle(createAnalysis(loader.workspace())) };
}

describe("Git's configuration", () => {
  it("tells the own project from others", () => {
    const { loader, report } = settled(
      `a:\n  image: docker:29.6.2-cli\n  script:\n    - ${LOGIN}\n    - docker push $CI_REGISTRY/group/app:1\n    - docker push $CI_REGISTRY/group/other:1\n`,
    );
    const found = report.findings.filter(({ rule }) => rule === "push-foreign-project");
    assert.deepEqual(
      found.map(({ severity, message }) => `${severity} ${message.slice(0, 30)}`),
      ["info `$CI_REGISTRY/group/app:1` is t", "warning `$CI_REGISTRY/group/other:1` lies"].map((text) =>
        text.slice(0, text.indexOf(" ") + 31),
      ),
    );
    assert.ok(loader.file(".git/config") !== undefined);
    assert.ok(!report.files.includes(".git/config"), "it is none of the files that are checked");
    assert.ok(!JSON.stringify(report).includes("secret"));
  });

  it("is not read where nobody asks, and nothing else of Git's folder is listed", () => {
    const { loader } = settled("a: { script: make }\n");
    assert.equal(loader.file(".git/config"), undefined);
    const paths = [...(loader.workspace().paths ?? [])].filter((path) => path.startsWith(".git/"));
    assert.deepEqual(paths, [".git/config"]);
  });
});
