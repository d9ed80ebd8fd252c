// Edits of YAML: the value changes, everything else stays as it was written.
import assert from "node:assert/strict";
import fc from "fast-check";
import { applyEdits, type ChunkEdit } from "../../server/src/core/text/edit";
import { createSourceFile } from "../../server/src/core/text/source-file";
import { parseYaml } from "../../server/src/core/syntax/yaml";
import {
  appendItem,
  appendToScalar,
  indentOf,
  insertItemBefore,
  insertKeyAfter,
  insertKeyFirst,
  removeItem,
  removePair,
  replaceInScalar,
  replaceScalar,
  rootMapOf,
  setKey,
} from "../../server/src/core/syntax/yaml-edit";
import {
  keyText,
  pairOf,
  problemsOf,
  type YamlFile,
  type YamlMap,
  type YamlNode,
  type YamlPair,
  type YamlScalar,
  type YamlSeq,
} from "../../server/src/core/syntax/yaml-nodes";

const parse = (text: string): YamlFile => parseYaml(createSourceFile("a.yml", "gitlab-ci", text));

function apply(text: string, file: YamlFile, edits: readonly ChunkEdit[]): string {
  const placed = edits.map(({ chunk, start, end, newText }) => {
    const offset = file.chunks.get(chunk) ?? Number.NaN;
    return { start: offset + start, end: offset + end, newText };
  });
  const result = applyEdits(text, placed);
  assert.ok(result !== undefined, "edits overlap");
  return result;
}

const topPairs = (file: YamlFile): readonly YamlPair[] =>
  file.documents.flatMap((document) => document.blocks.flatMap((block) => block.pairs));

/** The node under a path of keys and indexes. */
function find(file: YamlFile, path: readonly (string | number)[]): YamlNode {
  const [first, ...rest] = path;
  let node = topPairs(file).find((pair) => keyText(pair) === first)?.value;
  for (const step of rest) {
    if (node?.kind === "map") node = pairOf(node, String(step))?.value;
    else if (node?.kind === "seq") node = node.items[Number(step)];
  }
  assert.ok(node !== undefined, `no ${path.join(".")}`);
  return node;
}

function mapAt(file: YamlFile, path: readonly (string | number)[]): YamlMap {
  const node = find(file, path);
  assert.ok(node.kind === "map");
  return node;
}

function seqAt(file: YamlFile, path: readonly (string | number)[]): YamlSeq {
  const node = find(file, path);
  assert.ok(node.kind === "seq");
  return node;
}

function scalarAt(file: YamlFile, path: readonly (string | number)[]): YamlScalar {
  const node = find(file, path);
  assert.ok(node.kind === "scalar");
  return node;
}

function pairAt(map: YamlMap, key: string): YamlPair {
  const pair = pairOf(map, key);
  assert.ok(pair !== undefined);
  return pair;
}

/** Applies an edit to a text and checks the result, which must be sound YAML. */
function check(before: string, edit: (file: YamlFile) => readonly ChunkEdit[], after: string): void {
  const file = parse(before);
  assert.deepEqual(problemsOf(file), [], "the text before is sound");
  const result = apply(before, file, edit(file));
  assert.equal(result, after);
  assert.deepEqual(problemsOf(parse(result)), [], "the text after is sound");
}

function data(node: YamlNode): unknown {
  if (node.kind === "alias") return `*${node.name}`;
  if (node.kind === "seq") return node.items.map(data);
  if (node.kind === "scalar") return node.value;
  return Object.fromEntries(node.pairs.map((pair) => [keyText(pair) ?? "?", data(pair.value)]));
}

const dataOf = (file: YamlFile): unknown =>
  Object.fromEntries(topPairs(file).map((pair) => [keyText(pair) ?? "?", data(pair.value)]));

