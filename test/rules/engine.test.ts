// What the engine does around every rule: one finding for many jobs, severities, suppression, fingerprints, the guard.
import assert from "node:assert/strict";
import type { Finding, RuleContext, Subject } from "../../server/src/core/rules/rule";
import { defineRule, looksAt } from "../../server/src/core/rules/rule";
import { checkSubject, lower, type Check } from "../../server/src/core/rules/run";
import { fewRelated } from "../../server/src/core/rules/related";
import { hashText } from "../../server/src/core/rules/fingerprint";
import { DEFAULT_SETTINGS } from "../../server/src/core/settings/settings";
import { findSuppressions } from "../../server/src/core/syntax/comments";
import { analyse, toSettings, type Files } from "../support/analyse";

const LOGIN = "docker login -u a -p b";
const pipeline = (...lines: readonly string[]): Files => ({ ".gitlab-ci.yml": `${lines.join("\n")}\n` });

function logins(files: Files, settings: unknown = {}): readonly Finding[] {
  return analyse(files, toSettings(settings)).findings.filter((finding) => finding.rule === "login-password-flag");
}

describe("findings", () => {
  it("are one for a template that many jobs extend, with all jobs and one line for their way", () => {
    const jobs = Array.from({ length: 50 }, (_, index) => [`job${index}:`, "  extends: .login", "  script: 'true'"]).flat();
    const [finding, ...others] = logins(pipeline(".login:", `  before_script: [${LOGIN}]`, ...jobs));
    assert.equal(others.length, 0);
    assert.equal(finding?.jobs.length, 50);
    assert.equal(finding.jobs[0], "job0");
    assert.deepEqual(finding.related.map(({ message }) => message), ["used by 50 jobs through `extends`"]);
  });

  it("have ten related places at most, and say how many there are more", () => {
    const places = Array.from({ length: 50 }, (_, at) => ({ at: { file: "a", start: at, end: at + 1 }, message: `place ${at}` }));
    const related = fewRelated(places);
    assert.equal(related.length, 10);
    assert.equal(related.at(-1)?.message, "place 9 and 40 more");
  });

  it("come in order of file, place and rule", () => {
    const { findings } = analyse({
      ...pipeline("b:", "  stage: nowhere", `  script: [${LOGIN}, "docker build -t x"]`),
      "Dockerfile": 'FROM a\nCOPY b\nCMD ["a" "b"]\n',
    });
    const keys = findings.map(({ at, rule }) => `${at.file} ${String(at.start).padStart(6, "0")} ${rule}`);
    assert.ok(keys.length >= 5);
    assert.deepEqual(keys, [...keys].sort());
  });

  it("keep their fingerprint when lines above them change, and equal texts have different ones", () => {
    const before = logins(pipeline("a:", "  script:", `    - ${LOGIN}`, `    - ${LOGIN}`));
    const after = logins(pipeline("# a comment", "other: { script: 'true' }", "a:", "  script:", `    - ${LOGIN}`, `    - ${LOGIN}`));
    assert.equal(before.length, 2);
    assert.deepEqual(before.map(({ fingerprint }) => fingerprint), after.map(({ fingerprint }) => fingerprint));
    assert.notEqual(before[0]?.fingerprint, before[1]?.fingerprint);
    assert.match(before[0]?.fingerprint ?? "", /^[0-9a-f]{16}$/);
  });

  it("unite the edits of all jobs that they are about", () => {
    const files = pipeline(".build:", "  image: docker:29.6.2-cli", "  script: docker info", "a: { extends: .build }", "b: { extends: .build }");
    const finding = analyse(files).findings.find((each) => each.rule === "dind-service-missing");
    const fix = finding?.fixes.find(({ title }) => title === "Add the service `docker:29.6.2-dind` with TLS");
    const text = fix?.edits.map(({ newText }) => newText).join("") ?? "";
    assert.deepEqual(finding?.jobs, ["a", "b"]);
    assert.equal(text.split("docker:29.6.2-dind").length - 1, 2);
  });
});

describe("severities", () => {
  it("are what the settings say, but hints stay hints", () => {
    const files = pipeline("a:", "  image: docker:29.6.2-cli", "  services: [docker:29.6.2-dind]", `  script: [${LOGIN}]`);
    const rules = { "login-password-flag": "error", "dind-not-privileged": "error" };
    const { findings } = analyse(files, toSettings({ rules }));
    assert.deepEqual(findings.map(({ rule, severity }) => [rule, severity]), [
      ["dind-not-privileged", "hint"],
      ["login-password-flag", "error"],
    ]);
    assert.equal(logins(files, { rules: { "login-password-flag": "off" } }).length, 0);
  });

  it("are lower for jobs that may fail, unless GitLab rejects the pipeline", () => {
    const { findings } = analyse(pipeline("a:", "  allow_failure: true", "  script: docker build -t x", "b:", "  allow_failure: true", "  script: [null, a]"));
    const severities = new Map(findings.map(({ rule, severity }) => [rule, severity]));
    assert.equal(severities.get("build-context-missing"), "warning");
    assert.equal(severities.get("ci-null-script-entry"), "error");
  });

  it("have nothing below a hint", () => assert.deepEqual(["error", "warning", "info", "hint"].map((each) => lower(each as "error")), ["warning", "info", "hint", "hint"]));
});

