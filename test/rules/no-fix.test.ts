// Findings whose repair nobody can be sure of: they are reported, and no fix is offered.
import assert from "node:assert/strict";
import { rules } from "../../server/src/core/rules";
import type { Finding } from "../../server/src/core/rules/rule";
import { DEFAULT_SETTINGS } from "../../server/src/core/settings/settings";
import { analyse, only, type Files } from "../support/analyse";

const ids = rules.map(({ id }) => id);

function findingsOf(rule: string, files: Files): readonly Finding[] {
  return analyse(files, only(DEFAULT_SETTINGS, ids, [rule])).findings;
}

function assertNoFix(rule: string, files: Files): void {
  const findings = findingsOf(rule, files);
  assert.equal(findings.length, 1, "one finding");
  assert.deepEqual(
    findings.flatMap(({ fixes }) => fixes.map(({ title }) => title)),
    [],
  );
}

describe("no fix", () => {
  describe("of an array in a Dockerfile with more than commas and blanks between its words", () => {
    for (const operand of ['["a";"b"]', '["a", "b"]]', '["/entry.sh"], "x"]', '["a", b]', '["a", "b"] c', '["a", 7]']) {
      it(operand, () => assertNoFix("dockerfile-exec-form-malformed", { Dockerfile: `FROM scratch\nCMD ${operand}\n` }));
    }
  });

  describe("of a login whose password `echo` may change, or whose standard input is in use", () => {
    for (const login of [
      `docker login -u a -p "$A"'b'`,
      'docker login -u a -p ab\\"c',
      "docker login -u a -p pa\\$word",
      'docker login -u a -p "pa\\$word"',
      "docker login -u a -p 'a\\nb'",
      "docker login -u a -p -n",
      "docker login -u a -p '-n'",
      "docker login -u a -p ${A:-b}",
      "docker login -u a -p secret",
      'retry 3 docker login -u a -p "$A"',
      'sudo -S docker login -u a -p "$A"',
    ]) {
      it(login, () =>
        assertNoFix("login-password-flag", { ".gitlab-ci.yml": `build:\n  script:\n    - |\n      ${login}\n` }),
      );
    }
  });

  it("of a pull in a list that ends the script on purpose", () =>
    assertNoFix("cache-pull-not-tolerated", {
      ".gitlab-ci.yml":
        "build:\n  script:\n    - docker pull $CI_REGISTRY_IMAGE:a || exit 1\n    - docker build --cache-from $CI_REGISTRY_IMAGE:a -t $CI_REGISTRY_IMAGE:a .\n",
    }));
});
