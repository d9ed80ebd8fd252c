// What is written must be read back as the same text, by our own reader (GitLab's rules) and by YAML 1.1 and 1.2.
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { parse } from "yaml";
import { keySource, scalarLines } from "../../server/src/core/syntax/yaml-emit";
import { parseYaml } from "../../server/src/core/syntax/yaml";
import { keyText } from "../../server/src/core/syntax/yaml-nodes";
import { createSourceFile } from "../../server/src/core/text/source-file";

type Plain = string | number | boolean | null;

/** A value below a key and below a dash, with comments as a caller may put them. */
function documentOf(value: Plain): string {
  const [first, ...rest] = scalarLines(value);
  const indented = (indent: string): string =>
    rest.map((line) => (line === "" ? "\n" : `${indent}${line}\n`)).join("");
  return `key: ${first}  # comment\n${indented("")}list:\n  - ${first}  # comment\n${indented("  ")}  - last\n`;
}

function psychValues(text: string): readonly unknown[] {
  const file = parseYaml(createSourceFile("x.yml", "gitlab-ci", text));
  const pairs = file.documents.flatMap(({ blocks }) => blocks.flatMap((block) => block.pairs));
  return pairs.map(({ value }) => {
    const items = value.kind === "seq" ? value.items : [value];
    return items.map((item) => (item.kind === "scalar" ? item.value : undefined));
  });
}

function readsBack(value: Plain): void {
  const text = documentOf(value);
  assert.deepEqual(psychValues(text), [[value], [value, "last"]], text);
  for (const version of ["1.1", "1.2"] as const) {
    assert.deepEqual(
      parse(text, { version }),
      { key: value, list: [value, "last"] },
      `YAML ${version}: ${text}`,
    );
  }
}

describe("writing YAML", () => {
  const cases: readonly (readonly [Plain, readonly string[]])[] = [
    ["docker:29", ["docker:29"]],
    ["docker build -t $X .", ["docker build -t $X ."]],
    ["echo a: b", ['"echo a: b"']],
    ['say "x": \\', ["'say \"x\": \\'"]],
    ['it\'s: "x"', ["'it''s: \"x\"'"]],
    ["yes", ['"yes"']],
    ["0777", ['"0777"']],
    ["1,000", ['"1,000"']],
    ["12:30", ['"12:30"']],
    ["2026-01-01", ['"2026-01-01"']],
    ["", ['""']],
    ["=", ['"="']],
    ["--- x", ['"--- x"']],
    ["--flag", ["--flag"]],
    ["one\ntwo\n", ["|", "  one", "  two"]],
    ["one\n\n  two", ["|-", "  one", "", "    two"]],
    ["one: x\n", ["|", "  one: x"]],
    [" one\ntwo", ['" one\\ntwo"']],
    ["one\n\n", ['"one\\n\\n"']],
    ["a\u202eb", ['"a\\u202eb"']],
    ["a\u001b[31m", ['"a\\u001b[31m"']],
    [true, ["true"]],
    [1.5, ["1.5"]],
    [null, ["null"]],
  ];
  for (const [value, lines] of cases) {
    it(JSON.stringify(value), () => {
      assert.deepEqual(scalarLines(value), lines);
      readsBack(value);
    });
  }

  it("any text is read back, also as a key", () => {
    const character = fc.constantFrom(
      ...Array.from("abYyNnOo019.-+_,:;#'\"\\ \t\n$&*!|>%@`{}[]()<=?~/eExX"),
      "\r",
      "\0",
      "\u007f",
      "\u0085",
      "\u2028",
      "\ufeff",
      "é",
      "😀",
    );
    const word = fc.constantFrom(
      "null",
      "true",
      "off",
      ".inf",
      "0x1f",
      "1e3",
      "0o17",
      "1_0",
      "---",
      "...",
      "<<",
    );
    const text = fc.oneof(fc.string({ unit: character, maxLength: 12 }), word, fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(text, (value) => {
        readsBack(value);
        const source = `${keySource(value)}: x\n`;
        const [pair] =
          parseYaml(createSourceFile("x.yml", "gitlab-ci", source)).documents[0]?.blocks[0]?.pairs ?? [];
        assert.equal(pair && keyText(pair), value, source);
      }),
      { numRuns: 1000 },
    );
  });
});
