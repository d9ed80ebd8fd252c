// Decoded scalars map back to the file, character by character, in all five styles.
import assert from "node:assert/strict";
import fc from "fast-check";
import { Document, parseDocument, Scalar } from "yaml";
import { createSourceFile } from "../../server/src/core/text/source-file";
import { parseYaml } from "../../server/src/core/syntax/yaml";
import {
  problemsOf,
  type ScalarStyle,
  type YamlNode,
  type YamlScalar,
} from "../../server/src/core/syntax/yaml-nodes";

const PIECES = [
  "a",
  "b",
  "xyz",
  " ",
  "  ",
  "\t",
  "\n",
  "\n\n",
  "\n   ",
  "'",
  '"',
  "\\",
  ":",
  "#",
  "-",
  "é",
  "😀",
  "𝒳",
  "$X",
  "|",
  "%",
  ",",
];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((parts) => parts.join(""));

/** The scalars of a file, in order; undefined where it has problems. */
function scalarsOf(source: string): readonly YamlScalar[] | undefined {
  const file = parseYaml(createSourceFile("a.yml", "gitlab-ci", source));
  if (problemsOf(file).length > 0) return undefined;
  return file.documents.flatMap((document) =>
    document.blocks.flatMap((block) =>
      [...block.pairs.flatMap((pair) => [pair.key, pair.value]), ...(block.root ? [block.root] : [])].flatMap(
        leaves,
      ),
    ),
  );
}

function leaves(node: YamlNode): YamlScalar[] {
  if (node.kind === "scalar") return [node];
  if (node.kind === "seq") return node.items.flatMap(leaves);
  return node.kind === "map"
    ? node.pairs.flatMap((pair) => [...leaves(pair.key), ...leaves(pair.value)])
    : [];
}

const ESCAPED = /^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^xuU])$/;

/** Every decoded character stands at its place: itself, its escape, or white space around a line break. */
function checkPlaces(scalar: YamlScalar): void {
  const { mapped, style } = scalar;
  assert.equal(mapped.text, scalar.text);
  let before = 0;
  for (let index = 0; index < mapped.text.length; index += 1) {
    const char = mapped.text.charAt(index);
    const { chunk, start, end } = mapped.at(index, index + 1);
    const written = chunk.text.slice(start, end);
    assert.ok(start >= before, "places follow the text");
    assert.ok(scalar.at.start <= start && end <= chunk.text.length);
    before = start;
    if (written === char) continue;
    if (style === "single" && char === "'") assert.equal(written, "''");
    else if (style === "double" && written.startsWith("\\")) assert.match(written, ESCAPED);
    else {
      assert.match(char, /[ \n]/, JSON.stringify({ char, written }));
      // A line break that the file does not have behind its last line has an empty place.
      assert.match(written, /^[ \t]*(?:\n[ \t\n]*)?$/, JSON.stringify({ char, written }));
    }
  }
}

function checkSource(source: string): readonly YamlScalar[] {
  const scalars = scalarsOf(source) ?? [];
  scalars.forEach(checkPlaces);
  return scalars;
}

/** Counts what was really checked: a generator that makes broken YAML only would pass everything. */
function fuzz(style: ScalarStyle, runs: number, sources: fc.Arbitrary<string>): void {
  let checked = 0;
  fc.assert(
    fc.property(sources, (source) => {
      checked += checkSource(source).filter((scalar) => scalar.style === style).length;
    }),
    { numRuns: runs },
  );
  assert.ok(checked > runs / 5, `only ${String(checked)} scalars were checked`);
}

