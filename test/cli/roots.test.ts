// `check` with folders: which of them are roots, and roots within each other.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fakeAnalysis } from "../host/fake-analysis";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { runCommand } from "./run-command";

afterEach(removeTemporaryFolders);

interface JsonReport {
  readonly root: string;
  readonly findings: readonly { readonly file: string }[];
  readonly problems: readonly { readonly file: string }[];
}

async function found(cwd: string, ...paths: readonly string[]): Promise<readonly [string, ...string[]]> {
  const words = ["check", ...paths, "--format", "json"];
  const { out } = await runCommand(cwd, words, { createAnalysis: fakeAnalysis });
  // The shape is what the reporters' own tests prove.
  const { root, findings, problems } = JSON.parse(out) as JsonReport;
  return [root, ...[...problems, ...findings].map(({ file }) => file)];
}

describe("check: the root of a folder", () => {
  const files = {
    ".git/HEAD": "",
    ".gitlab-ci.yml": "BAD\nwant: sub/a.yml\n",
    "sub/a.yml": "BAD BROKEN",
    "sub/Dockerfile": "BAD",
    "subway/Dockerfile": "BAD",
    "example/.gitlab-ci.yml": "UGLY",
    "example/inner/Dockerfile": "BAD",
    "set/.gitlab-ci-docker.yml": "",
    "set/Dockerfile": "UGLY",
  };

  it("is the repository around it, and only what lies below the folder is told", async () => {
    const root = temporaryFolder(files);
    const below = [root, "sub/a.yml", "sub/Dockerfile", "sub/a.yml"];
    assert.deepEqual([...(await found(root, "sub"))].sort(), [...below].sort());
    assert.deepEqual([...(await found(join(root, "sub")))].sort(), [...below].sort());
    assert.deepEqual(await found(root, "example/inner"), [root, "example/inner/Dockerfile"]);
  });

  it("is the folder where it has a pipeline or a configuration of its own", async () => {
    const root = temporaryFolder(files);
    assert.deepEqual(await found(root, "example"), [
      join(root, "example"),
      ".gitlab-ci.yml",
      "inner/Dockerfile",
    ]);
    assert.deepEqual(await found(root, "set"), [join(root, "set"), "Dockerfile"]);
  });

  it("is the folder where nothing is around it", async () => {
    const root = temporaryFolder({ "a/Dockerfile": "BAD" });
    assert.deepEqual(await found(root, "a"), [join(root, "a"), "Dockerfile"]);
  });
});

describe("check: roots within each other", () => {
  const files = { ".gitlab-ci.yml": "BAD", "sub/.gitlab-ci.yml": "BAD\nUGLY\n", "sub/Dockerfile": "BAD" };

  it("each finding is told once", async () => {
    const root = temporaryFolder(files);
    for (const paths of [
      [".", "sub"],
      ["sub", "."],
      [".", "./", "sub/", "sub/Dockerfile"],
    ]) {
      assert.deepEqual(
        [...(await found(root, ...paths))].sort(),
        [root, ".gitlab-ci.yml", "sub/.gitlab-ci.yml", "sub/.gitlab-ci.yml", "sub/Dockerfile"].sort(),
        paths.join(" "),
      );
    }
  });

  it("--fix writes all of them", async () => {
    const root = temporaryFolder(files);
    const words = ["check", "--fix", ".", "sub"];
    const { code, err } = await runCommand(root, words, { createAnalysis: fakeAnalysis });
    assert.deepEqual([code, err], [1, "fixed 1 finding\nfixed 2 findings\n"]);
    assert.equal(readFileSync(join(root, "sub/.gitlab-ci.yml"), "utf8"), "good\nbetter\nUGLY\n");
  });
});
