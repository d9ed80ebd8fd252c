import { strict as assert } from "node:assert";
import {
  createSourceFile,
  jsonReport,
  textReport,
  type Finding,
  type ReportInput,
  type SourceFile,
} from "../../server/src/core/index";

const finding = (file: SourceFile, written: string, changes: Partial<Finding> = {}): Finding => {
  const start = file.text.indexOf(written);
  assert.notEqual(start, -1);
  return {
    rule: "dind-plain-port-with-tls",
    severity: "error",
    confidence: "certain",
    message: "Port 2375 is closed",
    at: { file: file.path, start, end: start + written.length },
    jobs: [],
    related: [],
    fixes: [],
    fingerprint: "f00d",
    ...changes,
  };
};

function input(
  files: readonly SourceFile[],
  findings: readonly Finding[],
  changes: Partial<ReportInput["report"]> = {},
): ReportInput {
  return {
    report: {
      findings,
      problems: [],
      files: files.map(({ path }) => path),
      jobs: 2,
      suppressed: 0,
      ...changes,
    },
    file: (path) => files.find((file) => file.path === path),
    root: "/repository",
    version: "1.2.3",
    ruleUrl: (rule) => `https://example.org/docs/rules/${rule}.md`,
    milliseconds: 30.6,
  };
}

const ci = createSourceFile(
  ".gitlab-ci.yml",
  "gitlab-ci",
  "build:\r\n  variables:\r\n    DOCKER_HOST: tcp://docker:2375\r\n  script:\r\n    - docker build -t a .\r\n",
);

/** The lines of a frame: source and carets. */
const frame = (text: string, written: string): readonly string[] => {
  const file = createSourceFile("f.yml", "gitlab-ci", text);
  return textReport(input([file], [finding(file, written)]), { colour: false, quiet: true })
    .trimEnd()
    .split("\n")
    .slice(2);
};

describe("text reporter", () => {
  it("shows the place, a frame, the jobs, related places and the fix", () => {
    const host = finding(ci, "tcp://docker:2375", {
      jobs: ["build", "test"],
      related: [{ at: { file: ".gitlab-ci.yml", start: 0, end: 5 }, message: "extends `.docker`" }],
      fixes: [{ title: "Use port 2376", safety: "safe", edits: [], creates: [] }],
    });
    assert.equal(
      textReport(input([ci], [host]), { colour: false }),
      `.gitlab-ci.yml:3:18 error[dind-plain-port-with-tls] Port 2375 is closed
  |
3 |     DOCKER_HOST: tcp://docker:2375
  |                  ^^^^^^^^^^^^^^^^^
  = jobs: build, test
  = .gitlab-ci.yml:1:1: extends \`.docker\`
  = fixable with --fix: Use port 2376

1 file, 2 jobs: 1 error; 1 fixable with --fix
`,
    );
  });

  it("says of a suggested fix how it is applied", () => {
    const fixes: Finding["fixes"] = [{ title: "Do it", safety: "suggested", edits: [], creates: [] }];
    const text = textReport(input([ci], [finding(ci, "docker build", { fixes })]), { colour: false });
    assert.match(text, /= fixable with --fix-suggested: Do it\n\n1 file, 2 jobs: 1 error\n$/);
  });

  it("does not promise that a fix which only a person can choose is applied", () => {
    const fixes: Finding["fixes"] = [{ title: "Say so", safety: "manual", edits: [], creates: [] }];
    const text = textReport(input([ci], [finding(ci, "docker build", { fixes })]), { colour: false });
    assert.doesNotMatch(text, /fixable/);
  });

  it("shortens long lists of jobs", () => {
    const jobs = ["a", "b", "c", "d", "e", "f", "g", "h"];
    assert.match(
      textReport(input([ci], [finding(ci, "build", { jobs })]), { colour: false }),
      /= jobs: a, b, c, d, e, f and 2 more\n/,
    );
  });

  it("colours severities only when asked to", () => {
    const report = input([ci], [finding(ci, "build")]);
    assert.ok(textReport(report, { colour: true }).includes("\u001b[1;31merror\u001b[0m"));
    assert.ok(!textReport(report, { colour: false }).includes("\u001b"));
  });

  it("prints problems first, and one in a file that could not be read without a frame", () => {
    const problems: ReportInput["report"]["problems"] = [
      { message: "not read", at: { file: "big.yml", start: 0, end: 0 }, severity: "warning" },
    ];
    assert.equal(
      textReport(input([ci], [], { problems, suppressed: 2 }), { colour: false, hidden: 3 }),
      "big.yml:1:1 warning not read\n\n1 file, 2 jobs: no findings; 1 problem; 2 suppressed; 3 below --min-severity\n",
    );
  });

  it("says nothing at all when it is quiet and nothing was found", () => {
    assert.equal(textReport(input([ci], []), { colour: true, quiet: true }), "");
  });
});

