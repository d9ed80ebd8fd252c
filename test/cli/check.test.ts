// The command line in this process, with an analysis that the test itself feeds.
import { strict as assert } from "node:assert";
import { chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Io } from "../../server/src/cli/io";
import { fakeAnalysis } from "../host/fake-analysis";
import { removeTemporaryFolders, temporaryFolder } from "../host/temporary-folder";
import { runCommand, type Outcome } from "./run-command";

afterEach(removeTemporaryFolders);

/** As much of the JSON report as these tests look at. */
interface JsonReport {
  readonly root: string;
  readonly findings: readonly {
    readonly file: string;
    readonly range: { readonly start: { readonly line: number } };
    readonly fixes: readonly { readonly edits: readonly { readonly file: string }[] }[];
  }[];
  readonly summary: { readonly jobs: number };
}

// The shape is what the reporters' own tests prove.
const reportOf = (json: string): JsonReport => JSON.parse(json) as JsonReport;

const command = (cwd: string, words: readonly string[], changes: Partial<Io> = {}): Promise<Outcome> =>
  runCommand(cwd, words, { createAnalysis: fakeAnalysis, ...changes });

describe("check: exit codes", () => {
  const cases: readonly (readonly [string, string, readonly string[], number])[] = [
    ["nothing found", "fine", [], 0],
    ["an error", "BAD", [], 1],
    ["a warning", "UGLY", [], 1],
    ["a hint", "NOTE", [], 0],
    ["a warning, failing on errors only", "UGLY", ["--fail-on", "error"], 0],
    ["an error, never failing", "BAD", ["--fail-on=never"], 0],
    ["a warning that is not shown still fails", "UGLY", ["--min-severity", "error"], 1],
    ["a finding of another rule", "BAD", ["--rule", "tag-unsafe-ref"], 0],
    ["a finding of one of the rules", "BAD", ["--rule=tag-unsafe-ref,build-context-missing"], 1],
    ["a fault inside a rule", "FAULT", [], 3],
    ["a crash", "CRASH", [], 3],
    ["an unknown option", "fine", ["--formt"], 2],
    ["an unknown format", "fine", ["--format", "jsn"], 2],
    ["an unknown rule", "fine", ["--rule", "tag-unsafe-rev"], 2],
    ["a switch with a value", "fine", ["--fix=yes"], 2],
    ["a missing value", "fine", ["--config"], 2],
    ["a path that isn't there", "fine", ["gone"], 2],
    ["a configuration that isn't there", "fine", ["--config", "gone.yml"], 2],
    ["two formats for one place", "fine", ["--format", "text", "--format", "json"], 2],
    ["standard input and a path", "fine", ["--stdin", "."], 2],
  ];
  for (const [what, text, words, code] of cases) {
    it(`${what}: ${code}`, async () => {
      const root = temporaryFolder({ ".gitlab-ci.yml": text });
      const outcome = await command(root, ["check", ...words]);
      assert.equal(outcome.code, code, outcome.out + outcome.err);
      if (code === 2) assert.equal(outcome.out, "");
    });
  }

  it("a broken configuration: 2, and what was found is printed all the same", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "BAD", ".gitlab-ci-docker.yml": "BROKEN" });
    const { code, out } = await command(root, ["check"]);
    assert.equal(code, 2);
    assert.match(out, /\.gitlab-ci-docker\.yml:1:1 error broken/);
    assert.match(out, /BAD is written here/);
  });

  it("says the nearest right word", async () => {
    const root = temporaryFolder({});
    assert.match((await command(root, ["chek"])).err, /there is no command `chek`; did you mean `check`\?/);
    assert.match((await command(root, ["check", "--fomat", "json"])).err, /did you mean `--format`\?/);
    assert.match((await command(root, ["check", "--format", "jsn"])).err, /did you mean `json`\?/);
    assert.match(
      (await command(root, ["check", "--rule", "tag-unsafe-rev"])).err,
      /did you mean `tag-unsafe-ref`\?/,
    );
    assert.match((await command(root, ["explain", "tag-unsafe-rev"])).err, /did you mean `tag-unsafe-ref`\?/);
  });

  it("a fault tells what to report", async () => {
    const { err, out } = await command(temporaryFolder({ ".gitlab-ci.yml": "FAULT BAD" }), ["check"]);
    assert.match(err, /error in rule tag-unsafe-ref on \.gitlab-ci\.yml: Error: fault/);
    assert.match(out, /BAD is written here/);
    assert.match(
      (await command(temporaryFolder({ ".gitlab-ci.yml": "CRASH" }), ["check"])).err,
      /Please report[^]*the analysis crashed\n/,
    );
  });
});