describe("suppression comments", () => {
  it("silence what begins on their line, and are counted", () => {
    const files = pipeline("a:", "  script:", `    - ${LOGIN} # gitlab-ci-docker-disable-line login-password-flag -- test`, `    - ${LOGIN}`);
    const report = analyse(files, DEFAULT_SETTINGS);
    assert.equal(report.findings.filter((each) => each.rule === "login-password-flag").length, 1);
    assert.equal(report.suppressed, 1);
  });

  it("work inside a script's block scalar", () => {
    const files = pipeline("a:", "  script:", "    - |", "      # gitlab-ci-docker-disable-next-line login-password-flag", `      ${LOGIN}`, `      ${LOGIN}`);
    assert.equal(logins(files).length, 1);
  });

  it("cover a continued command and a plain item over several lines, and no more", () => {
    const covered = (text: string): readonly [number, number] | undefined => {
      const [first] = findSuppressions(text);
      return first === undefined ? undefined : [first.firstLine, first.lastLine];
    };
    assert.deepEqual(covered("# gitlab-ci-docker-disable-next-line a-b\nRUN a \\\n  # c\n  b \\\n  c\nRUN d\n"), [1, 4]);
    assert.deepEqual(covered("# gitlab-ci-docker-disable-next-line a-b\n- docker build\n  -t x\n- next\n"), [1, 2]);
    assert.deepEqual(covered("# gitlab-ci-docker-disable-next-line a-b\n- name: x\n  script: y\n"), [1, 1]);
    assert.deepEqual(covered("# gitlab-ci-docker-disable-next-line a-b\n# why\nx: y\n"), [2, 2]);
    assert.deepEqual(covered("x#gitlab-ci-docker-disable-line a-b\n"), undefined);
  });
});

describe("the guard", () => {
  const failing = defineRule({
    id: "always-fails",
    title: "Fails",
    severity: "error",
    since: "0.1.0",
    inspects: "dockerfile",
    docs: { what: ".", why: ".", example: { bad: "", good: "" }, references: [] },
    *check({ chunk }) {
      yield { at: { chunk, start: 0, end: 0 }, message: "first" };
      throw new Error("ours");
    },
  });

  it("turns an exception into a fault and keeps what was reported before it", () => {
    const chunk = { file: "Dockerfile", text: "" };
    const subject = { path: "Dockerfile", chunk, directives: [], escape: "\\", instructions: [], problems: [] } as const;
    const { reports, fault } = checkSubject(failing, { inspects: "dockerfile", subject }, {} as RuleContext);
    assert.deepEqual(reports.map(({ report }) => report.message), ["first"]);
    assert.equal(fault?.rule, "always-fails");
    assert.equal(fault.subject, "Dockerfile");
    assert.match(fault.error, /ours/);
  });
});

describe("a rule for subjects of several kinds", () => {
  const rule = defineRule({
    id: "speaks-of-two",
    title: "Speaks of two",
    severity: "error",
    since: "0.1.0",
    inspects: "job",
    docs: { what: ".", why: ".", example: { bad: "", good: "" }, references: [] },
    check: () => [],
    alsoInspects: {
      *dockerfile({ chunk, path }) {
        yield { at: { chunk, start: 0, end: 0 }, message: path };
      },
    },
  });
  const messages = (check: Check): readonly string[] =>
    checkSubject(rule, check, {} as RuleContext).reports.map(({ report }) => report.message);
  const chunk = { file: "Dockerfile", text: "" };

  it("runs the check of the subject's own kind, and none on other kinds", () => {
    const subject = { path: "Dockerfile", chunk, directives: [], escape: "\\", instructions: [], problems: [] } as const;
    assert.deepEqual(messages({ inspects: "dockerfile", subject }), ["Dockerfile"]);
    assert.deepEqual(messages({ inspects: "ci-file", subject: { path: "x.yml" } } as Check), []);
    assert.deepEqual(["job", "dockerfile", "ci-file"].map((kind) => looksAt(rule, kind as Subject)), [true, true, false]);
  });
});

describe("the hash of fingerprints", () => {
  it("never changes: baselines of users hold it", () => {
    assert.equal(hashText(""), hashText(""));
    assert.notEqual(hashText("a"), hashText("b"));
    assert.equal(hashText("login-password-flag"), "5c9018db1f70f61d");
  });
});
