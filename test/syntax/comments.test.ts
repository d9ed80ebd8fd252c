// Which lines suppression comments cover, and that a file full of them costs no more than its length.
import assert from "node:assert/strict";
import { findSuppressions } from "../../server/src/core/syntax/comments";

const NEXT = "# gitlab-ci-docker-disable-next-line some-rule";
const LINE = "# gitlab-ci-docker-disable-line some-rule";

/** First and last line of each comment, counted from zero. */
const covered = (...lines: readonly string[]): readonly string[] =>
  findSuppressions(lines.join("\n")).map(({ firstLine, lastLine }) => `${firstLine}-${lastLine}`);

describe("lines that a suppression comment covers", () => {
  it("the next line that is no comment", () => {
    assert.deepEqual(covered(NEXT, "# another comment", NEXT, "job:"), ["3-3", "3-3"]);
    assert.deepEqual(covered("job:", NEXT), ["2-2"]);
  });

  it("all of an item or folded scalar, whatever is nested or empty in it", () => {
    assert.deepEqual(covered(NEXT, "- docker", "    build", "", "  .", "- echo"), ["1-4"]);
    assert.deepEqual(covered(NEXT, "  - >", "    docker", "      build", "     .", "  - echo"), ["1-4"]);
    assert.deepEqual(covered(`- docker ${LINE}`, "   build", "  .", "", "key:"), ["0-2"]);
    assert.deepEqual(covered(NEXT, "- key: value", "  other: value"), ["1-1"]);
  });

  it("all of a continued command, through comments inside it", () => {
    assert.deepEqual(covered(NEXT, "RUN a \\", "# comment", "  b \\", "  c", "RUN d"), ["1-4"]);
    assert.deepEqual(covered(NEXT, "RUN a \\"), ["1-1"]);
  });

  for (const [name, line] of [
    ["stacked", NEXT],
    ["behind items", `- docker ${LINE}`],
    ["inside a continued command", `RUN a \\\n${NEXT}`],
  ] as const) {
    it(`40,000 comments ${name}`, () => {
      const text = `${line}\n`.repeat(40_000);
      assert.equal(findSuppressions(text).length, 40_000);
    });
  }
});
