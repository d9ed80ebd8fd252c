// Dockerfiles: instructions, what stands behind their keywords, here-documents, directives, broken files survived.
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseDockerfile } from "../../server/src/core/syntax/dockerfile";
import type { DockerfileInstruction, DockerfileTree } from "../../server/src/core/syntax/dockerfile-nodes";
import { textAt } from "../../server/src/core/text/located";
import { createSourceFile } from "../../server/src/core/text/source-file";

const parse = (text: string): DockerfileTree =>
  parseDockerfile(createSourceFile("Dockerfile", "dockerfile", text));

/** The instruction that is alone in a file behind a FROM. */
function only(text: string, escape = "\\"): DockerfileInstruction {
  const head = escape === "\\" ? "" : `# escape=${escape}\n`;
  const instructions = parse(`${head}FROM a\n${text}\n`).instructions;
  assert.deepEqual(instructions.map((instruction) => instruction.keyword).slice(0, 1), ["FROM"]);
  assert.equal(instructions.length, 2);
  const instruction = instructions[1];
  assert.ok(instruction !== undefined);
  return instruction;
}

const words = (text: string): readonly string[] => only(text).words.map((word) => word.text);
const problems = (text: string): readonly string[] =>
  parse(text).problems.map(({ message, at }) => `${textAt(at)}: ${message}`);

describe("Dockerfile instructions", () => {
  it("have keyword, flags, operands and places", () => {
    const text =
      'from --platform=$BUILDPLATFORM golang:1 AS build\n\n# c\nCOPY --from=build --chmod="0 7" --link a b /\n';
    const tree = parse(text);
    const [from, copy] = tree.instructions;
    assert.ok(from !== undefined && copy !== undefined);
    assert.deepEqual([from.keyword, textAt(from.keywordAt)], ["FROM", "from"]);
    assert.equal(textAt(from.at), text.split("\n")[0]);
    assert.equal(from.rest.text, "golang:1 AS build");
    assert.deepEqual(
      from.flags.map(({ name, value, at, valueAt }) => [name, value, textAt(at), valueAt && textAt(valueAt)]),
      [["platform", "$BUILDPLATFORM", "--platform=$BUILDPLATFORM", "$BUILDPLATFORM"]],
    );
    assert.deepEqual(
      copy.flags.map(({ name, value }) => [name, value]),
      [
        ["from", "build"],
        ["chmod", "0 7"],
        ["link", undefined],
      ],
    );
    assert.deepEqual(
      copy.words.map((word) => [word.text, textAt(word.at)]),
      [
        ["a", "a"],
        ["b", "b"],
        ["/", "/"],
      ],
    );
    assert.deepEqual(tree.problems, []);
  });

  it("lose continuations, comments and empty lines inside, and keep the place of every character", () => {
    const run = only("RUN apt-get \\\n# comment\n\n   update \\ \n && doc\\\nker ps");
    assert.equal(run.rest.text, "apt-get    update  && docker ps");
    assert.deepEqual(
      run.words.map((word) => word.text),
      ["apt-get", "update", "&&", "docker", "ps"],
    );
    const start = run.rest.text.indexOf("docker");
    assert.equal(textAt(run.rest.at(start, start + 6)), "doc\\\nker");
    assert.equal(textAt(run.rest.at(start, start + 3)), "doc");
    assert.equal(textAt(run.rest.at(start + 3, start + 6)), "ker");
  });

  it("may have a keyword over two lines, and a continuation that the file ends with", () => {
    const tree = parse("FR\\\nOM a\nRUN b \\");
    assert.deepEqual(
      tree.instructions.map(({ keyword, rest }) => [keyword, rest.text]),
      [
        ["FROM", "a"],
        ["RUN", "b"],
      ],
    );
  });

  it("end with a doubled escape character", () => {
    assert.deepEqual(
      parse("FROM a\nRUN b\\\\\nRUN c").instructions.map(({ rest }) => rest.text),
      ["a", "b\\\\", "c"],
    );
  });

  it("split operands as BuildKit does", () => {
    assert.deepEqual(words('COPY "a b" c'), ['"a', 'b"', "c"]);
    assert.deepEqual(words('LABEL a="b c" d=e\\ f'), ['a="b c"', "d=e\\ f"]);
    assert.deepEqual(words("RUN echo 'a b' \"c"), ["echo", "'a b'", '"c']);
    assert.deepEqual(words("USER"), []);
  });
});

