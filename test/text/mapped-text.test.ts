// Mapped text answers for ranges, empty ranges and offsets outside the text.
import assert from "node:assert/strict";
import {
  identityText,
  mappedText,
  MappedTextBuilder,
  sliceText,
  type MappedText,
} from "../../server/src/core/text/mapped-text";
import type { Chunk } from "../../server/src/core/text/located";

const chunk: Chunk = { file: "a.yml", text: 'k: "a\\tbc" # d' };

const at = (mapped: MappedText, start: number, end: number): readonly [number, number] => {
  const origin = mapped.at(start, end);
  return [origin.start, origin.end];
};

describe("mapped text", () => {
  // Decoded: a, a tab (written as an escape), b, c.
  const runs = [
    { decoded: 0, source: 4, length: 1 },
    { decoded: 1, source: 5, length: 1, sourceLength: 2 },
    { decoded: 2, source: 7, length: 2 },
  ];
  const mapped = mappedText(chunk, "a\tbc", runs, 9);

  it("maps characters, and an escape as a whole", () => {
    assert.deepEqual(at(mapped, 0, 1), [4, 5]);
    assert.deepEqual(at(mapped, 1, 2), [5, 7]);
    assert.deepEqual(at(mapped, 2, 3), [7, 8]);
    assert.deepEqual(at(mapped, 0, 4), [4, 9]);
  });
  it("puts an empty range where its character would stand", () => {
    assert.deepEqual(at(mapped, 1, 1), [5, 5]);
    assert.deepEqual(at(mapped, 4, 4), [9, 9]);
  });
  it("clamps offsets, and reads a reversed range as empty", () => {
    assert.deepEqual(at(mapped, -5, 99), [4, 9]);
    assert.deepEqual(at(mapped, 3, 1), [8, 8]);
  });
  it("a slice answers in its own offsets and not beyond its end", () => {
    const slice = sliceText(mapped, 1, 3);
    assert.equal(slice.text, "\tb");
    assert.deepEqual(at(slice, 0, 1), [5, 7]);
    assert.deepEqual(at(slice, 0, 99), [5, 8]);
  });
  it("text that stands for itself", () => {
    const same = identityText(chunk, 0, 2);
    assert.equal(same.text, "k:");
    assert.deepEqual(at(same, 1, 2), [1, 2]);
    assert.deepEqual(at(same, 9, 9), [2, 2]);
  });
  it("the builder joins neighbours and keeps what is not one to one", () => {
    const builder = new MappedTextBuilder(chunk);
    builder.copy(4, 5);
    builder.put("\t", 5, 7);
    builder.copy(7, 8);
    builder.copy(8, 9);
    builder.copy(9, 9);
    builder.put("", 9, 10);
    const built = builder.finish(9);
    assert.equal(built.text, "a\tbc");
    for (let index = 0; index <= 4; index += 1)
      assert.deepEqual(at(built, index, index + 1), at(mapped, index, index + 1));
  });
});
