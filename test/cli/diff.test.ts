import { strict as assert } from "node:assert";
import fc from "fast-check";
import { unifiedDiff } from "../../server/src/cli/diff";

const HEADER = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n$/;

interface Hunk {
  readonly old: { readonly start: number; readonly count: number };
  readonly now: { readonly start: number; readonly count: number };
  /** Sign and text. */
  readonly lines: readonly string[];
}

/** The hunks of one file's diff; a side without lines names the line before it. */
function hunksOf(diff: string): readonly Hunk[] {
  const hunks: Hunk[] = [];
  const lines = (diff.match(/[^\n]*\n/g) ?? []).slice(2);
  for (let at = 0; at < lines.length;) {
    const header = HEADER.exec(lines[at] ?? "") ?? assert.fail(`no header: ${lines[at] ?? "nothing"}`);
    const side = (start: string | undefined, given: string | undefined) => {
      const count = Number(given ?? 1);
      return { start: Number(start) - (count === 0 ? 0 : 1), count };
    };
    const [old, now] = [side(header[1], header[2]), side(header[3], header[4])];
    const body: string[] = [];
    at += 1;
    for (let left = old.count + now.count; left > 0; at += 1) {
      const line = lines[at] ?? assert.fail("the hunk is too short");
      const ends = lines[at + 1]?.startsWith("\\") === true;
      body.push(ends ? line.slice(0, -1) : line);
      left -= line.startsWith(" ") ? 2 : 1;
      if (ends) at += 1;
    }
    hunks.push({ old, now, lines: body });
  }
  return hunks;
}

/** Applies a unified diff of one file, as strictly as `patch --fuzz=0` does. */
function patch(before: string, diff: string): string {
  const old = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const result: string[] = [];
  let at = 0;
  for (const hunk of hunksOf(diff)) {
    for (const line of old.slice(at, hunk.old.start)) result.push(line);
    assert.equal(result.length, hunk.now.start);
    const gone = hunk.lines.filter((line) => !line.startsWith("+")).map((line) => line.slice(1));
    assert.deepEqual(old.slice(hunk.old.start, hunk.old.start + hunk.old.count), gone);
    for (const line of hunk.lines) if (!line.startsWith("-")) result.push(line.slice(1));
    at = hunk.old.start + hunk.old.count;
  }
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
