// YAML files: cut into blocks, read into nodes, errors survived, blocks reused.
import assert from "node:assert/strict";
import fc from "fast-check";
import { createSourceFile } from "../../server/src/core/text/source-file";
import { textAt } from "../../server/src/core/text/located";
import { parseYaml } from "../../server/src/core/syntax/yaml";
import {
  keyText,
  pairOf,
  problemsOf,
  valueOf,
  type YamlBlock,
  type YamlFile,
  type YamlMap,
  type YamlNode,
} from "../../server/src/core/syntax/yaml-nodes";

const parse = (text: string, previous?: YamlFile): YamlFile =>
  parseYaml(createSourceFile("a.yml", "gitlab-ci", text), previous);

const blocksOf = (file: YamlFile): readonly YamlBlock[] =>
  file.documents.flatMap((document) => document.blocks);

const topKeys = (file: YamlFile): readonly (string | undefined)[] =>
  blocksOf(file).flatMap((block) => block.pairs.map(keyText));

function topValue(file: YamlFile, key: string): YamlNode {
  const pair = blocksOf(file)
    .flatMap((block) => block.pairs)
    .findLast((candidate) => keyText(candidate) === key);
  assert.ok(pair !== undefined, `no ${key}`);
  return pair.value;
}

function topMap(file: YamlFile, key: string): YamlMap {
  const value = topValue(file, key);
  assert.ok(value.kind === "map");
  return value;
}

/** Problems as `line:text: message`, to be compared. */
function problems(text: string): readonly string[] {
  const source = createSourceFile("a.yml", "gitlab-ci", text);
  const file = parseYaml(source);
  return problemsOf(file).map(({ message, at }) => {
    const { line } = source.lines.positionAt((file.chunks.get(at.chunk) ?? Number.NaN) + at.start);
    assert.ok(
      at.start >= 0 && at.start <= at.end && at.end <= at.chunk.text.length,
      "the place lies in its chunk",
    );
    return `${String(line + 1)}:${textAt(at)}: ${message}`;
  });
}

/** Plain data, to compare a file with. */
function data(node: YamlNode): unknown {
  if (node.kind === "alias") return `*${node.name}`;
  if (node.kind === "seq") return node.items.map(data);
  if (node.kind === "scalar") return node.value;
  return Object.fromEntries(node.pairs.map((pair) => [keyText(pair) ?? "?", data(pair.value)]));
}

function assertReassembles(text: string): void {
  const file = parse(text);
  let at = 0;
  for (const [chunk, offset] of file.chunks) {
    assert.equal(offset, at);
    at += chunk.text.length;
  }
  assert.equal(
    [...file.chunks.keys()].map((chunk) => chunk.text).join(""),
    createSourceFile("a.yml", "gitlab-ci", text).text,
  );
  assert.deepEqual(
    blocksOf(file).map((block) => block.chunk),
    [...file.chunks.keys()],
  );
}

