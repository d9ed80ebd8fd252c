// Edits of TOML: what is added can be read again, and what stands around it stays.
import assert from "node:assert/strict";
import { parseTomlFile } from "../../server/src/core/syntax/toml";
import { appendTomlString, appendTomlTable, setTomlKey } from "../../server/src/core/syntax/toml-edit";
import { entryOf, type TomlTable } from "../../server/src/core/syntax/toml-nodes";
import { applyEdits, type ChunkEdit } from "../../server/src/core/text/edit";
import { createSourceFile } from "../../server/src/core/text/source-file";

const parse = (text: string): TomlTable =>
  parseTomlFile(createSourceFile("config.toml", "runner-config", text)).root;

function sectionOf(text: string): TomlTable {
  const value = entryOf(parse(text), "section")?.value;
  assert.ok(value?.kind === "table");
  return value.table;
}

/** The text after the edits of its `[section]`; undefined where there are none. */
function edited(
  text: string,
  edit: (section: TomlTable) => readonly ChunkEdit[] | undefined,
): string | undefined {
  const edits = edit(sectionOf(text));
  const result = edits && applyEdits(text, edits);
  if (result !== undefined) {
    const { problems } = parseTomlFile(createSourceFile("config.toml", "runner-config", result));
    assert.deepEqual(problems, []);
  }
  return result;
}

describe("toml edits", () => {
  const add = (text: string): string | undefined =>
    edited(text, (section) => appendTomlString(section, "list", "x"));

  it("sets a key, and leaves the rest of its line", () => {
    const set = (text: string): string | undefined =>
      edited(text, (table) => setTomlKey(table, "on", "true"));
    assert.equal(set("[section]\n  on = false # now\n"), "[section]\n  on = true # now\n");
    assert.equal(set("[section]\n  a = 1 # one\n[b]\n"), "[section]\n  a = 1 # one\n  on = true\n[b]\n");
  });

  it("adds a text to a list on one line", () => {
    assert.equal(add('[section]\nlist = ["a"] # c\n'), '[section]\nlist = ["a", "x"] # c\n');
    assert.equal(add('[section]\nlist = ["a",]\n'), '[section]\nlist = ["a", "x",]\n');
    assert.equal(add("[section]\nlist = []\n"), '[section]\nlist = ["x"]\n');
  });

  it("adds a line to a list over several, behind the comment of the last", () => {
    assert.equal(add('[section]\nlist = [\n  "a", # c\n]\n'), '[section]\nlist = [\n  "a", # c\n  "x",\n]\n');
    assert.equal(add('[section]\nlist = [\n  "a" # c\n]\n'), '[section]\nlist = [\n  "a", # c\n  "x"\n]\n');
    assert.equal(add('[section]\nlist = [\n  "a"]\n'), '[section]\nlist = [\n  "a",\n  "x"]\n');
  });

  it("makes the list where there is none, and leaves what is no list", () => {
    assert.equal(add("[section]\n  a = 1"), '[section]\n  a = 1\n  list = ["x"]');
    assert.equal(add('[section]\nlist = "a"\n'), undefined);
    assert.equal(add("section = { a = 1 }\n"), undefined);
    assert.equal(add("[section]\n[[section.list]]\na = 1\n"), undefined);
  });

  it("adds a table behind everything that stands below another", () => {
    const append = (text: string): string | undefined =>
      edited(text, (section) => appendTomlTable(section, "section.items", ["a = 1"]));
    assert.equal(
      append("  [section]\n    b = 2\n[other]\n"),
      "  [section]\n    b = 2\n    [[section.items]]\n      a = 1\n[other]\n",
    );
    assert.equal(
      append("[section]\n[section.c.d]\nb = 2 # two\n[other]\n"),
      "[section]\n[section.c.d]\nb = 2 # two\n  [[section.items]]\n    a = 1\n[other]\n",
    );
    assert.equal(append("section = { a = 1 }\n"), undefined);
  });
});
