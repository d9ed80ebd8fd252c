// Lines, edits and normalised text: what every position in the project rests on.
import assert from "node:assert/strict";
import fc from "fast-check";
import { applyEdits } from "../../server/src/core/text/edit";
import { createLineIndex } from "../../server/src/core/text/line-index";
import { partOf, spanning, textAt, type Chunk } from "../../server/src/core/text/located";
import { createSourceFile, normalise } from "../../server/src/core/text/source-file";

describe("lines", () => {
  const text = "a\n\nbc😀\n";
  const lines = createLineIndex(text);
  it("a final line break opens an empty line", () => {
    assert.equal(lines.lineCount, 4);
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((line) => lines.lineText(line)),
      ["a", "", "bc😀", "", ""],
    );
  });
  it("clamps what lies outside", () => {
    assert.deepEqual(lines.positionAt(-1), { line: 0, character: 0 });
    assert.deepEqual(lines.positionAt(99), { line: 3, character: 0 });
    assert.equal(lines.offsetAt({ line: 0, character: 99 }), 1);
    assert.equal(lines.offsetAt({ line: 99, character: 0 }), text.length);
    assert.equal(lines.offsetAt({ line: -1, character: 5 }), 0);
  });
  it("positions and offsets are each other's inverse", () => {
    const some = fc
      .array(fc.constantFrom("a", "\n", "é", "😀"), { maxLength: 20 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(some, fc.nat(40), (source, at) => {
        const offset = Math.min(at, source.length);
        const index = createLineIndex(source);
        assert.equal(index.offsetAt(index.positionAt(offset)), offset);
        assert.equal(index.positionAt(offset).line, source.slice(0, offset).split("\n").length - 1);
      }),
    );
  });
});

describe("edits", () => {
  it("apply in any order; insertions at one place keep theirs", () => {
    const edits = [
      { start: 3, end: 4, newText: "D" },
      { start: 1, end: 1, newText: "x" },
      { start: 1, end: 1, newText: "y" },
    ];
    assert.equal(applyEdits("abcd", edits), "axybcD");
  });
  it("change nothing when two overlap, or one lies outside", () => {
    assert.equal(
      applyEdits("abcd", [
        { start: 0, end: 2, newText: "" },
        { start: 1, end: 3, newText: "" },
      ]),
      undefined,
    );
    assert.equal(applyEdits("abcd", [{ start: 3, end: 5, newText: "" }]), undefined);
    assert.equal(applyEdits("abcd", [{ start: 2, end: 1, newText: "" }]), undefined);
  });
});

describe("source files", () => {
  it("hold LF line breaks and no byte order mark", () => {
    assert.equal(normalise("\ufeffa\r\nb\rc\n"), "a\nb\nc\n");
    assert.equal(createSourceFile("a", "other", "x\r\ny").lines.lineCount, 2);
  });
});

describe("places", () => {
  const chunk: Chunk = { file: "a", text: "hello world" };
  it("have text, parts and a span", () => {
    const hello = { chunk, start: 0, end: 5 };
    const world = { chunk, start: 6, end: 11 };
    assert.equal(textAt(partOf(world, 1, 3)), "or");
    assert.equal(textAt(spanning(hello, world)), "hello world");
    assert.equal(spanning(hello, { ...world, chunk: { ...chunk } }), hello);
  });
});
