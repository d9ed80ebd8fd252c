import assert from "node:assert/strict";
import { globMatcher } from "../../server/src/core/text/glob";

describe("glob", () => {
  const cases: readonly (readonly [glob: string, text: string, matches: boolean])[] = [
    ["ci/*.yml", "ci/a.yml", true],
    ["ci/*.yml", "ci/deep/a.yml", false],
    ["ci/*.yml", "ci/a.yaml", false],
    ["ci/**.yml", "ci/a.yml", true],
    ["ci/**.yml", "ci/deep/a.yml", true],
    ["ci/**/*.yml", "ci/a.yml", false],
    ["ci/**/*.yml", "ci/deep/er/a.yml", true],
    ["**", "anything/at/all", true],
    ["*", "", true],
    ["a+b?.yml", "a+b?.yml", true],
    ["a.yml", "abyml", false],
    ["docker:*-dind*", "docker:29-dind-rootless", true],
  ];
  for (const [glob, text, matches] of cases) {
    it(`${glob} ${matches ? "takes" : "leaves"} ${text || "nothing"}`, () => {
      assert.equal(globMatcher(glob)(text), matches);
    });
  }

  it("takes no longer for many stars: no step is tried twice", () => {
    assert.equal(globMatcher(`${"*a".repeat(40)}b`)("a".repeat(5000)), false);
    assert.equal(globMatcher(`${"**a".repeat(40)}b`)("a".repeat(5000)), false);
  });
});