describe("YAML scalars", () => {
  describe("random sources keep their places", () => {
    const indentLines = (body: string, pad: string): string => body.replace(/\n/g, `\n${pad}`);
    const pad = fc.constantFrom("   ", "    ", "     ");

    it("plain", () => {
      fuzz(
        "plain",
        4000,
        fc.tuple(text, pad).map(([body, indent]) => `job:\n  key: a${indentLines(body, indent)}b\n`),
      );
    });
    it("single-quoted", () => {
      fuzz(
        "single",
        4000,
        fc
          .tuple(text, pad)
          .map(([body, indent]) => `job:\n  - '${indentLines(body.replaceAll("'", "''"), indent)}'\n`),
      );
    });
    it("double-quoted", () => {
      const escapes = fc.constantFrom(
        "\\n",
        "\\t",
        '\\"',
        "\\\\",
        "\\x41",
        "\\u00e9",
        "\\U0001F600",
        "\\uD83D\\uDE00",
        "\\\n",
        "\\ ",
        "\\0",
        " ",
        "\n",
        "\n\n",
        "\t",
        "a",
        "😀",
        "b ",
      );
      const body = fc.array(escapes, { maxLength: 14 }).map((parts) => parts.join(""));
      fuzz(
        "double",
        4000,
        fc.tuple(body, pad).map(([source, indent]) => `job:\n  - "${indentLines(source, indent)}"\n`),
      );
    });
    const line = fc
      .array(fc.constantFrom("a", "bc", " ", "  ", "\t", "#", "é", "😀", ": ", "- ", "'"), { maxLength: 6 })
      .map((parts) => parts.join(""));
    const block = (indicator: string): fc.Arbitrary<string> =>
      fc
        .tuple(
          fc.array(line, { maxLength: 7 }),
          fc.constantFrom("", "-", "+"),
          fc.constantFrom("", "1", "2", "3"),
          fc.integer({ min: 1, max: 4 }),
          fc.constantFrom("", "\n", "\n\n", "\n  \n"),
          fc.constantFrom("", " # c"),
          fc.boolean(),
        )
        .map(([lines, chomp, indent, columns, end, comment, more]) => {
          const shift = " ".repeat(2 + (indent === "" ? columns : Number(indent)));
          const body = lines.map((content) => (content === "" ? "" : shift + content)).join("\n");
          return `job:\n  key: ${indicator}${indent}${chomp}${comment}\n${body}${end}${more ? "\n  other: x\n" : ""}`;
        });
    it("literal", () => {
      fuzz("literal", 4000, block("|"));
    });
    it("folded", () => {
      fuzz("folded", 4000, block(">"));
    });
  });

  it("what the library writes in each style is read back, with its places", () => {
    const styles = ["PLAIN", "QUOTE_SINGLE", "QUOTE_DOUBLE", "BLOCK_LITERAL", "BLOCK_FOLDED"] as const;
    let checked = 0;
    fc.assert(
      fc.property(
        text,
        fc.constantFrom(...styles),
        fc.integer({ min: 8, max: 40 }),
        (value, style, lineWidth) => {
          const scalar = new Scalar(value);
          scalar.type = style;
          const source = new Document({ job: [scalar] }).toString({ lineWidth, minContentWidth: 4 });
          // Some of what the library writes is broken or reads differently: its folding can cut an escape in two.
          const document = parseDocument(source, { schema: "failsafe" });
          const read = document.getIn(["job", 0]);
          if (document.errors.length > 0 || typeof read !== "string") return;
          assert.equal(checkSource(source)[1]?.text, read, source);
          checked += Number(read === value);
        },
      ),
      { numRuns: 3000 },
    );
    assert.ok(checked > 2500, `only ${String(checked)} texts came back`);
  });

  it("CRLF line breaks and a byte order mark change no place", () => {
    const source = 'job:\n  a: |\n    one\n    two\n  b: "x\n    y"\n  c: >\n    p\n    q\n';
    const plain = scalarsOf(source);
    const windows = scalarsOf(`\ufeff${source.replaceAll("\n", "\r\n")}`);
    assert.ok(plain !== undefined && windows !== undefined);
    const shape = (scalar: YamlScalar): unknown => [
      scalar.text,
      scalar.at.start,
      scalar.at.end,
      scalar.mapped.at(0, scalar.text.length).end,
    ];
    assert.deepEqual(windows.map(shape), plain.map(shape));
  });

  it("a scalar that is not closed maps as a whole, never to wrong places", () => {
    const file = parseYaml(createSourceFile("a.yml", "gitlab-ci", "job:\n  a: 'open\n"));
    const pair = file.documents[0]?.blocks[0]?.pairs[0];
    assert.ok(pair?.value.kind === "map");
    const value = pair.value.pairs[0]?.value;
    assert.ok(value?.kind === "scalar");
    for (let index = 0; index < value.text.length; index += 1) {
      const { start, end } = value.mapped.at(index, index + 1);
      assert.ok(start >= value.at.start && end <= value.at.end);
    }
  });
});