describe("code frames", () => {
  it("put carets below the text behind tabs", () => {
    assert.deepEqual(frame("a:\n\tx\tWRONG\n", "WRONG"), ["2 |     x   WRONG", "  |         ^^^^^"]);
  });

  it("count wide, astral and combining characters as a terminal does", () => {
    assert.deepEqual(frame("名: 😀 e\u0301 WRONG\n", "WRONG"), [
      "1 | 名: 😀 e\u0301 WRONG",
      "  |          ^^^^^",
    ]);
    assert.deepEqual(frame("a: 😀名\n", "😀名"), ["1 | a: 😀名", "  |    ^^^^"]);
  });

  it("show the first line of a place that goes over several", () => {
    assert.deepEqual(frame("a: one  \nb: two\n", "one  \nb"), ["1 | a: one", "  |    ^^^"]);
  });

  it("point behind the end of a line", () => {
    const file = createSourceFile("f.yml", "gitlab-ci", "a:\n");
    const empty = { ...finding(file, "a:"), at: { file: "f.yml", start: 2, end: 2 } };
    const text = textReport(input([file], [empty]), { colour: false, quiet: true });
    assert.ok(text.endsWith("1 | a:\n  |   ^\n"), text);
  });

  it("cut long lines around the place", () => {
    const [source = "", marker = ""] = frame(`${"x".repeat(5000)}WRONG${"y".repeat(5000)}`, "WRONG");
    assert.ok(source.length < 200 && source.includes("…") && source.endsWith("…"));
    assert.equal(source.slice(marker.indexOf("^"), marker.lastIndexOf("^") + 1), "WRONG");
  });

  it("let no file move the cursor or turn the writing direction", () => {
    const evil = "a: \u001b[2JWRONG\u202e \u0007\u009b1m";
    const file = createSourceFile("f\u001b[2J.yml", "gitlab-ci", evil);
    const message = "evil \u001b[31m\nmessage";
    const text = textReport(
      input([file], [finding(file, "WRONG", { message, jobs: ["\u001b]0;x\u0007"] })]),
      { colour: false },
    );
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    assert.match(text, /␛\[2JWRONG/);
  });
});

describe("JSON reporter", () => {
  it("has exactly the shape of the contract", () => {
    const made = finding(ci, "tcp://docker:2375", {
      jobs: ["build"],
      related: [{ at: { file: ".gitlab-ci.yml", start: 0, end: 5 }, message: "here" }],
      fixes: [
        {
          title: "Use port 2376",
          safety: "safe",
          edits: [{ file: ".gitlab-ci.yml", start: 0, end: 5, newText: "x" }],
          creates: [{ file: "new.yml", text: "a: 1\n" }],
        },
      ],
    });
    const problems: ReportInput["report"]["problems"] = [
      { message: "not read", at: { file: "big.yml", start: 0, end: 0 }, severity: "warning" },
    ];
    const beginning = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
    const name = { start: { line: 1, column: 1 }, end: { line: 1, column: 6 } };
    assert.deepEqual(JSON.parse(jsonReport(input([ci], [made], { problems }))), {
      version: 1,
      root: "/repository",
      tool: { name: "gitlab-ci-docker", version: "1.2.3" },
      findings: [
        {
          rule: "dind-plain-port-with-tls",
          severity: "error",
          confidence: "certain",
          message: "Port 2375 is closed",
          file: ".gitlab-ci.yml",
          range: { start: { line: 3, column: 18 }, end: { line: 3, column: 35 } },
          jobs: ["build"],
          related: [{ file: ".gitlab-ci.yml", range: name, message: "here" }],
          fixes: [
            {
              title: "Use port 2376",
              safety: "safe",
              edits: [
                { file: ".gitlab-ci.yml", range: name, newText: "x" },
                { file: "new.yml", range: beginning, newText: "a: 1\n", create: true },
              ],
            },
          ],
          fingerprint: "f00d",
          url: "https://example.org/docs/rules/dind-plain-port-with-tls.md",
        },
      ],
      problems: [{ file: "big.yml", range: beginning, severity: "warning", message: "not read" }],
      summary: { files: 1, jobs: 2, error: 1, warning: 0, info: 0, hint: 0, suppressed: 0, milliseconds: 31 },
    });
  });

  it("counts columns in UTF-16 units, from 1", () => {
    const file = createSourceFile("f.yml", "gitlab-ci", "😀 WRONG");
    const { findings } = JSON.parse(jsonReport(input([file], [finding(file, "WRONG")]))) as {
      findings: { range: { start: unknown } }[];
    };
    assert.deepEqual(findings[0]?.range.start, { line: 1, column: 4 });
  });
});
