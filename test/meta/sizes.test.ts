// Files stay small enough to be read at one sitting. Facts as tables and generated files may be longer.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { ROOT, sourcesBelow } from "./imports";

const MAX_LINES = 300;
const MAX_RULE_LINES = 150;

const isTable = (path: string): boolean => path.startsWith("server/src/core/data/");
const isRule = (path: string): boolean => /^server\/src\/core\/rules\/[a-z]+\/[a-z0-9-]+\.ts$/.test(path);
const isGenerated = (text: string): boolean => text.startsWith("// GENERATED");

const countLines = (text: string): number => text.replace(/\n$/, "").split("\n").length;

/** The lines of a rule without its `docs: { … }`, which is prose that belongs beside the code. */
function linesWithoutDocs(path: string, text: string): number {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  let docs = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText(file) === "docs")
      docs += countLines(node.getText(file));
    else ts.forEachChild(node, visit);
  };
  visit(file);
  return countLines(text) - docs;
}

const sources = [...sourcesBelow("server/src"), ...sourcesBelow("client/src")].map((path) => ({
  path,
  text: readFileSync(join(ROOT, path), "utf8"),
}));

describe("sizes", () => {
  it("sees sources, and rules among them", () => {
    assert.ok(sources.length > 20);
    assert.ok(sources.some(({ path }) => isRule(path)));
  });

  it(`files have at most ${String(MAX_LINES)} lines`, () => {
    const long = sources
      .filter(({ path, text }) => !isTable(path) && !isRule(path) && !isGenerated(text))
      .filter(({ text }) => countLines(text) > MAX_LINES)
      .map(({ path, text }) => `${path}: ${String(countLines(text))}`);
    assert.deepEqual(long, []);
  });

  it(`rules have at most ${String(MAX_RULE_LINES)} lines besides their docs`, () => {
    const long = sources
      .filter(({ path }) => isRule(path))
      .filter(({ path, text }) => linesWithoutDocs(path, text) > MAX_RULE_LINES)
      .map(({ path, text }) => `${path}: ${String(linesWithoutDocs(path, text))}`);
    assert.deepEqual(long, []);
  });

  it("every file opens by saying what it is", () => {
    const silent = sources
      .filter(({ text }) => !/^(#!.*\n)?(\/\/|\/\*\*)/.test(text))
      .map(({ path }) => path);
    assert.deepEqual(silent, []);
  });
});