describe("check: what is shown", () => {
  it("hides hints unless they are asked for, and says so", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "NOTE" });
    assert.match(
      (await command(root, ["check"])).out,
      /^1 file, 1 job: no findings; 1 below --min-severity\n$/,
    );
    assert.match((await command(root, ["check", "--min-severity", "hint"])).out, /1:1 hint/);
  });

  it("colours on a terminal, unless NO_COLOR says otherwise", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "BAD" });
    const coloured = async (changes: Partial<Io>) =>
      (await command(root, ["check"], changes)).out.includes("\u001b[");
    assert.equal(await coloured({}), false);
    assert.equal(await coloured({ outIsTerminal: true }), true);
    assert.equal(await coloured({ outIsTerminal: true, env: { NO_COLOR: "1" } }), false);
    assert.equal(await coloured({ outIsTerminal: true, env: { NO_COLOR: "" } }), true);
    assert.equal(await coloured({ outIsTerminal: true, env: { TERM: "dumb" } }), false);
    assert.equal(await coloured({ env: { FORCE_COLOR: "1" } }), true);
  });

  it("writes each format where it is told to", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "BAD" });
    const words = ["check", "--format", "json", "--output", "report.json", "--format", "text"];
    const { out } = await command(root, words, { outIsTerminal: true });
    assert.match(out, /BAD is written here/);
    assert.equal(reportOf(readFileSync(join(root, "report.json"), "utf8")).findings.length, 1);
    await command(root, ["check", "--output", "report.txt"], { outIsTerminal: true });
    assert.match(readFileSync(join(root, "report.txt"), "utf8"), /^\.gitlab-ci\.yml:1:1 error\[/);
  });

  it("--quiet prints findings only", async () => {
    assert.equal(
      (await command(temporaryFolder({ ".gitlab-ci.yml": "fine" }), ["check", "--quiet"])).out,
      "",
    );
  });
});

describe("check: paths", () => {
  it("a file: its repository is read, only its own findings are shown", async () => {
    const root = temporaryFolder({ ".git/HEAD": "", ".gitlab-ci.yml": "BAD", "sub/Dockerfile": "UGLY" });
    const { out, code } = await command(join(root, "sub"), ["check", "Dockerfile", "--format", "json"]);
    const report = reportOf(out);
    assert.equal(code, 1);
    assert.equal(report.root, root);
    assert.deepEqual(
      report.findings.map((each) => each.file),
      ["sub/Dockerfile"],
    );
  });

  it("several folders: one report, with paths below the folder that holds them", async () => {
    const root = temporaryFolder({ "a/.gitlab-ci.yml": "BAD", "b/.gitlab-ci.yml": "\nUGLY" });
    const report = reportOf((await command(root, ["check", "a", "b", "--format", "json"])).out);
    assert.equal(report.root, root);
    assert.deepEqual(
      report.findings.map((each) => `${each.file}:${each.range.start.line}`),
      ["a/.gitlab-ci.yml:1", "b/.gitlab-ci.yml:2"],
    );
    assert.equal(report.findings[0]?.fixes[0]?.edits[0]?.file, "a/.gitlab-ci.yml");
    assert.equal(report.summary.jobs, 2);
  });

  it("nothing outside of the folder is read, also not through a link", async () => {
    const outside = temporaryFolder({ "secret.yml": "BAD SECRET" });
    const root = temporaryFolder({ ".gitlab-ci.yml": "want: link.yml\nwant: ../x.yml\n" });
    symlinkSync(join(outside, "secret.yml"), join(root, "link.yml"));
    const { out, code } = await command(root, ["check"]);
    assert.equal(code, 0);
    assert.doesNotMatch(out, /SECRET/);
  });
});

describe("check: fixing", () => {
  it("--fix writes safe fixes, keeping line breaks, byte order mark and mode", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "\ufeffa: BAD\r\nb: UGLY\r\n" });
    chmodSync(join(root, ".gitlab-ci.yml"), 0o640);
    const { code, out, err } = await command(root, ["check", "--fix"]);
    assert.equal(
      readFileSync(join(root, ".gitlab-ci.yml"), "utf8"),
      "\ufeffa: good\r\nbetter\r\nb: UGLY\r\n",
    );
    assert.equal(code, 1);
    assert.match(err, /^fixed 1 finding\n$/);
    assert.match(out, /\.gitlab-ci\.yml:3:4 warning/);
  });

  it("--fix-suggested writes all fixes", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "a: BAD\nb: UGLY\n" });
    assert.equal((await command(root, ["check", "--fix-suggested"])).code, 0);
    assert.equal(readFileSync(join(root, ".gitlab-ci.yml"), "utf8"), "a: good\nbetter\nb: pretty\n");
  });

  it("--diff prints what --fix would do, and does nothing", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "a: BAD\r\nb: UGLY\r\n" });
    const { code, out } = await command(root, ["check", "--diff"]);
    assert.equal(
      out,
      "--- a/.gitlab-ci.yml\n+++ b/.gitlab-ci.yml\n@@ -1,2 +1,3 @@\n-a: BAD\r\n+a: good\r\n+better\r\n b: UGLY\r\n",
    );
    assert.equal(code, 1);
    assert.equal(readFileSync(join(root, ".gitlab-ci.yml"), "utf8"), "a: BAD\r\nb: UGLY\r\n");
  });

  it("does not write a file whose bytes it could not write back", async () => {
    const bytes = Buffer.from([...Buffer.from("a: BAD # "), 0xe4, 10]);
    const root = temporaryFolder({ ".gitlab-ci.yml": bytes });
    assert.equal((await command(root, ["check", "--fix"])).code, 1);
    assert.deepEqual(readFileSync(join(root, ".gitlab-ci.yml")), bytes);
  });

  it("does not write over what somebody else wrote meanwhile", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "a: BAD\n" });
    const { code, err } = await command(root, ["check", "--fix"], {
      createAnalysis: (workspace) => {
        const real = fakeAnalysis(workspace);
        const report = () => {
          writeFileSync(join(root, ".gitlab-ci.yml"), "a: BAD # mine\n");
          return real.report();
        };
        return { ...real, report };
      },
    });
    assert.equal(code, 2);
    assert.match(err, /changed while it was checked/);
    assert.equal(readFileSync(join(root, ".gitlab-ci.yml"), "utf8"), "a: BAD # mine\n");
  });

  it("stops where fixes go on making work for each other", async () => {
    const root = temporaryFolder({ ".gitlab-ci.yml": "BAD" });
    let rounds = 0;
    const { code } = await command(root, ["check", "--fix"], {
      createAnalysis: (workspace) => {
        const real = fakeAnalysis(workspace);
        return {
          ...real,
          report: () => {
            rounds += 1;
            const report = real.report();
            const at = { file: ".gitlab-ci.yml", start: 0, end: 0 };
            const newText = String(rounds % 10);
            const fixes = [
              { title: "again", safety: "safe" as const, edits: [{ ...at, newText }], creates: [] },
            ];
            const [finding] = report.findings;
            return { ...report, findings: finding === undefined ? [] : [{ ...finding, at, fixes }] };
          },
        };
      },
    });
    assert.equal(code, 1);
    assert.equal(rounds, 11);
    assert.equal(readFileSync(join(root, ".gitlab-ci.yml"), "utf8"), "0987654321BAD");
  });
});