describe("Dockerfile JSON form", () => {
  const cases: readonly (readonly [string, readonly (readonly [string, string])[] | undefined])[] = [
    [
      'CMD ["a b", "c\\n", "\\u00e9]"]',
      [
        ["a b", '"a b"'],
        ["c\n", '"c\\n"'],
        ["é]", '"\\u00e9]"'],
      ],
    ],
    [
      'COPY --from=x [ "a", "b" ] ',
      [
        ["a", '"a"'],
        ["b", '"b"'],
      ],
    ],
    [
      'RUN ["a", \\\n "b"]',
      [
        ["a", '"a"'],
        ["b", '"b"'],
      ],
    ],
    ["CMD []", []],
    ["CMD ['a']", undefined],
    ['CMD ["a",]', undefined],
    ['CMD ["a" "b"]', undefined],
    ['CMD ["a", 1]', undefined],
    ['CMD ["a"] b', undefined],
    ["RUN [ -f x ] && y", undefined],
    ['WORKDIR ["a"]', undefined],
    ['HEALTHCHECK --interval=5s CMD ["a"]', [["a", '"a"']]],
    ["HEALTHCHECK CMD a", undefined],
  ];
  for (const [text, expected] of cases) {
    it(text, () => {
      const instruction = only(text);
      assert.deepEqual(
        instruction.json?.map((word) => [word.text, textAt(word.at)]),
        expected,
      );
      const rest = instruction.keyword === "HEALTHCHECK" ? ["CMD"] : [];
      if (expected !== undefined)
        assert.deepEqual(
          instruction.words.map((word) => word.text),
          rest,
        );
      else assert.ok(instruction.words.length > 0);
    });
  }
});

describe("Dockerfile assignments", () => {
  const cases: readonly (readonly [
    string,
    readonly (readonly [string, string | undefined, string | undefined])[],
  ])[] = [
    ["ARG A", [["A", undefined, undefined]]],
    [
      'ARG A B="1 2" C=',
      [
        ["A", undefined, undefined],
        ["B", "1 2", "1 2"],
        ["C", "", ""],
      ],
    ],
    [
      "ENV A='b c' D=e\\ f",
      [
        ["A", "b c", "b c"],
        ["D", "e f", "e\\ f"],
      ],
    ],
    [
      'ENV A="x"y B="a\\"b"',
      [
        ["A", "xy", '"x"y'],
        ["B", 'a"b', 'a\\"b'],
      ],
    ],
    [
      "ENV A=$B C=\\$D",
      [
        ["A", "$B", "$B"],
        ["C", "\\$D", "\\$D"],
      ],
    ],
    ["ENV A some value", [["A", "some value", "some value"]]],
    ["ENV A", [["A", undefined, undefined]]],
    [
      'LABEL "a b"="c" \\\n  d=e',
      [
        ["a b", "c", "c"],
        ["d", "e", "e"],
      ],
    ],
    ["RUN A=b", []],
  ];
  for (const [text, expected] of cases) {
    it(JSON.stringify(text), () => {
      const { assignments } = only(text);
      assert.deepEqual(
        assignments.map(({ name, value, valueAt }) => [name, value, valueAt && textAt(valueAt)]),
        expected,
      );
    });
  }
});

