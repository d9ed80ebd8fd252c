// The rows that say what must and what must not be found in a repository.
import assert from "node:assert/strict";
import { compareRows, parseExpected, parseForbidden } from "../../server/src/dev/case-rows";

const all = (): boolean => true;

describe("case rows", () => {
  it("reads rows, without empty lines and remarks", () => {
    assert.deepEqual(parseExpected("# file first last rule\na/b.yml\t3\t5\tlatest-race\r\n\n"), [
      { file: "a/b.yml", first: 3, last: 5, rule: "latest-race" },
    ]);
    assert.deepEqual(parseForbidden("latest-race\nlatest-race\tDockerfile\nlatest-race\ta.yml\t7\n"), [
      { rule: "latest-race", file: undefined, first: 1, last: Infinity },
      { rule: "latest-race", file: "Dockerfile", first: 1, last: Infinity },
      { rule: "latest-race", file: "a.yml", first: 7, last: 7 },
    ]);
  });

  it("names the line of a row that is not of the form", () => {
    assert.throws(() => parseExpected("a.yml\t1\t2\tx\na.yml\t1\tx"), /line 2/);
    assert.throws(() => parseExpected("a.yml\t0\t2\tx"), /"0" is no line number/);
    assert.throws(() => parseForbidden("x\ta.yml\t1\t2\t3"), /line 1/);
  });

  it("finds a row where a finding starts within its lines", () => {
    const expected = parseExpected("a.yml\t3\t5\tx\na.yml\t3\t5\ty\nb.yml\t3\t5\tx");
    const result = compareRows(
      expected,
      [],
      [
        { rule: "x", file: "a.yml", line: 5 },
        { rule: "y", file: "a.yml", line: 6 },
      ],
      all,
    );
    assert.deepEqual(result.found, expected.slice(0, 1));
    assert.deepEqual(result.missing, expected.slice(1));
  });

  it("counts forbidden findings, anywhere or in a place", () => {
    const forbidden = parseForbidden("x\ny\ta.yml\t3\t5");
    const findings = [
      { rule: "x", file: "anywhere", line: 900 },
      { rule: "y", file: "a.yml", line: 3 },
      { rule: "y", file: "a.yml", line: 6 },
      { rule: "z", file: "a.yml", line: 3 },
    ];
    const result = compareRows([], forbidden, findings, all);
    assert.deepEqual(result.hits, findings.slice(0, 2));
    assert.equal(result.forbidden, 2);
  });

  it("puts rows of other rules aside", () => {
    const result = compareRows(
      parseExpected("a.yml\t1\t1\tx"),
      parseForbidden("y"),
      [],
      (rule) => rule === "z",
    );
    assert.deepEqual([result.found, result.missing, result.hits, result.forbidden], [[], [], [], 0]);
    assert.deepEqual(
      result.notYet.map(({ rule }) => rule),
      ["x", "y"],
    );
  });
});
