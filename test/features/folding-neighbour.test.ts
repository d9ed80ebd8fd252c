// Folds beside those of Red Hat's YAML language server: VS Code puts both together, and what crosses would be drawn wrongly.
import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { TextDocument } from "vscode-languageserver-textdocument";
import { createAnalysis, createSourceFile, DEFAULT_SETTINGS } from "../../server/src/core/index";
import { readFixturePage } from "../support/fixture";

interface Range {
  readonly startLine: number;
  readonly endLine: number;
}

/** The package says nothing of this function's type. */
const { getFoldingRanges } = createRequire(__filename)(
  "yaml-language-server/out/server/src/languageservice/services/yamlFolding.js",
) as { getFoldingRanges: (document: TextDocument, context: object) => readonly Range[] };

const FILE = ".gitlab-ci.yml";

function foldsOf(text: string): readonly Range[] {
  const file = createSourceFile(FILE, "gitlab-ci", text);
  const analysis = createAnalysis({
    files: new Map([[FILE, file]]),
    paths: new Set([FILE]),
    settings: DEFAULT_SETTINGS,
  });
  return (analysis.structure.folds(FILE) ?? []).map(({ start, end }) => ({ startLine: start, endLine: end }));
}

const crosses = (a: Range, b: Range): boolean =>
  a.startLine < b.startLine && b.startLine <= a.endLine && a.endLine < b.endLine;

function pipelines(): ReadonlyMap<string, string> {
  const examples = path.join(__dirname, "../../examples");
  const names = readdirSync(examples, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(FILE));
  const pages = readFixturePage(path.join(__dirname, "folding/folds.md")).cases;
  return new Map([
    ...names.map((name) => [name, readFileSync(path.join(examples, name), "utf8")] as const),
    ...pages.flatMap(({ title, files }) =>
      files.filter((file) => file.path === FILE).map(({ text }) => [title, text] as const),
    ),
  ]);
}

describe("folds beside yaml-language-server", () => {
  for (const [name, text] of pipelines()) {
    it(name, () => {
      const theirs = getFoldingRanges(TextDocument.create(`file:///${name}`, "yaml", 1, text), {});
      const ours = foldsOf(text);
      assert.ok(theirs.length > 0 || ours.length === 0);
      const crossing = theirs.flatMap((their) =>
        ours.filter((own) => crosses(their, own) || crosses(own, their)).map((own) => ({ their, own })),
      );
      assert.deepEqual(crossing, []);
    });
  }
});