describe("Dockerfile here-documents", () => {
  const cases: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
    ["RUN <<EOF\nFROM x\nEOF", [["EOF", "FROM x\n"]]],
    [
      "COPY <<A <<'B' /x\n1\nA\n2\nB",
      [
        ["A", "1\n"],
        ["B", "2\n"],
      ],
    ],
    ["RUN cat <<-EOF\n\ta\n\t\tb\n\tEOF", [["EOF", "a\nb\n"]]],
    [
      'RUN cat 3<<EOF <<"my file"\nFOO\nEOF\nBAR\nmy file',
      [
        ["EOF", "FOO\n"],
        ["my file", "BAR\n"],
      ],
    ],
    ["ONBUILD RUN <<E\nx\nE", [["E", "x\n"]]],
    ["RUN <<E\nE", [["E", ""]]],
    ["RUN \\<<EOF", []],
    ["RUN a<<EOF", []],
    ["RUN echo $((1 << 2)) '<<EOF'", []],
    ["CMD <<EOF", []],
    ['RUN ["<<EOF", "x"]', []],
  ];
  for (const [text, expected] of cases) {
    it(JSON.stringify(text), () => {
      const tree = parse(`FROM a\n${text}\nUSER b\n`);
      assert.deepEqual(
        tree.instructions.map(({ keyword }) => keyword),
        ["FROM", text.split(" ")[0], "USER"],
      );
      assert.deepEqual(tree.problems, []);
      const instruction = tree.instructions[1];
      assert.ok(instruction !== undefined);
      assert.equal(textAt(instruction.at), text);
      assert.deepEqual(
        instruction.heredocs.map(({ delimiter, body }) => [delimiter, body.text]),
        expected,
      );
      assert.ok(!instruction.rest.text.includes("\n"));
    });
  }

  it("map the body back to the file, tabs left out", () => {
    const body = only("RUN <<-E\n\tdocker ps\n\tE").heredocs[0]?.body;
    assert.ok(body !== undefined);
    assert.equal(textAt(body.at(0, 6)), "docker");
  });

  it("end where an instruction begins while their delimiter is missing", () => {
    const text = "FROM a\nRUN <<EOF\nfoo\nCOPY x y\n";
    assert.deepEqual(
      parse(text).instructions.map(({ keyword }) => keyword),
      ["FROM", "RUN", "COPY"],
    );
    assert.deepEqual(problems(text), ["<<EOF: unterminated heredoc: no line says `EOF`"]);
  });
});

describe("Dockerfile directives and triggers", () => {
  it("are read in front of the first instruction", () => {
    const tree = parse(
      "# syntax=docker/dockerfile:1\n# ESCAPE = `\n# check=skip=all;error=true\nFROM a\nRUN b `\n c\\\nRUN d",
    );
    assert.deepEqual(
      tree.directives.map(({ name, value }) => [name, value]),
      [
        ["syntax", "docker/dockerfile:1"],
        ["escape", "`"],
        ["check", "skip=all;error=true"],
      ],
    );
    assert.equal(tree.escape, "`");
    assert.deepEqual(
      tree.instructions.map(({ rest }) => rest.text),
      ["a", "b  c\\", "d"],
    );
  });

  it("are not read behind a comment, but `# syntax` is behind a shebang", () => {
    assert.deepEqual(parse("# hello\n# escape=`\nFROM a").directives, []);
    const [syntax] = parse("#!/usr/bin/env docker\n# syntax=docker/dockerfile:1\nFROM a").directives;
    assert.deepEqual(
      [syntax?.name, syntax?.value, syntax && textAt(syntax.at)],
      ["syntax", "docker/dockerfile:1", "# syntax=docker/dockerfile:1"],
    );
  });

  it("ONBUILD holds an instruction", () => {
    const { keyword, trigger } = only("ONBUILD copy --from=x a b");
    assert.equal(keyword, "ONBUILD");
    assert.ok(trigger !== undefined);
    assert.deepEqual(
      [trigger.keyword, textAt(trigger.keywordAt), trigger.flags[0]?.value],
      ["COPY", "copy", "x"],
    );
    assert.equal(only("ONBUILD ONBUILD RUN x").trigger, undefined);
    assert.equal(only("ONBUILD").trigger, undefined);
  });
});

