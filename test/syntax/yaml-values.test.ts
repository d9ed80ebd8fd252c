// Plain scalars are read as Ruby's Psych reads them.
import assert from "node:assert/strict";
import { psychValue, taggedValue } from "../../server/src/core/syntax/yaml-values";

describe("values of plain YAML scalars", () => {
  const cases: readonly (readonly [string, string | number | boolean | null])[] = [
    ["", null],
    ["~", null],
    ["null", null],
    ["NULL", null],
    ["nil", "nil"],
    ["yes", true],
    ["Yes", true],
    ["on", true],
    ["TRUE", true],
    ["no", false],
    ["off", false],
    ["False", false],
    ["y", "y"],
    ["n", "n"],
    ["truely", "truely"],
    ["0", 0],
    ["12", 12],
    ["-12", -12],
    ["+12", 12],
    ["0777", 511],
    ["-0777", -511],
    ["0o17", "0o17"],
    ["08", "08"],
    ["0x1F", 31],
    ["0b101", 5],
    ["1_000", 1000],
    ["1,000", 1000],
    ["1:30", 5400],
    ["1:30:15", 5415],
    ["190:20:30", 685230],
    ["1:99", "1:99"],
    ["1.5", 1.5],
    [".5", 0.5],
    ["1.", 1],
    ["1.5e+3", 1500],
    ["1.5e3", "1.5e3"],
    ["1e3", "1e3"],
    ["1.2.3", "1.2.3"],
    [".", "."],
    [".inf", Infinity],
    ["-.INF", -Infinity],
    ["2024-01-31", "2024-01-31"],
    [":symbol", ":symbol"],
    ["docker:29.6.2-dind", "docker:29.6.2-dind"],
    ["$CI_JOB_ID", "$CI_JOB_ID"],
    ["é", "é"],
    ["20.10", 20.1],
  ];
  for (const [text, value] of cases) {
    it(`${JSON.stringify(text)} is ${String(value)}`, () => {
      assert.deepEqual(psychValue(text), value);
    });
  }
  it(".nan is not a number", () => {
    assert.ok(Number.isNaN(psychValue(".nan")));
  });
  it("tags decide over text and float", () => {
    assert.equal(taggedValue("12", "!!str"), "12");
    assert.equal(taggedValue("12", "!!float"), 12);
    assert.equal(taggedValue("12", "!!int"), 12);
    assert.equal(taggedValue("yes", "!reference"), true);
  });
});
