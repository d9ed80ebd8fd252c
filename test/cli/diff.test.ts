import { strict as assert } from "node:assert";
import fc from "fast-check";
import { unifiedDiff } from "../../server/src/cli/diff";

/** Applies a unified diff of one file, as strictly as `patch --fuzz=0` would. */
function patch(before: string, diff: string): string {
  const old = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const lines = diff.match(/[^\n]*\n/g) ?? [];
  const result: string[] = [];
  let at = 0;
  let left = { old: 0, now: 0 };
  for (const [index, line] of lines.slice(2).entries()) {
    const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n$/.exec(line);
    if (header !== null && left.old === 0 && left.now === 0) {
      left = { old: Number(header[2] ?? 1), now: Number(header[4] ?? 1) };
      const start = Number(header[1]) - (left.old === 0 ? 0 : 1);
      result.push(...old.slice(at, start));
      at = start;
      assert.equal(result.length, Number(header[3]) - (left.now === 0 ? 0 : 1));
      continue;
    }
    if (line.startsWith("\\")) continue;
    const isLast = lines[index + 3]?.startsWith("\\") === true;
    const text = isLast ? line.slice(1, -1) : line.slice(1);
    if (line[0] !== "+") {
      assert.equal(old[at], text);
      at += 1;
      left.old -= 1;
    }
    if (line[0] !== "-") {
      result.push(text);
      left.now -= 1;
    }
  }
  assert.deepEqual(left, { old: 0, now: 0 });
  return [...result, ...old.slice(at)].join("");
}

describe("unified diff", () => {
  const texts = fc
    .tuple(
      fc.array(fc.constantFrom("a\n", "b\n", "c\n", "\n", "a\r\n"), { maxLength: 30 }),
      fc.constantFrom("", "end", "@@"),
    )
    .map(([lines, end]) => lines.join("") + end);

  it("leads from the old text to the new one", () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        assert.equal(patch(before, unifiedDiff("f", before, after)), after);
      }),
      { numRuns: 500 },
    );
  });

  it("is empty where nothing changed", () => assert.equal(unifiedDiff("f", "a\n", "a\n"), ""));

  it("looks as `diff -u` prints it", () => {
    const before = Array.from({ length: 20 }, (_, index) => `${index + 1}\n`).join("");
    const after = before.replace("\n5\n", "\nfive\n").replace("\n18\n", "\n18\n18.5\n");
    assert.equal(
      unifiedDiff("ci/x.yml", before, after),
      "--- a/ci/x.yml\n+++ b/ci/x.yml\n" +
        "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n" +
        "@@ -16,5 +16,6 @@\n 16\n 17\n 18\n+18.5\n 19\n 20\n",
    );
  });

  it("knows new files and missing line breaks", () => {
    assert.equal(unifiedDiff("f", undefined, "a\n"), "--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+a\n");
    assert.equal(
      unifiedDiff("f", "a", "b"),
      "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n",
    );
  });

  it("takes no time for large files with few changes, nor for quite different ones", () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `${index}\n`);
    const before = lines.join("");
    const after = [...lines.slice(0, 50_000), "new\n", ...lines.slice(50_001)].join("");
    assert.equal(unifiedDiff("f", before, after).split("\n").length, 12);
    const other = lines.map((line) => `x${line}`).join("");
    assert.equal(patch(before, unifiedDiff("f", before, other)), other);
  });
});