describe("broken Dockerfiles", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["", [": file with no instructions"]],
    ["# only a comment\n", ["# only a comment\n: file with no instructions"]],
    ["FROM a\nFOO b\nRUN c", ["FOO: unknown instruction: FOO"]],
    ["FROM a\nONBUILD FOO b", ["FOO: unknown instruction: FOO"]],
    [
      "ARG A\nRUN b\nFROM c",
      ["RUN: no build stage in current context: `RUN` stands in front of the first `FROM`"],
    ],
    ["{% if x %}\nFROM {{ base }}\n{% endif %}", []],
    ["FROM", []],
    ["FROM a\nCOPY --from=", []],
  ];
  for (const [text, expected] of cases) {
    it(JSON.stringify(text), () => {
      assert.deepEqual(problems(text), expected);
    });
  }

  it("give the earlier tree back for the same text", () => {
    const tree = parse("FROM a");
    const file = createSourceFile("Dockerfile", "dockerfile", "FROM a");
    assert.equal(parseDockerfile(file, tree), tree);
    assert.notEqual(parseDockerfile(createSourceFile("Dockerfile", "dockerfile", "FROM b"), tree), tree);
  });
});

describe("any Dockerfile text", () => {
  const token = fc.constantFrom(
    ..."FROM RUN COPY ENV ARG LABEL CMD ONBUILD HEALTHCHECK # \\ ` <<E E <<-'F F 3<<E \\<<E [ ] \" ' , = --from= -- a:$X $ {{ }}".split(
      " ",
    ),
    "# escape=`\n",
    "# syntax=x\n",
    '["a", "b"]',
    "\n",
    "\n",
    "\t",
    "\\\n",
    "\u{1f433}",
    "é",
  );

  /** The written text without what a logical line loses. */
  const joined = (text: string, escape: string): string =>
    text
      .split("\n")
      .filter((line, index) => index === 0 || !/^\s*(?:#.*)?$/.test(line))
      .map((line) => (line.trimEnd().endsWith(escape) ? line.replace(/[ \t]+$/, "").slice(0, -1) : line))
      .join("");

  const checkWords = (tree: DockerfileTree, instruction: DockerfileInstruction): void => {
    const { words: operands, flags, json, assignments, rest, trigger } = instruction;
    for (const { text, at } of operands) {
      if (!textAt(at).includes("\n")) assert.equal(textAt(at), text);
      else assert.equal(joined(textAt(at), tree.escape), text);
    }
    for (const { name, value, at, valueAt } of flags) {
      const written = joined(textAt(at), tree.escape);
      assert.ok(written.startsWith(`--${name}`));
      assert.equal(value === undefined, valueAt === undefined);
    }
    for (const { text, at } of json ?? []) assert.equal(JSON.parse(joined(textAt(at), tree.escape)), text);
    for (const { valueAt } of assignments) if (valueAt !== undefined) assert.ok(valueAt.start <= valueAt.end);
    for (let index = 0; index < rest.text.length; index += 1) {
      assert.equal(textAt(rest.at(index, index + 1)), rest.text.charAt(index));
    }
    if (trigger !== undefined) checkWords(tree, trigger);
  };

  it("never throws; words, flags and JSON strings slice to what is written", () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 25 }), fc.boolean(), (tokens, spaced) => {
        const text = tokens.join(spaced ? " " : "");
        const tree = parse(text);
        let end = 0;
        for (const instruction of tree.instructions) {
          assert.ok(
            instruction.at.start >= end &&
              instruction.at.end >= instruction.at.start &&
              instruction.at.end <= text.length,
          );
          end = instruction.at.end;
          checkWords(tree, instruction);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("reads all instructions of a large file", () => {
    assert.equal(parse(`FROM a\n${"RUN b \\\n  c\n".repeat(5000)}`).instructions.length, 5001);
  });
});
