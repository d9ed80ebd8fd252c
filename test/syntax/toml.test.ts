// TOML: tables with places, every statement of a broken file that can be read, templates.
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseToml, parseTomlFile } from "../../server/src/core/syntax/toml";
import {
  entryOf,
  type TomlFile,
  type TomlTable,
  type TomlValue,
} from "../../server/src/core/syntax/toml-nodes";
import { textAt } from "../../server/src/core/text/located";
import { mappedText } from "../../server/src/core/text/mapped-text";
import { createSourceFile } from "../../server/src/core/text/source-file";

const parse = (text: string): TomlFile =>
  parseTomlFile(createSourceFile("config.toml", "runner-config", text));

function plain(value: TomlValue): unknown {
  if (value.kind === "table") return plainTable(value.table);
  return value.kind === "array" ? value.items.map(plain) : value.value;
}
const plainTable = (table: TomlTable): Record<string, unknown> =>
  Object.fromEntries(table.entries.map(({ key, value }) => [key, plain(value)]));

const config = `concurrent = 4 # jobs

  [[runners]]
    name = "one"
    executor = 'docker'
    [runners.docker]
      image = "docker:27"
      privileged = true
      volumes = [
        "/cache", # cache
        '/certs/client',
      ]
      wait.seconds = 3_0
  [[runners]]
    name = """two
lines"""
    limit = 1.5
    since = 1979-05-27T07:32:00Z
    [runners.kubernetes.affinity]
      "a key" = { x = 1, y.z = [1, 2] }
`;

describe("TOML", () => {
  it("is read into tables; `[runners.x]` belongs to the last runner", () => {
    const file = parse(config);
    assert.deepEqual(file.problems, []);
    assert.deepEqual(plainTable(file.root), {
      concurrent: 4,
      runners: [
        {
          name: "one",
          executor: "docker",
          docker: {
            image: "docker:27",
            privileged: true,
            volumes: ["/cache", "/certs/client"],
            wait: { seconds: 30 },
          },
        },
        {
          name: "two\nlines",
          limit: 1.5,
          since: "1979-05-27T07:32:00Z",
          kubernetes: { affinity: { "a key": { x: 1, y: { z: [1, 2] } } } },
        },
      ],
    });
  });

  it("has a place for keys, values, entries and headers", () => {
    const { root } = parse(config);
    const name = entryOf(root, "runners", "name");
    assert.ok(name !== undefined);
    assert.equal(textAt(name.keyAt), "name");
    assert.equal(textAt(name.value.at), '"""two\nlines"""');
    const runners = entryOf(root, "runners")?.value;
    assert.ok(runners?.kind === "array");
    const [first, second] = runners.items;
    assert.ok(first?.kind === "table" && second?.kind === "table");
    assert.equal(first.table.headerAt && textAt(first.table.headerAt), "[[runners]]");
    assert.equal(textAt(first.at), config.slice(config.indexOf("[[runners]]"), config.indexOf("3_0") + 3));
    const privileged = entryOf(first.table, "docker", "privileged");
    assert.equal(privileged && textAt(privileged.at), "privileged = true");
    assert.equal(entryOf(first.table, "docker", "nothing"), undefined);
  });

  it("says where a key can be added", () => {
    const text =
      "[[runners]] # c\n[runners.docker]\n  a = 1 # d\n  [runners.docker.x]\n[inline]\nt = {a = 1}\n";
    const { root } = parse(text);
    const lineOf = (table: TomlTable): string => text.slice(0, table.insertAt.start).split("\n").at(-1) ?? "";
    const runner = entryOf(root, "runners")?.value;
    assert.ok(runner?.kind === "array" && runner.items[0]?.kind === "table");
    assert.equal(lineOf(runner.items[0].table), "[[runners]] # c");
    const docker = entryOf(root, "runners", "docker")?.value;
    assert.ok(docker?.kind === "table");
    assert.equal(lineOf(docker.table), "  a = 1 # d");
    const inline = entryOf(root, "inline", "t")?.value;
    assert.ok(inline?.kind === "table");
    assert.equal(lineOf(inline.table), "t = {a = 1");
    assert.equal(root.insertAt.start, 0);
    assert.equal(parse("a = 1 # x\n[b]").root.insertAt.start, "a = 1 # x".length);
  });

  it("keeps its places inside another file", () => {
    const chunk = { file: "values.yaml", text: "config: |\n  [[runners]]\n    a = 1\n" };
    const text = "[[runners]]\n  a = 1\n";
    const runs = [
      { decoded: 0, source: 12, length: 12 },
      { decoded: 12, source: 26, length: 8 },
    ];
    const { root } = parseToml(mappedText(chunk, text, runs, chunk.text.length));
    const entry = entryOf(root, "runners", "a");
    assert.equal(entry && textAt(entry.at), "a = 1");
  });

  it("takes template actions for unknown text", () => {
    const text =
      'url = {{ .Values.url | quote }}\n{{- if .Values.x }}\nname = "{{ .Release.Name }}"\n{{- end }}\na = [{{ include "x" . }}\n"b"]\n# {{ open\nc = 1';
    const file = parse(text);
    assert.deepEqual(file.problems, []);
    assert.deepEqual(plainTable(file.root), { name: "{{ .Release.Name }}", a: ["b"], c: 1 });
  });
});