describe("check: standard input", () => {
  const input = (text: string): Partial<Io> => ({ input: () => Buffer.from(text) });

  it("stands for a file of its repository", async () => {
    const root = temporaryFolder({ ".git/HEAD": "", ".gitlab-ci.yml": "BAD", "other.yml": "UGLY" });
    const { out, code } = await command(
      root,
      ["check", "--stdin", "--stdin-filename", ".gitlab-ci.yml"],
      input("\n\nwant: other.yml\nBAD"),
    );
    assert.equal(code, 1);
    assert.match(out, /\.gitlab-ci\.yml:4:1 error/);
    assert.doesNotMatch(out, /other\.yml/);
  });

  it("says what it is by its text where it has no name", async () => {
    const root = temporaryFolder({});
    for (const [text, name] of [
      ["FROM a\n# BAD", "Dockerfile"],
      ["# syntax\nARG A\n# BAD", "Dockerfile"],
      ["[[runners]] # BAD", "config.toml"],
      ["build: BAD", ".gitlab-ci.yml"],
    ] as const) {
      const { out } = await command(root, ["check", "--stdin", "--format", "json"], input(text));
      assert.deepEqual(
        reportOf(out).findings.map((each) => each.file),
        [name],
      );
    }
  });

  it("with --fix gives the fixed text, findings go to standard error", async () => {
    const root = temporaryFolder({});
    const { out, err } = await command(root, ["check", "--stdin", "--fix"], input("a: BAD\r\nb: UGLY\r\n"));
    assert.equal(out, "a: good\r\nbetter\r\nb: UGLY\r\n");
    assert.match(err, /:3:4 warning/);
    assert.equal((await command(root, ["check", "--stdin", "--fix"], input("fine"))).out, "fine");
    assert.equal(existsSync(join(root, ".gitlab-ci.yml")), false);
  });

  it("must be text", async () => {
    const { code } = await command(temporaryFolder({}), ["check", "--stdin"], {
      input: () => Buffer.from([0, 1]),
    });
    assert.equal(code, 2);
  });
});

describe("the other commands", () => {
  it("--help, --version", async () => {
    const help = await command("/", ["--help"]);
    assert.equal(help.code, 0);
    for (const word of ["check [PATH…]", "explain RULE", "--fail-on", "--stdin-filename"])
      assert.ok(help.out.includes(word), word);
    assert.match((await command("/", ["check", "--help"])).out, /^Checks the folders or files/);
    assert.match((await command("/", ["--version"])).out, /^\d+\.\d+\.\d+\n$/);
    assert.equal((await command("/", [])).code, 2);
  });

  it("rules lists each rule once", async () => {
    const { out, code } = await command("/", ["rules"]);
    const { out: json } = await command("/", ["rules", "--format", "json"]);
    const ids = (JSON.parse(json) as { id: string }[]).map(({ id }) => id);
    assert.equal(code, 0);
    assert.ok(ids.includes("tag-unsafe-ref"));
    assert.deepEqual(
      out
        .trim()
        .split("\n")
        .map((line) => line.split(" ")[0]),
      ids,
    );
  });

  it("explain prints the rule's page", async () => {
    const { out, code } = await command("/", ["explain", "tag-unsafe-ref"]);
    assert.equal(code, 0);
    assert.match(out, /^# tag-unsafe-ref\n/);
  });
});
