// `check --fix` at its borders: files that must not be written, fixes that do not help, what is said about it.
import { strict as assert } from "node:assert";
import { chmodSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Io } from "../../server/src/cli/io";
import type { Fix } from "../../server/src/core/index";
import { fakeAnalysis } from "../host/fake-analysis";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { runCommand, type Outcome } from "./run-command";

afterEach(removeTemporaryFolders);

const run = (root: string, words: readonly string[], changes: Partial<Io> = {}): Promise<Outcome> =>
  runCommand(root, ["check", ...words], { createAnalysis: fakeAnalysis, ...changes });

/** The fake analysis with other fixes for all that it finds. */
const fixedBy =
  (fixes: (file: string) => readonly Fix[]): Io["createAnalysis"] =>
  (workspace) => {
    const fake = fakeAnalysis(workspace);
    const report = (): ReturnType<typeof fake.report> => {
      const made = fake.report();
      return { ...made, findings: made.findings.map((each) => ({ ...each, fixes: fixes(each.at.file) })) };
    };
    return { ...fake, report };
  };

describe("check: fixing, at its borders", () => {
  it("a file that is read-only is not replaced, and nothing else is written either", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "a: BAD\n", Dockerfile: "BAD" });
    chmodSync(join(root, "Dockerfile"), 0o444);
    const { code, err } = await run(root, ["--fix"]);
    assert.equal(code, 2);
    assert.match(err, /Dockerfile` can't be written: EACCES: the file is read-only\n$/);
    assert.equal(readFileSync(join(root, "Dockerfile"), "utf8"), "BAD");
    assert.equal(readFileSync(join(root, ".gitlab-ci.yml"), "utf8"), "a: BAD\n");
    assert.equal(statSync(join(root, "Dockerfile")).mode & 0o777, 0o444);
  });

  it("a fix that does not help is made once, another of the same words too", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "BAD BAD", Dockerfile: "BAD" });
    const createAnalysis = fixedBy((file) => [
      { title: "Add x", safety: "safe", edits: [{ file, start: 0, end: 0, newText: "x" }], creates: [] },
    ]);
    await run(root, ["--fix"], { createAnalysis });
    assert.equal(readFileSync(join(root, "Dockerfile"), "utf8"), "xBAD");
    assert.equal(readFileSync(join(root, ".gitlab-ci.yml"), "utf8"), "xBAD BAD");
  });

  it("standard input: a fix that needs another file is not made, and not counted", async () => {
    const root = temporaryFolder({ ".git/HEAD": "", ".gitlab-ci.yml": "fine\n", Dockerfile: "" });
    const createAnalysis = fixedBy((file) => [
      {
        title: "Both",
        safety: "suggested",
        edits: [file, ".gitlab-ci.yml"].map((each) => ({ file: each, start: 0, end: 0, newText: "x" })),
        creates: [],
      },
      { title: "New", safety: "suggested", edits: [], creates: [{ file: "new.yml", text: "" }] },
    ]);
    const words = ["--stdin", "--stdin-filename", "Dockerfile", "--fix-suggested"];
    const { out, err, code } = await run(root, words, { createAnalysis, input: () => Buffer.from("BAD") });
    assert.equal(out, "BAD");
    assert.match(err, /BAD is written here/);
    assert.equal(code, 1);
    assert.equal(readFileSync(join(root, ".gitlab-ci.yml"), "utf8"), "fine\n");
  });

  it("--diff says how many findings would be fixed", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "a: BAD\nb: BAD\n" });
    assert.equal((await run(root, ["--diff"])).err, "2 findings would be fixed\n");
    assert.equal((await run(root, ["--diff", "--quiet"])).err, "");
    const fine = temporaryFolder({ ".gitlab-ci.yml": "fine\n" });
    assert.equal((await run(fine, ["--diff"])).err, "0 findings would be fixed\n");
  });

  it("--diff leaves standard output to nobody else", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "BAD\n" });
    const { code, err } = await run(root, ["--diff", "--format", "json"]);
    assert.equal(code, 2);
    assert.match(err, /`--diff` prints the diff; give `--format json` an `--output`/);
    const { out } = await run(root, ["--diff", "--format", "json", "--output", "report.json"]);
    assert.match(out, /^--- a\/\.gitlab-ci\.yml\n/);
    assert.match(readFileSync(join(root, "report.json"), "utf8"), /BAD is written here/);
  });
});
