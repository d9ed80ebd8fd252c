// `check` where something could not be read: its exit code, what it prints, and what it says of files that it does not
// check.
import { strict as assert } from "node:assert";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { runCommand } from "./run-command";

afterEach(removeTemporaryFolders);

interface Problems {
  readonly problems: readonly { readonly file: string; readonly severity: string }[];
}

// The shape is what the reporters' own tests prove.
const problemsOf = (json: string): Problems["problems"] => (JSON.parse(json) as Problems).problems;

const FINE = "build:\n  script:\n    - make\n";

describe("check: what could not be read does not pass for clean", () => {
  const broken: readonly (readonly [string, Readonly<Record<string, string | Buffer>>])[] = [
    ["a syntax error", { ".gitlab-ci.yml": "build:\n  script: [make\n" }],
    ["an include that is missing", { ".gitlab-ci.yml": `include: /gone.yml\n${FINE}` }],
    ["a file that is too large", { ".gitlab-ci.yml": `# ${"x".repeat(6 * 1024 * 1024)}\n${FINE}` }],
    ["a file that is no text", { ".gitlab-ci.yml": Buffer.from([0, 1, 2]) }],
  ];
  for (const [what, files] of broken) {
    it(what, async () => {
      const root = temporaryFolder(files);
      const { code, out } = await runCommand(root, ["check", "--format", "json"]);
      assert.equal(code, 1, out);
      assert.equal(problemsOf(out).length, 1);
      assert.equal((await runCommand(root, ["check", "--fail-on", "never"])).code, 0);
    });
  }

  it("as far as --fail-on goes", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": FINE, Dockerfile: Buffer.from([0]) });
    const { code, out } = await runCommand(root, ["check", "--format", "json"]);
    assert.deepEqual([code, problemsOf(out)[0]?.severity], [1, "warning"]);
    assert.equal((await runCommand(root, ["check", "--fail-on", "error"])).code, 0);
  });

  it("what is merely out of reach is a hint, and hidden on demand", async () => {
    const root = temporaryFolder({
      ".gitlab-ci.yml": `include:\n  - { project: group/templates, file: /a.yml }\n${FINE}`,
    });
    const all = await runCommand(root, ["check", "--format", "json"]);
    assert.deepEqual([all.code, problemsOf(all.out).map(({ severity }) => severity)], [0, ["hint"]]);
    const few = await runCommand(root, ["check", "--format", "json", "--min-severity", "error"]);
    assert.deepEqual(problemsOf(few.out), []);
    const { out } = await runCommand(root, ["check", "--min-severity", "info"]);
    assert.equal(out, "1 file, 1 job: no findings; 1 below --min-severity\n");
  });
});

describe("check: files that are named and not checked", () => {
  const files = {
    ".git/HEAD": "",
    ".gitlab-ci.yml": `include: /ci/used.yml\n${FINE}`,
    ".gitlab-ci-docker.yml": "ignore: [vendor/**]\n",
    "README.md": "",
    "ci/used.yml": FINE,
    "ci/unused.yml": FINE,
    "vendor/Dockerfile": "FROM scratch\n",
    "Dockerfile.j2": "FROM {{ base }}\n",
    "broken/Dockerfile": Buffer.from([0]),
  };
  const remarks: Readonly<Record<string, RegExp>> = {
    "README.md": /^gitlab-ci-docker: `README\.md` was not checked: it is no pipeline, /,
    "ci/unused.yml": /^gitlab-ci-docker: `ci\/unused\.yml` was not checked: no pipeline includes it\n$/,
    "vendor/Dockerfile": /: the configuration ignores it\n$/,
    "Dockerfile.j2": /: it is no pipeline, no Dockerfile /,
    "/dev/null": /^gitlab-ci-docker: `\/dev\/null` was not checked: /,
    ".gitlab-ci.yml": /^$/,
    ".gitlab-ci-docker.yml": /^$/,
    "ci/used.yml": /^$/,
    "broken/Dockerfile": /^$/,
  };
  for (const [path, remark] of Object.entries(remarks)) {
    it(path, async () =>
      assert.match((await runCommand(temporaryFolder(files), ["check", path])).err, remark),
    );
  }

  it("also of standard input", async () => {
    const words = ["check", "--stdin", "--stdin-filename", "README.md"];
    assert.match((await runCommand(temporaryFolder(files), words)).err, /`README\.md` was not checked/);
  });

  it("a hyphen is told of --stdin", async () => {
    const { code, err } = await runCommand(temporaryFolder({}), ["check", "-"]);
    assert.equal(code, 2);
    assert.match(err, /`-`; `--stdin` checks standard input\n/);
  });
});