describe("YAML files", () => {
  describe("cutting", () => {
    it("one block for each top-level key; what precedes the first key is a block without entries", () => {
      const file = parse("# head\n\na: 1\n# about b\nb:\n- x\n-\n- y\nc: {\n}\n");
      assert.deepEqual(
        blocksOf(file).map((block) => block.chunk.text),
        ["# head\n\n", "a: 1\n# about b\n", "b:\n- x\n-\n- y\n", "c: {\n}\n"],
      );
      assert.deepEqual(topKeys(file), ["a", "b", "c"]);
    });
    it("documents end at --- and ...; a header document stands alone", () => {
      const file = parse("spec:\n  inputs: {}\n---\njob:\n  script: x\n...\n# end\n");
      assert.equal(file.documents.length, 2);
      assert.deepEqual(
        file.documents.map((document) => document.blocks.flatMap((block) => block.pairs.map(keyText))),
        [["spec"], ["job"]],
      );
    });
    it("directives and a leading marker belong to the document behind them", () => {
      const file = parse("%YAML 1.2\n---\na: 1\n");
      assert.equal(file.documents.length, 1);
      assert.deepEqual(problemsOf(file), []);
    });
    it("content behind ... is a document of its own", () => {
      assert.deepEqual(
        parse("a: 1\n...\nb: 2\n").documents.map((document) =>
          document.blocks.flatMap((block) => block.pairs.map(keyText)),
        ),
        [["a"], ["b"]],
      );
    });
    for (const [name, text, kind] of [
      ["a list", "- a\n- b\n", "seq"],
      ["a flow mapping", '{\n"a": 1,\n"b": 2\n}\n', undefined],
      ["a flow list", "[a,\nb]\n", "seq"],
      ["a scalar", "just\ntext\n", "scalar"],
      ["a block scalar", "|\n text\n", "scalar"],
      ["text behind the marker", "--- text\n", "scalar"],
      ["complex keys", "a: 1\n? b\n: 2\nc: 3\n", undefined],
      ["an indented mapping", "    a: 1\n    b: 2\n", undefined],
    ] as const) {
      it(`${name} is one block`, () => {
        const blocks = blocksOf(parse(text));
        assert.equal(blocks.length, 1);
        assert.equal(blocks[0]?.root?.kind, kind);
        assert.deepEqual(problems(text), []);
      });
    }
    it("whatever the text, every character is in one chunk, in order", () => {
      const line = fc.constantFrom(
        "a: 1",
        "b:",
        "  - x",
        "- y",
        "-",
        "---",
        "...",
        "--- x",
        "# c",
        "",
        "  k: |",
        "    t",
        "]",
        "}",
        "? q",
        ": v",
        "%D",
        "\tz",
        "'o",
        '"p',
        "{",
        "[",
        "job",
        " k: v",
        "-x: 1",
        "*a",
        "&b c: d",
        "\r",
        "\ufeff",
      );
      fc.assert(
        fc.property(fc.array(line, { maxLength: 12 }), fc.boolean(), (lines, end) => {
          assertReassembles(lines.join("\n") + (end ? "\n" : ""));
        }),
        { numRuns: 3000 },
      );
    });
    it("no text, no document", () => {
      assert.equal(parse("").documents.length, 0);
      assert.equal(parse("").chunks.size, 0);
    });
  });

  describe("nodes", () => {
    const file = parse(
      "job: &j\n  script: !reference [.a, script]\n  tag: !!str 12\n  <<: *base\n  <<: [*a, *b]\n  e:\n  f: # c\n  n: [x: 1, y]\n  m: {k, l: }\n  'q': |\n    one\n\n  r: 1\n",
    );
    const job = topMap(file, "job");
    it("anchors, tags and aliases stay what they are", () => {
      assert.equal(job.anchor, "j");
      const script = valueOf(job, "script");
      assert.ok(script !== undefined);
      assert.equal(script.tag, "!reference");
      assert.equal(valueOf(job, "tag")?.tag, "!!str");
      assert.equal(textAt(script.at), "[.a, script]");
      assert.deepEqual(
        job.pairs.filter((pair) => keyText(pair) === "<<").map((pair) => data(pair.value)),
        ["*base", ["*a", "*b"]],
      );
    });
    it("an absent value is an empty range behind its colon", () => {
      for (const key of ["e", "f"]) {
        const pair = pairOf(job, key);
        assert.ok(pair?.value.kind === "scalar" && pair.value.style === "empty" && pair.value.value === null);
        assert.equal(pair.value.at.start, pair.key.at.end + 1);
        assert.equal(pair.value.at.end, pair.value.at.start);
      }
    });
    it("bare pairs in flow lists and bare keys in flow mappings", () => {
      assert.deepEqual(data(valueOf(job, "n") ?? job), [{ x: 1 }, "y"]);
      assert.deepEqual(data(valueOf(job, "m") ?? job), { k: null, l: null });
    });
    it("a block scalar ends with its last line of text, a collection with its last entry", () => {
      const literal = valueOf(job, "q");
      assert.equal(literal === undefined ? "" : textAt(literal.at), "|\n    one");
      assert.ok(textAt(job.at).endsWith("r: 1"));
      assert.equal(job.pairs.map((pair) => textAt(pair.at)).at(-1), "r: 1");
    });
    it("nodes are frozen", () => {
      assert.ok(Object.isFrozen(job) && Object.isFrozen(job.pairs) && Object.isFrozen(job.pairs[0]?.key));
    });
  });

  describe("problems", () => {
    for (const [name, text, expected] of [
      [
        "a key without colon, first in its job",
        "job:\n  scr\n  image: x\nb: 1\n",
        ["2:scr: `scr` is no key: a colon and a blank must follow a key"],
      ],
      [
        "a key without colon, last in its job",
        "job:\n  image: x\n  scr\nb: 1\n",
        ["3:scr: `scr` is no key: a colon and a blank must follow a key"],
      ],
      [
        "a key without colon behind a list",
        "job:\n  script:\n    - x\n  scr\nb: 1\n",
        ["4:scr: `scr` is no key: a colon and a blank must follow a key"],
      ],
      [
        "a top-level key without colon",
        "a: 1\njob\nb: 2\n",
        ["2:job: `job` is no key: a colon and a blank must follow a key"],
      ],
      [
        "an open double quote",
        'a:\n  b: "open\n  c: d\nb: 1\n',
        ['2:": the quote `"` is not closed: what follows it is read as text'],
      ],
      [
        "an open single quote",
        "a:\n  b: 'open\nb: 1\n",
        ["2:': the quote `'` is not closed: what follows it is read as text"],
      ],
      [
        "an open bracket",
        "a:\n  b: [x, y\n  c: d\nb: 1\n",
        ["2:[: `[` is not closed: `]` is missing, or stands too far left"],
      ],
      [
        "a second colon",
        "a: b: c\n",
        ["1:b: a second `: ` on the line of a key: put the value into quotes, or begin it on the next line"],
      ],
      ["a tab", "a:\n\tb: 1\n", ["2:\t: a tab cannot indent YAML: use blanks"]],
      ["a reserved character", "a: @x\n", ["1:@x: a value cannot begin with `@`: put it into quotes"]],
      [
        "an unknown escape",
        'a: "\\q"\n',
        ["1:\\q: `\\q` is unknown in double quotes: double the backslash, or use single quotes"],
      ],
      [
        "text behind a quote",
        "a: 'x' y\n",
        ["1:y: `y` stands behind the end of the value: put the whole value into one pair of quotes"],
      ],
      [
        "a list on the line of its key",
        "a: - b\n",
        ["1:-: a list cannot begin on the line of its key: put `- ` on the next line"],
      ],
      [
        "keys in different columns",
        "a:\n  b: 1\n c: 2\n",
        ["3:c: `c` is indented differently from the keys above it: all must begin at the same column"],
      ],
      [
        "a key written twice",
        "a:\n  b: 1\n  b: 2\n",
        [
          "3:b: `b` is written twice in this mapping: the last one wins, and what the earlier one says is lost",
        ],
      ],
      [
        "a top-level key written twice",
        "a: 1\nb: 2\na: 3\n",
        [
          "3:a: `a` is written twice in this mapping: the last one wins, and what the earlier one says is lost",
        ],
      ],
      ["two documents may have the same key", "a: 1\n---\na: 3\n", []],
      ["two merge keys are no duplicates", "x: &x {}\ny: &y {}\nz:\n  <<: *x\n  <<: *y\n", []],
      [
        "an alias before its anchor",
        "a: *x\nb: &x 1\n",
        [
          "1:*x: no anchor `&x` stands before this alias: anchors do not reach across files, use `!reference` or `extends` for that",
        ],
      ],
      ["an alias to an earlier block", "a: &x 1\nb: *x\n", []],
      ["an alias inside its own anchor's node", "a: &x [*x]\n", []],
      [
        "anchors end with their document",
        "a: &x 1\n---\nb: *x\n",
        [
          "3:*x: no anchor `&x` stands before this alias: anchors do not reach across files, use `!reference` or `extends` for that",
        ],
      ],
      [
        "an indented first key",
        "  a: 1\nb: 2\n",
        [
          "1:a: this key is indented, the keys below it are not: keys of one mapping begin at the same column",
        ],
      ],
      [
        "a list beside keys",
        "- a\nb: 2\n",
        [
          "1:- a: this stands beside the keys of the file and belongs to none of them: give it a key, or indent it below one",
        ],
      ],
    ] as const) {
      it(name, () => {
        assert.deepEqual(problems(text), expected);
      });
    }
    it("a broken job leaves the others, and its own keys before the error, readable", () => {
      const file = parse("a:\n  image: x\n  script: [\"open\nb:\n  image: y\nc: 'open\nd:\n  image: z\n");
      assert.deepEqual(topKeys(file), ["a", "b", "c", "d"]);
      assert.equal(data(valueOf(topMap(file, "a"), "image") ?? topValue(file, "a")), "x");
      assert.deepEqual(data(topValue(file, "b")), { image: "y" });
      assert.deepEqual(data(topValue(file, "d")), { image: "z" });
    });
    it("a half-typed key does not take the next one along", () => {
      assert.deepEqual(data(topValue(parse("job:\n  scr\n  image: x\n  stage: y\n"), "job")), {
        scr: null,
        image: "x",
        stage: "y",
      });
    });
    it("every prefix of a file is read without a crash, and keeps its finished jobs", () => {
      const text =
        "a:\n  script: &s\n    - \"x\\n\" # c\n    - 'y'\n    - {k: [v, *s]}\n  b: !reference [c, d]\n  e: |-\n    t\nz:\n  f: >\n    g\n";
      for (let end = 0; end <= text.length; end += 1) {
        const file = parse(text.slice(0, end));
        problems(text.slice(0, end));
        if (end > text.indexOf("z:") + 1) assert.deepEqual(topKeys(file), ["a", "z"]);
      }
    });
  });

  describe("reuse", () => {
    const text = Array.from({ length: 20 }, (_, index) => `job${String(index)}:\n  script: x\n`).join("");
    it("an edit makes one new block", () => {
      const before = parse(text);
      const after = parse(text.replace("job7:\n  script: x", "job7:\n  script: xy"), before);
      const kept = blocksOf(after).filter((block) => blocksOf(before).includes(block));
      assert.equal(kept.length, 19);
      assert.equal(data(valueOf(topMap(after, "job7"), "script") ?? topValue(after, "job7")), "xy");
    });
    it("an inserted, removed or moved job leaves the others; offsets move", () => {
      const before = parse(text);
      const inserted = parse(`new: 1\n${text}`, before);
      assert.deepEqual(blocksOf(inserted).slice(1), blocksOf(before));
      assert.ok(blocksOf(before).every((block, index) => block === blocksOf(inserted)[index + 1]));
      const first = blocksOf(before)[0];
      assert.ok(first !== undefined);
      assert.equal(inserted.chunks.get(first.chunk), "new: 1\n".length);
      const moved = parse(text.slice(first.chunk.text.length) + first.chunk.text, before);
      assert.equal(blocksOf(moved).at(-1), first);
      const removed = parse(text.slice(first.chunk.text.length), before);
      assert.ok(blocksOf(removed).every((block, index) => block === blocksOf(before)[index + 1]));
    });
    it("equal texts have chunks of their own, found again in their order", () => {
      const before = parse("a: 1\na: 1\na: 1\n");
      assert.equal(before.chunks.size, 3);
      const after = parse("b: 2\na: 1\na: 1\na: 1\n", before);
      assert.equal(after.chunks.size, 4);
      assert.ok(
        blocksOf(after)
          .slice(1)
          .every((block, index) => block === blocksOf(before)[index]),
      );
    });
    it("an unchanged document is the same object; another file's blocks are not taken", () => {
      const before = parse(text);
      assert.equal(parse(text, before).documents[0], before.documents[0]);
      const other = parseYaml(createSourceFile("b.yml", "gitlab-ci", text), before);
      assert.equal(blocksOf(other)[0]?.chunk.file, "b.yml");
    });
    it("reading with an older version gives what reading afresh gives", () => {
      const line = fc.constantFrom(
        "a: 1",
        "b:",
        "  - x",
        "- y",
        "---",
        "...",
        "# c",
        "",
        "c: |",
        "  t",
        "d: 'o",
        "*e",
      );
      const lines = fc.array(line, { maxLength: 8 }).map((all) => all.join("\n"));
      const shape = (file: YamlFile): unknown => [
        [...file.chunks].map(([chunk, offset]) => [chunk.text, offset]),
        problemsOf(file).map((problem) => [problem.message, problem.at.start]),
      ];
      fc.assert(
        fc.property(lines, lines, (first, second) => {
          assert.deepEqual(shape(parse(second, parse(first))), shape(parse(second)));
        }),
        { numRuns: 1500 },
      );
    });
  });

  describe("hostile input", () => {
    const deep = 100_000;
    for (const [name, text] of [
      ["flow lists", `a: ${"[".repeat(deep)}`],
      ["flow mappings", `a: ${"{a: ".repeat(deep)}`],
      ["dashes on one line", `a:\n  ${"- ".repeat(deep)}`],
      [
        "keys below keys",
        `a:\n${Array.from({ length: 3000 }, (_, index) => `${" ".repeat(index + 1)}k:\n`).join("")}`,
      ],
      ["brackets behind an open quote", `a: "x\n ${"[".repeat(deep)}`],
      ["brackets over many lines", `a:\n  k: [\n${`    ${"[".repeat(90)}\n`.repeat(500)}`],
    ] as const) {
      it(`${name}, nested too deep, are refused in their block only`, () => {
        const file = parse(`${text}\nok: 1\n`);
        const [problem] = problemsOf(file);
        assert.equal(problem?.message, "this is nested too deep to be read");
        assert.equal(data(topValue(file, "ok")), 1);
      });
    }
    it("brackets in scripts are not nesting", () => {
      const script = Array.from(
        { length: 300 },
        (_, index) => `    echo -e "\\e[0Ksection_start:${String(index)}\\r\\e[0K"`,
      ).join("\n");
      assert.deepEqual(
        problems(
          `job:\n  script: |\n${script}\n  quoted: "${"[".repeat(300)}"\n  plain: x${"[".repeat(300)}\n  # ${"[".repeat(300)}\n`,
        ),
        [],
      );
    });
    it("a file with NUL characters is refused with one problem", () => {
      const file = parse("a: 1\nb: \0\0\n");
      assert.equal(problemsOf(file).length, 1);
      assert.deepEqual(topKeys(file), []);
      assertReassembles("a: 1\nb: \0\0\n");
    });
    it("a line of nothing but mistakes is one problem, not thousands", () => {
      for (const line of [
        `a: ${"!a ".repeat(20_000)}`,
        `a: [${"? ".repeat(20_000)}`,
        `a: ${"] ".repeat(20_000)}`,
      ]) {
        const found = problems(`${line}\nok: 1\n`);
        assert.ok(found.length > 0 && found.length <= 2, String(found.length));
      }
    });
    it("many keys and many aliases are all read", () => {
      const keys = parse(
        `job:\n${Array.from({ length: 16_000 }, (_, index) => `  k${String(index)}: v\n`).join("")}`,
      );
      assert.equal(topMap(keys, "job").pairs.length, 16_000);
      const aliases = parse(`a: &a 1\nb:\n${"  - *a\n".repeat(5000)}`);
      assert.deepEqual(problemsOf(aliases), []);
    });
    it("any text at all is read without a crash", () => {
      fc.assert(
        fc.property(
          fc.string({
            unit: fc.constantFrom(...Array.from("ab:-?{}[],&*!|>'\"%@`#\n\t \\~<=.")),
            maxLength: 60,
          }),
          (text) => {
            problems(text);
            assertReassembles(text);
          },
        ),
        { numRuns: 4000 },
      );
    });
  });
});