describe("broken TOML", () => {
  const cases: readonly (readonly [string, readonly string[], unknown])[] = [
    [
      "a = 1\ntoken = TOKEN\nb = 2",
      ["TOKEN: `TOKEN` must be quoted: a text value stands in quotes"],
      { a: 1, b: 2 },
    ],
    [
      "privileged = true <-- this is mandatory\nb = 2",
      ["<-- this is mandatory: text behind the value: put it into a comment with `#`"],
      { b: 2 },
    ],
    [
      "url = https://x/ # c\nb = 2",
      ["https://x/: `https://x/` must be quoted: a text value stands in quotes"],
      { b: 2 },
    ],
    ["t = 5m\nb = 2", ["5m: `5m` must be quoted: a text value stands in quotes"], { b: 2 }],
    ["p = True\nb = 2", ["True: `True` is no value of TOML: write `true`"], { b: 2 }],
    ["p = constructor", ["constructor: `constructor` must be quoted: a text value stands in quotes"], {}],
    ["a = “x”\nb = 2", ['“x”: `“` is no quote of TOML: write `"`'], { b: 2 }],
    ["a = \nb = 2", ["a = : no value behind `=`"], { b: 2 }],
    ["a\nb = 2", ["a: expected `key = value`"], { b: 2 }],
    ["a: x\nb = 2", ["a: x: expected `=` between the key and its value"], { b: 2 }],
    ['a = "x\nb = 2', ['"x: the quote is not closed'], { b: 2 }],
    ['a = """x\ny\nb = 2', ['"""x: the quote is not closed'], { b: 2 }],
    [
      "a = [1,\n  2\nb = 2\n[c]\nd = 1",
      ["a = [1,: expected `]` at the end of the value"],
      { b: 2, c: { d: 1 } },
    ],
    ["a = 01\nb = 2", ["01: leading zeros are not allowed"], { b: 2 }],
    [
      "[[runners]\na = 1\n[[runners]]\na = 2",
      ["[[runners]: the header is not closed or not well formed: expected `[name]` or `[[name]]`"],
      { runners: [{ a: 1 }, { a: 2 }] },
    ],
    ["a = 1\na = 2\nb = 2", ["a = 2: the key or table is defined a second time"], { a: 1, b: 2 }],
    ["[a]\nx = 1\n[a]\nx = 2", ["[a]: the key or table is defined a second time"], { a: { x: 1 } }],
    [
      "a = 1\n[a.b]\nx = 1\n[c]\ny = X",
      [
        "[a.b]: the key or table is defined a second time",
        "X: `X` must be quoted: a text value stands in quotes",
      ],
      { a: 1, c: {} },
    ],
  ];
  for (const [text, expected, tables] of cases) {
    it(JSON.stringify(text.slice(0, 50)), () => {
      const file = parse(text);
      assert.deepEqual(plainTable(file.root), tables);
      const found = file.problems.map(({ message, at }) => `${textAt(at)}: ${message}`);
      assert.deepEqual(found, expected);
    });
  }

  it("keeps what can be read of a file full of errors, and lists the first problems", () => {
    const file = parse("a = x\n".repeat(60) + "b = 1");
    assert.deepEqual(plainTable(file.root), { b: 1 });
    assert.equal(file.problems.length, 51);
    assert.equal(file.problems.at(-1)?.message, "10 more lines could not be read");
  });

  it("refuses deep nesting before anything recurses into it", () => {
    const file = parse(`a = ${"[".repeat(5000)}${"]".repeat(5000)}\nb = 2`);
    assert.deepEqual(plainTable(file.root), { b: 2 });
    assert.deepEqual(
      file.problems.map(({ message }) => message),
      ["too long or nested too deeply to be read"],
    );
  });

  it("is read line by line however long the file is", () => {
    const file = parse('[[runners]]\n  name = "x"\n  token = y\n'.repeat(17_000));
    const runners = entryOf(file.root, "runners")?.value;
    assert.ok(runners?.kind === "array");
    assert.equal(runners.items.length, 17_000);
  });
});

describe("any TOML text", () => {
  const token = fc.constantFrom(
    ..."[ ] [[ ]] [[runners]] [runners.docker] a b.c = == 1 true \"x\" 'y' \"\"\" ''' \" ' { } , # {{ }} {{x}} \\ 1979-05-27 é <".split(
      " ",
    ),
    "\n",
    "\n",
    " ",
    "a = 1\n",
    'b = "{{ x }}"\n',
  );

  const check = (text: string, table: TomlTable): void => {
    for (const { key, keyAt, value, at } of table.entries) {
      assert.ok(0 <= at.start && at.start <= at.end && at.end <= text.length);
      if (/^[a-z]+$/.test(key) && !/["']/.test(textAt(keyAt))) assert.equal(textAt(keyAt), key);
      if (value.kind === "boolean") assert.equal(textAt(value.at), String(value.value));
      if (value.kind === "table") check(text, value.table);
      if (value.kind === "array")
        for (const item of value.items) if (item.kind === "table") check(text, item.table);
    }
  };

  it("never throws, and every place lies in the text", () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 25 }), (tokens) => {
        const text = tokens.join("");
        const file = parse(text);
        check(text, file.root);
        for (const { at } of file.problems)
          assert.ok(0 <= at.start && at.start <= at.end && at.end <= text.length);
      }),
      { numRuns: 2000 },
    );
  });

  it("survives the loss of any piece of a real file", () => {
    fc.assert(
      fc.property(fc.nat(config.length), fc.nat(20), (start, length) => {
        const text = config.slice(0, start) + config.slice(start + length);
        check(text, parse(text).root);
      }),
      { numRuns: 300 },
    );
  });
});