describe("YAML edits", () => {
  describe("setKey", () => {
    const set = (key: string, yaml: string) => (file: YamlFile) => setKey(mapAt(file, ["job"]), key, yaml);
    for (const [name, before, key, yaml, after] of [
      [
        "replaces a value and keeps its comment",
        "job:\n  a: 1 # one\n  b: 2\n",
        "a",
        "3",
        "job:\n  a: 3 # one\n  b: 2\n",
      ],
      ["replaces a quoted value", 'job:\n  a: "x # y" # one\n', "a", "'z'", "job:\n  a: 'z' # one\n"],
      [
        "gives a value to a key without one",
        "job:\n  a: # one\n  b: 2\n",
        "a",
        "3",
        "job:\n  a: 3 # one\n  b: 2\n",
      ],
      [
        "replaces a value by a list",
        "job:\n  a: 1 # one\n  b: 2\n",
        "a",
        "- x\n- y",
        "job:\n  a: # one\n    - x\n    - y\n  b: 2\n",
      ],
      [
        "replaces a list by a value",
        "job:\n  a: # one\n    # two\n    - x\n    - y\n  b: 2\n",
        "a",
        "3",
        "job:\n  a: 3 # one\n    # two\n  b: 2\n",
      ],
      [
        "replaces a mapping by a mapping",
        "job:\n  a:\n      x: 1\n  b: 2\n",
        "a",
        "y: 2\nz: 3",
        "job:\n  a:\n      y: 2\n      z: 3\n  b: 2\n",
      ],
      [
        "replaces a block scalar",
        "job:\n  a: |\n    x\n    y\n\n  b: 2\n",
        "a",
        "z",
        "job:\n  a: z\n\n  b: 2\n",
      ],
      [
        "writes a block scalar",
        "job:\n  a:\n    - x\n  b: 2\n",
        "a",
        "|\n  one\n  two",
        "job:\n  a: |\n    one\n    two\n  b: 2\n",
      ],
      [
        "replaces a multi-line plain value",
        "job:\n  a: x\n    y\n  b: 2\n",
        "a",
        "z",
        "job:\n  a: z\n  b: 2\n",
      ],
      [
        "keeps an anchor, drops a tag",
        "job:\n  a: &x !reference [b, c]\n  d: *x\n",
        "a",
        "3",
        "job:\n  a: &x 3\n  d: *x\n",
      ],
      [
        "keeps the anchor of a mapping below its key",
        "job:\n  a: &x\n    y: 1\n  d: *x\n",
        "a",
        "z: 2",
        "job:\n  a: &x\n    z: 2\n  d: *x\n",
      ],
      [
        "appends behind the last pair and its comment",
        "job:\n  a: 1 # one\n# end\nb: 1\n",
        "c",
        "3",
        "job:\n  a: 1 # one\n  c: 3\n# end\nb: 1\n",
      ],
      [
        "appends behind a block scalar",
        "job:\n  a: |\n    x\n\nb: 1\n",
        "c",
        "3",
        "job:\n  a: |\n    x\n  c: 3\n\nb: 1\n",
      ],
      [
        "appends behind a block scalar that keeps its line breaks",
        "job:\n  a: |+\n    x\n\nb: 1\n",
        "c",
        "3",
        "job:\n  a: |+\n    x\n\n  c: 3\nb: 1\n",
      ],
      [
        "appends behind nested lists at the column of their key",
        "job:\n  a:\n  - x\n  - y # z\n",
        "c",
        "- 3",
        "job:\n  a:\n  - x\n  - y # z\n  c:\n  - 3\n",
      ],
      [
        "appends at the end of a file without final line break",
        "job:\n  a: 1",
        "c",
        "x: 1\ny: 2",
        "job:\n  a: 1\n  c:\n    x: 1\n    y: 2",
      ],
      [
        "indents as the siblings do",
        "job:\n    a:\n        x: 1\n    b: 2\n",
        "c",
        "y: 2",
        "job:\n    a:\n        x: 1\n    b: 2\n    c:\n        y: 2\n",
      ],
      ["replaces in a flow mapping", "job: {a: 1, b: 2} # c\n", "a", "[x]", "job: {a: [x], b: 2} # c\n"],
      ["appends to a flow mapping", "job: {a: 1}\n", "c", "- x\n- y, z", 'job: {a: 1, c: [x, "y, z"]}\n'],
      ["appends to an empty flow mapping", "job: {}\n", "c", "x: 1", "job: {c: {x: 1}}\n"],
      [
        "appends to a flow mapping over several lines",
        "job: {\n  a: 1, # one\n  b: 2 # two\n}\n",
        "c",
        "3",
        "job: {\n  a: 1, # one\n  b: 2, # two\n  c: 3\n}\n",
      ],
      [
        "appends to a flow mapping with a last comma",
        "job: {\n  a: 1, # one\n}\n",
        "c",
        "3",
        "job: {\n  a: 1, # one\n  c: 3,\n}\n",
      ],
      ["gives a value to a bare key in flow", "job: {a, b: 1}\n", "a", "3", "job: {a: 3, b: 1}\n"],
      ["gives a value to an empty key in flow", "job: {a: , b: 1}\n", "a", "3", "job: {a: 3, b: 1}\n"],
    ] as const) {
      it(name, () => {
        check(before, set(key, yaml), after);
      });
    }
    it("works on a list's item", () => {
      check(
        "job:\n  - name: x # n\n    alias: y\n  - z\n",
        (file) => setKey(mapAt(file, ["job", 0]), "command", "[a]"),
        "job:\n  - name: x # n\n    alias: y\n    command: [a]\n  - z\n",
      );
    });
    it("works on the entries of a block", () => {
      const text = "a: 1\n# c\nb: 2\n";
      check(
        text,
        (file) => {
          const block = file.documents[0]?.blocks[0];
          const map = block === undefined ? undefined : rootMapOf(block);
          return map === undefined ? [] : setKey(map, "x", "y: 1");
        },
        "a: 1\nx:\n  y: 1\n# c\nb: 2\n",
      );
    });
  });

  describe("insertKeyFirst and insertKeyAfter", () => {
    it("first, below the comment of the mapping", () => {
      check(
        "job: # c\n  # d\n  a: 1\n",
        (file) => insertKeyFirst(mapAt(file, ["job"]), "x", "- y"),
        "job: # c\n  # d\n  x:\n    - y\n  a: 1\n",
      );
    });
    it("first in an item", () => {
      check(
        "job:\n- a: 1\n  b: 2\n",
        (file) => insertKeyFirst(mapAt(file, ["job", 0]), "x", "y"),
        "job:\n- x: y\n  a: 1\n  b: 2\n",
      );
    });
    it("first in flow", () => {
      check(
        "job: { a: 1 }\n",
        (file) => insertKeyFirst(mapAt(file, ["job"]), "x", "y"),
        "job: { x: y, a: 1 }\n",
      );
    });
    it("between two pairs", () => {
      check(
        "job:\n  a:\n    - 1\n    # one\n  b: 2\n",
        (file) => {
          const map = mapAt(file, ["job"]);
          return insertKeyAfter(map, pairAt(map, "a"), "x", "y");
        },
        "job:\n  a:\n    - 1\n  x: y\n    # one\n  b: 2\n",
      );
    });
    it("between two pairs in flow", () => {
      check(
        "job: {a: 1, b: 2}\n",
        (file) => {
          const map = mapAt(file, ["job"]);
          return insertKeyAfter(map, pairAt(map, "a"), "x", "y");
        },
        "job: {a: 1, x: y, b: 2}\n",
      );
    });
  });

  describe("removePair", () => {
    for (const [name, before, key, after] of [
      [
        "its lines and the comment behind it",
        "job:\n  # a\n  a: 1 # one\n  b: 2\n",
        "a",
        "job:\n  # a\n  b: 2\n",
      ],
      ["a nested value", "job:\n  a:\n    - x # y\n    - |\n      z\n  b: 2\n", "a", "job:\n  b: 2\n"],
      ["the last one", "job:\n  a: 1\n  b: 2\nc: 3\n", "b", "job:\n  a: 1\nc: 3\n"],
      ["the last one of a file without final line break", "job:\n  a: 1\n  b: 2", "b", "job:\n  a: 1"],
      ["with its anchor", "job:\n  &k a: &v 1\n  b: 2\n", "a", "job:\n  b: 2\n"],
      ["the only one", "job:\n  a: 1\nc: 3\n", "a", "job:\nc: 3\n"],
      ["first in flow", "job: {a: 1, b: 2}\n", "a", "job: {b: 2}\n"],
      ["last in flow", "job: {b: 2, a: 1}\n", "a", "job: {b: 2}\n"],
      ["last in flow with a comma behind it", "job: {b: 2, a: 1,}\n", "a", "job: {b: 2,}\n"],
      ["the only one in flow", "job: {a: 1}\n", "a", "job: {}\n"],
      ["on a line of its own in flow", "job: {\n  a: 1,\n  b: 2\n}\n", "a", "job: {\n  b: 2\n}\n"],
      ["last on a line of its own in flow", "job: {\n  b: 2,\n  a: 1\n}\n", "a", "job: {\n  b: 2\n}\n"],
    ] as const) {
      it(name, () => {
        check(
          before,
          (file) => {
            const map = mapAt(file, ["job"]);
            return removePair(map, pairAt(map, key));
          },
          after,
        );
      });
      it(`${name}, by its places`, () => {
        if (before.includes("&k")) return;
        check(
          before,
          (file) => {
            const pair = pairAt(mapAt(file, ["job"]), key);
            return removePair(pair.key.at, pair.value.at);
          },
          after,
        );
      });
    }
    it("behind a dash, the next pair moves up", () => {
      check(
        "job:\n  - a: 1\n    # b\n    b: 2\n",
        (file) => {
          const map = mapAt(file, ["job", 0]);
          return removePair(map, pairAt(map, "a"));
        },
        "job:\n  - # b\n    b: 2\n",
      );
    });
    it("a whole job", () => {
      check(
        "a: 1\njob:\n  x: 1\n\n# c\nb: 2\n",
        (file) => {
          const pair = topPairs(file)[1];
          assert.ok(pair !== undefined);
          return removePair(pair.key.at, pair.value.at);
        },
        "a: 1\n\n# c\nb: 2\n",
      );
    });
  });

  describe("lists", () => {
    for (const [name, before, item, after] of [
      ["indented", "job:\n  - a # one\n  # end\nb: 1\n", "x", "job:\n  - a # one\n  - x\n  # end\nb: 1\n"],
      ["at the column of its key", "job:\n- a\nb: 1\n", "x", "job:\n- a\n- x\nb: 1\n"],
      [
        "of mappings",
        "job:\n  - name: a\n    alias: b\n",
        "name: x\nalias: y",
        "job:\n  - name: a\n    alias: b\n  - name: x\n    alias: y\n",
      ],
      [
        "that ends with a block scalar",
        "job:\n  - |\n    a\n\nb: 1\n",
        "x",
        "job:\n  - |\n    a\n  - x\n\nb: 1\n",
      ],
      ["that ends with an absent item", "job:\n  - a\n  -\nb: 1\n", "x", "job:\n  - a\n  -\n  - x\nb: 1\n"],
      ["without final line break", "job:\n  - a", "|\n  x\n  y", "job:\n  - a\n  - |\n    x\n    y"],
      ["in flow", "job: [a, b] # c\n", "x", "job: [a, b, x] # c\n"],
      ["in flow, empty", "job: []\n", "name: x", "job: [{name: x}]\n"],
      ["in flow, over lines", "job: [\n  a,\n  b # two\n]\n", "x", "job: [\n  a,\n  b, # two\n  x\n]\n"],
      [
        "in flow, with the bracket behind the last item",
        "job: [\n  a,\n  b]\n",
        "x",
        "job: [\n  a,\n  b,\n  x]\n",
      ],
    ] as const) {
      it(`appendItem: ${name}`, () => {
        check(before, (file) => appendItem(seqAt(file, ["job"]), item), after);
      });
    }
    for (const [name, before, index, after] of [
      ["first", "job:\n  # one\n  - a\n", 0, "job:\n  # one\n  - x\n  - a\n"],
      ["above an item's comment", "job:\n  - a\n  # two\n  - b\n", 1, "job:\n  - a\n  - x\n  # two\n  - b\n"],
      ["at the column of its key", "job:\n- a\n- b\n", 1, "job:\n- a\n- x\n- b\n"],
      ["an item below its dash", "job:\n  - a\n  -\n    b: 1\n", 1, "job:\n  - a\n  - x\n  -\n    b: 1\n"],
      ["behind the last", "job:\n  - a\n", 1, "job:\n  - a\n  - x\n"],
      ["in flow", "job: [a, &b b]\n", 1, "job: [a, x, &b b]\n"],
      ["in a list in a list", "job:\n  - - a\n    - b\n", 0, "job:\n  - x\n  - - a\n    - b\n"],
    ] as const) {
      it(`insertItemBefore: ${name}`, () => {
        check(before, (file) => insertItemBefore(seqAt(file, ["job"]), index, "x"), after);
      });
    }
    it("insertItemBefore: the inner list", () => {
      check(
        "job:\n  - - a\n    - b\n",
        (file) => insertItemBefore(seqAt(file, ["job", 0]), 0, "x"),
        "job:\n  - - x\n    - a\n    - b\n",
      );
    });
    for (const [name, before, index, after] of [
      ["first", "job:\n  # one\n  - a # b\n  - b\n", 0, "job:\n  # one\n  - b\n"],
      ["last", "job:\n- a\n- |\n  b\nc: 1\n", 1, "job:\n- a\nc: 1\n"],
      ["the only one", "job:\n  - a\nc: 1\n", 0, "job:\nc: 1\n"],
      ["absent", "job:\n  - a\n  - # b\n  - c\n", 1, "job:\n  - a\n  - c\n"],
      ["below its dash", "job:\n  - a\n  -\n    b: 1\n", 1, "job:\n  - a\n"],
      ["in flow", "job: [a, !reference [x, y], c]\n", 1, "job: [a, c]\n"],
      ["last in flow", "job: [a, b]\n", 1, "job: [a]\n"],
      [
        "in flow, with comments",
        "job: [\n  a, # one\n  b, # two\n  c # three\n]\n",
        1,
        "job: [\n  a, # one\n  c # three\n]\n",
      ],
      ["a list in a list", "job:\n  - - a\n    - b\n  - c\n", 0, "job:\n  - c\n"],
    ] as const) {
      it(`removeItem: ${name}`, () => {
        check(before, (file) => removeItem(seqAt(file, ["job"]), index), after);
      });
    }
    it("removeItem: first of an inner list", () => {
      check("job:\n  - - a\n    - b\n", (file) => removeItem(seqAt(file, ["job", 0]), 0), "job:\n  - - b\n");
    });
  });

  describe("scalars", () => {
    for (const [name, before, text, after] of [
      ["plain", "job: x # c\n", "y z", "job: y z # c\n"],
      ["plain that must be quoted", "job: x\n", "yes", "job: 'yes'\n"],
      ["a number stays one", "job: 1\n", "2", "job: 2\n"],
      ["plain with a colon", "job: x\n", "a: b", "job: 'a: b'\n"],
      ["plain in flow", "job: [x, y]\n", "a, b", undefined],
      ["single quotes", "job: 'x' # c\n", "it's", "job: 'it''s' # c\n"],
      ["single quotes with a line break", "job: 'x'\n", "a\nb", 'job: "a\\nb"\n'],
      ["double quotes", 'job: "x"\n', 'say "hi"\\', 'job: "say \\"hi\\"\\\\"\n'],
      ["literal", "job: |\n  x\n  y\nb: 1\n", "p\n\n q\n", "job: |\n  p\n\n   q\nb: 1\n"],
      ["literal without last line break", "job: |\n  x\nb: 1\n", "p", "job: |-\n  p\nb: 1\n"],
      ["literal that begins with a blank", "job:\n  k: |\n    x\n", " p\n", undefined],
      ["folded", "job: >-\n  x\n  y\n", "p", "job: >-\n  p\n"],
      ["folded with line breaks", "job: >-\n  x\n  y\n", "p\nq", "job: |-\n  p\n  q\n"],
      ["absent", "job:\nb: 1\n", "p", "job: p\nb: 1\n"],
    ] as const) {
      it(`replaceScalar: ${name}`, () => {
        if (after !== undefined) check(before, (file) => replaceScalar(scalarAt(file, ["job"]), text), after);
        else {
          const file = parse(before);
          const path = before.includes("[") ? ["job", 0] : ["job", "k"];
          const result = parse(apply(before, file, replaceScalar(scalarAt(file, path), text)));
          assert.deepEqual(problemsOf(result), []);
          assert.equal(scalarAt(result, path).text, text);
        }
      });
    }
    it("appendToScalar keeps the style", () => {
      check(
        "job:\n  - docker build # c\n  - 'it''s'\n",
        (file) => appendToScalar(scalarAt(file, ["job", 0]), " ."),
        "job:\n  - docker build . # c\n  - 'it''s'\n",
      );
      check(
        "job: |\n  a\n  b\n\nx: 1\n",
        (file) => appendToScalar(scalarAt(file, ["job"]), " ."),
        "job: |\n  a\n  b .\n\nx: 1\n",
      );
      check('job: "a\\n"\n', (file) => appendToScalar(scalarAt(file, ["job"]), '"'), 'job: "a\\"\\n"\n');
    });
    it("replaceInScalar keeps the rest as it is written", () => {
      const replacePart = (before: string, part: string, newText: string, after: string): void => {
        check(
          before,
          (file) => {
            const scalar = scalarAt(file, ["job"]);
            const from = scalar.text.indexOf(part);
            return replaceInScalar(scalar, scalar.mapped.at(from, from + part.length), newText);
          },
          after,
        );
      };
      replacePart('job: "a\\tb \\"c\\""\n', "b", 'x"', 'job: "a\\tx\\" \\"c\\""\n');
      replacePart("job: 'it''s b'\n", "b", "c's", "job: 'it''s c''s'\n");
      replacePart("job: >\n  a\n  b c\n", "b", "x", "job: >\n  a\n  x c\n");
      replacePart("job: |\n  a\n  b c\n", "b", "x\ny", "job: |\n  a\n  x\n  y c\n");
      replacePart("job: a b c\n", "b", "x: y", "job: 'a x: y c'\n");
    });

    const parts = fc.constantFrom(
      "a",
      "b c",
      " ",
      "'",
      '"',
      "\\",
      ": ",
      " #",
      "-",
      "é",
      "😀",
      "$X",
      "[",
      "{",
      ",",
      "\n",
      "\t",
      "x y",
    );
    const someText = fc.array(parts, { maxLength: 6 }).map((all) => all.join(""));
    const sources = fc.constantFrom(
      "plain text",
      "plain\n    over lines",
      "'it''s quoted'",
      "'quoted\n\n    over lines'",
      '"a\\tb \\"c\\" \\u00e9 d"',
      '"a\\\n    b\n    c"',
      "|\n    one two\n    three",
      "|-\n    one\n\n     two",
      "|+\n    one\n",
      "|2\n    one\n",
      ">\n    one\n    two\n\n    three",
      ">-\n    one\n      more\n    two",
    );
    const around = fc.constantFrom<readonly [string, string]>(
      ["job:\n  k: ", "\nother: 1\n"],
      ["job:\n  - ", " # c\n"],
      ["job:\n  - - &a ", "\n    - z"],
      ["job: {k: ", ", l: 1}\n"],
      ["job: [x, ", "]\n"],
    );

    function target(file: YamlFile): YamlScalar | undefined {
      const all = topPairs(file).flatMap((pair) => leaves(pair.value));
      return all.find(
        (scalar) => scalar.text.includes("l") || scalar.text.includes("o") || scalar.text.includes("a"),
      );
    }
    const leaves = (node: YamlNode): YamlScalar[] =>
      node.kind === "scalar"
        ? [node]
        : node.kind === "seq"
          ? node.items.flatMap(leaves)
          : node.kind === "map"
            ? node.pairs.flatMap((pair) => leaves(pair.value))
            : [];

    it("any part of any scalar can be replaced by any text, and nothing else changes", () => {
      let checked = 0;
      fc.assert(
        fc.property(
          sources,
          around,
          someText,
          fc.nat(20),
          fc.nat(20),
          fc.constantFrom("part", "whole", "append"),
          (source, [before, after], newText, a, b, what) => {
            const text = before + source + after;
            const file = parse(text);
            if (problemsOf(file).length > 0) return;
            const scalar = target(file);
            if (scalar === undefined) return;
            const from = Math.min(a, b, scalar.text.length);
            const to = Math.min(Math.max(a, b), scalar.text.length);
            const end = scalar.text.replace(/\n+$/, "").length;
            const [expected, edits] =
              what === "whole"
                ? [newText, replaceScalar(scalar, newText)]
                : what === "append"
                  ? [
                      scalar.text.slice(0, end) + newText + scalar.text.slice(end),
                      appendToScalar(scalar, newText),
                    ]
                  : [
                      scalar.text.slice(0, from) + newText + scalar.text.slice(to),
                      replaceInScalar(scalar, scalar.mapped.at(from, to), newText),
                    ];
            if (what === "part" && (isInsideEscape(scalar, from) || isInsideEscape(scalar, to))) return;
            checked += 1;
            const result = apply(text, file, edits);
            const reread = parse(result);
            const others = (of: YamlFile): readonly string[] =>
              topPairs(of)
                .flatMap((pair) => leaves(pair.value))
                .map((leaf) => leaf.text);
            const expectedTexts = others(file).map((each, index) =>
              index === others(file).indexOf(scalar.text) ? expected : each,
            );
            assert.deepEqual(
              problemsOf(reread).map((problem) => problem.message),
              [],
              result,
            );
            assert.deepEqual(others(reread), expectedTexts, JSON.stringify({ text, result }));
            const value = topPairs(reread).flatMap((pair) => leaves(pair.value))[
              others(file).indexOf(scalar.text)
            ];
            assert.equal(typeof value?.value, "string", result);
          },
        ),
        { numRuns: 6000 },
      );
      assert.ok(checked > 3000, String(checked));
    });
    /** A place between two characters that one escape or fold stands for has no source of its own. */
    function isInsideEscape({ mapped }: YamlScalar, offset: number): boolean {
      if (offset === 0 || offset >= mapped.text.length) return false;
      return mapped.at(offset, offset).start === mapped.at(offset - 1, offset - 1).start;
    }
  });

  describe("random documents", () => {
    type Tree = string | readonly Tree[] | { readonly [key: string]: Tree };
    const tree: fc.Arbitrary<Tree> = fc.letrec<{ node: Tree; leaf: string }>((tie) => ({
      leaf: fc.constantFrom(
        "x",
        "'q'",
        '"d"',
        "|\n  l\n  m",
        ">-\n  f\n  g",
        "[a, b]",
        "{a: 1, b: [c]}",
        "!reference [a, b]",
        "&n v",
        "",
      ),
      node: fc.oneof(
        { maxDepth: 3 },
        tie("leaf"),
        fc.array(tie("node"), { minLength: 1, maxLength: 3 }),
        fc.dictionary(fc.constantFrom("k", "l", "m", "n"), tie("node"), { minKeys: 1, maxKeys: 3 }),
      ),
    })).node;
    const isMapTree = (node: Tree): node is { readonly [key: string]: Tree } =>
      typeof node === "object" && !Array.isArray(node);

    /** Writes a tree with a given step, dashes indented or not, with comments everywhere. */
    function write(node: Tree, column: number, step: number, dashes: number): string {
      const pad = " ".repeat(column);
      if (typeof node === "string")
        return ` ${node.replaceAll("\n  ", `\n${" ".repeat(column)}`)}${node.includes("\n") ? "" : " # t"}\n`;
      const lines = isMapTree(node)
        ? Object.entries(node).map(
            ([key, value]) => `${pad}# about ${key}\n${pad}${key}:${below(value, column, step, dashes)}`,
          )
        : node.map(
            (value) =>
              `${pad}# item\n${pad}-${typeof value === "string" ? write(value, column + 2, step, dashes) : ` # dash\n${write(value, column + 2, step, dashes)}`}`,
          );
      return lines.join("");
    }
    function below(value: Tree, column: number, step: number, dashes: number): string {
      if (typeof value === "string") return write(value, column + step, step, dashes);
      return ` # head\n${write(value, column + (isMapTree(value) ? step : dashes), step, dashes)}`;
    }

    function nodesOf(node: YamlNode): YamlNode[] {
      if (node.kind === "seq") return [node, ...node.items.flatMap(nodesOf)];
      return node.kind === "map" ? [node, ...node.pairs.flatMap((pair) => nodesOf(pair.value))] : [node];
    }
    const comments = (text: string): readonly string[] =>
      text
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line.startsWith("#"));

    /** The data with the node at a place replaced, to compare with. */
    function expectedData(file: YamlFile, at: YamlNode, change: (value: unknown) => unknown): unknown {
      const rebuild = (node: YamlNode): unknown => {
        const value =
          node.kind === "seq"
            ? node.items.map(rebuild)
            : node.kind === "map"
              ? Object.fromEntries(node.pairs.map((pair) => [keyText(pair) ?? "?", rebuild(pair.value)]))
              : data(node);
        return node === at ? change(value) : value;
      };
      return Object.fromEntries(topPairs(file).map((pair) => [keyText(pair) ?? "?", rebuild(pair.value)]));
    }

    it("each edit changes its own node and keeps every comment on a line of its own", () => {
      let checked = 0;
      const newValues = fc.constantFrom<readonly [string, unknown]>(
        ["z", "z"],
        ["- p\n- q", ["p", "q"]],
        ["p: 1\nq: [2]", { p: 1, q: [2] }],
        ["|\n  t\n  u", "t\nu\n"],
        ["'s'", "s"],
      );
      fc.assert(
        fc.property(
          tree,
          fc.constantFrom(2, 4),
          fc.constantFrom(0, 2),
          fc.nat(30),
          newValues,
          fc.nat(3),
          (node, step, dashes, pick, [yaml, value], index) => {
            const text = `first: 1\njob:${below(node, 0, step, dashes)}last: 1`;
            const file = parse(text);
            assert.deepEqual(
              problemsOf(file).map((problem) => problem.message),
              [],
              text,
            );
            const job = topPairs(file)[1]?.value;
            if (job === undefined) return;
            const all = nodesOf(job).filter((each) => each.kind === "map" || each.kind === "seq");
            const at = all[pick % Math.max(all.length, 1)];
            if (at === undefined || at.tag !== undefined) return;
            for (const [edits, change, kept] of editsOf(at, yaml, value, index)) {
              checked += 1;
              const result = apply(text, file, edits);
              const reread = parse(result);
              assert.deepEqual(
                problemsOf(reread).map((problem) => problem.message),
                [],
                `${text}\n=>\n${result}`,
              );
              assert.deepEqual(dataOf(reread), expectedData(file, at, change), `${text}\n=>\n${result}`);
              if (kept) assert.deepEqual(comments(result), comments(text), `${text}\n=>\n${result}`);
            }
          },
        ),
        { numRuns: 1500 },
      );
      assert.ok(checked > 1500, String(checked));
    });

    type Change = readonly [readonly ChunkEdit[], (value: unknown) => unknown, boolean];
    const asObject = (value: unknown): Record<string, unknown> => ({ ...(value as Record<string, unknown>) });
    const asList = (value: unknown): readonly unknown[] => value as readonly unknown[];

    function editsOf(at: YamlNode, yaml: string, value: unknown, index: number): readonly Change[] {
      if (at.kind === "map") {
        const pair = at.pairs[index % at.pairs.length];
        if (pair === undefined) return [];
        const key = keyText(pair) ?? "?";
        return [
          [setKey(at, "new", yaml), (old) => ({ ...asObject(old), new: value }), true],
          [insertKeyFirst(at, "new", yaml), (old) => ({ new: value, ...asObject(old) }), true],
          [insertKeyAfter(at, pair, "new", yaml), (old) => ({ ...asObject(old), new: value }), true],
          [setKey(at, key, yaml), (old) => ({ ...asObject(old), [key]: value }), false],
          [
            removePair(at, pair),
            (old) => {
              const { [key]: _gone, ...rest } = asObject(old);
              return Object.keys(rest).length === 0 && !at.flow ? null : rest;
            },
            false,
          ],
        ];
      }
      if (at.kind !== "seq") return [];
      const place = index % at.items.length;
      return [
        [appendItem(at, yaml), (old) => [...asList(old), value], true],
        [
          insertItemBefore(at, place, yaml),
          (old) => [...asList(old).slice(0, place), value, ...asList(old).slice(place)],
          true,
        ],
        [
          removeItem(at, place),
          (old) => {
            const rest = asList(old).filter((_item, each) => each !== place);
            return rest.length === 0 && !at.flow ? null : rest;
          },
          false,
        ],
      ];
    }
  });

  it("indentOf is the column of the first key or the dash", () => {
    const file = parse("job:\n    a: 1\nlist:\n  - x: 1\n    y: 2\n");
    assert.equal(indentOf(find(file, ["job"])), 4);
    assert.equal(indentOf(find(file, ["list"])), 2);
    assert.equal(indentOf(find(file, ["list", 0])), 4);
  });
});
