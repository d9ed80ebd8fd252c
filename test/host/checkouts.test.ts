// Checkouts of other projects that lie outside the root: read where the user named them, and nothing beside them.
import assert from "node:assert/strict";
import { symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createAnalysis, DEFAULT_SETTINGS, type Report } from "../../server/src/core/index";
import { createLoader, type Loader } from "../../server/src/host/load";
import { createNodeHost } from "../../server/src/host/node-host";
import { removeTemporaryFolders, temporaryFolder } from "./temporary-folder";

afterEach(removeTemporaryFolders);

const INCLUDE = "include:\n  - project: group/ci\n    file: [a.yml, linked.yml]\n";

function settled(
  root: string,
  projects: ReadonlyMap<string, string> = new Map(),
): { loader: Loader; report: Report } {
  const loader = createLoader({
    host: createNodeHost(root),
    settings: { ...DEFAULT_SETTINGS, includeProjects: projects },
  });
  return { loader, report: loader.settle(createAnalysis(loader.workspace())) };
}

const messages = ({ problems }: Report): readonly string[] => problems.map(({ message }) => message);

describe("a checkout outside the root", () => {
  const configured = (checkout: string): string =>
    temporaryFolder({
      ".gitlab-ci.yml": INCLUDE,
      ".gitlab-ci-docker.yml": `include: { projects: { group/ci: ${checkout} } }\n`,
    });

  it("is read where the configuration file names it, and is never written", () => {
    const checkout = temporaryFolder({
      "a.yml": "a: { script: docker build . }\n",
      "linked.yml": "b: { script: echo }\n",
      Dockerfile: "FROM x\n",
      "other.gitlab-ci.yml": "c: { script: echo }\n",
    });
    const folder = `../${basename(checkout)}`;
    const { loader, report } = settled(configured(folder));
    assert.deepEqual(report.files, [`${folder}/a.yml`, `${folder}/linked.yml`, ".gitlab-ci.yml"]);
    assert.deepEqual(messages(report), []);
    assert.equal(loader.raw(`${folder}/a.yml`)?.lossless, false);
  });

  it("is read where the editor's settings name it, by an absolute path too", () => {
    const checkout = temporaryFolder({
      "a.yml": "a: { script: echo }\n",
      "linked.yml": "b: { script: echo }\n",
    });
    const { report } = settled(
      temporaryFolder({ ".gitlab-ci.yml": INCLUDE }),
      new Map([["group/ci", checkout]]),
    );
    assert.deepEqual(report.files, [".gitlab-ci.yml", `${checkout}/a.yml`, `${checkout}/linked.yml`].sort());
  });

  it("does not open a way to its neighbours", () => {
    const secret = temporaryFolder({ "a.yml": "secret: { script: echo }\n" });
    const checkout = temporaryFolder({ "a.yml": "include: x/../../a.yml\na: { script: echo }\n" });
    symlinkSync(join(secret, "a.yml"), join(checkout, "linked.yml"));
    const { loader, report } = settled(configured(`../${basename(checkout)}`));
    assert.deepEqual(report.files, [`../${basename(checkout)}/a.yml`, ".gitlab-ci.yml"]);
    assert.equal(loader.file(`../${basename(secret)}/a.yml`), undefined);
    assert.ok(
      messages(report).some((message) => message.includes("`linked.yml` does not exist in the checkout")),
    );
  });

  it("is not read where nobody names it", () => {
    const checkout = temporaryFolder({ "a.yml": "a: { script: echo }\n" });
    const { report } = settled(
      temporaryFolder({ ".gitlab-ci.yml": `include: ../${basename(checkout)}/a.yml\n` }),
    );
    assert.deepEqual(report.files, [".gitlab-ci.yml"]);
  });

  it("is looked into again for a file that was not there", () => {
    const checkout = temporaryFolder({ "a.yml": "a: { script: echo }\n" });
    const { loader } = settled(configured(`../${basename(checkout)}`));
    writeFileSync(join(checkout, "linked.yml"), "b: { script: echo }\n");
    const report = loader.settle(createAnalysis(loader.workspace()));
    assert.deepEqual(messages(report), []);
  });
});
