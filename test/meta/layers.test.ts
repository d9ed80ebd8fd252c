// Who may import whom. A red test here asks: does the code stand in the wrong folder, or is this a new layer?
import assert from "node:assert/strict";
import { importsOf, sourcesBelow, targetOf, type Import } from "./imports";

/**
 * Folder -> what it may import, besides itself: folders of ours, packages, `node:*`. The longest name that fits a
 * file is its folder.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "server/src/core/text": [],
  "server/src/core/data": [],
  "server/src/core/syntax": [
    "server/src/core/text",
    "yaml",
    "dockerfile-ast",
    "vscode-languageserver-types",
    "toml-eslint-parser",
    "unbash",
  ],
  "server/src/core/settings": ["server/src/core/text", "server/src/core/syntax"],
  "server/src/core/query": ["server/src/core/text", "server/src/core/settings"],
  "server/src/core/model": [
    "server/src/core/text",
    "server/src/core/data",
    "server/src/core/syntax",
    "server/src/core/query",
    "server/src/core/settings",
  ],
  "server/src/core/rules": [
    "server/src/core/text",
    "server/src/core/data",
    "server/src/core/syntax",
    "server/src/core/query",
    "server/src/core/settings",
    "server/src/core/model",
  ],
  "server/src/core/features": [
    "snippets",
    "server/src/core/text",
    "server/src/core/data",
    "server/src/core/syntax",
    "server/src/core/query",
    "server/src/core/settings",
    "server/src/core/model",
    "server/src/core/rules",
  ],
  "server/src/core/reporters": [
    "server/src/core",
    "server/src/core/text",
    "server/src/core/settings",
    "server/src/core/rules",
  ],
  // The façade's own files tie the layers together; nothing below may import them, but the reporters its types.
  "server/src/core": [
    "server/src/core/text",
    "server/src/core/data",
    "server/src/core/syntax",
    "server/src/core/settings",
    "server/src/core/query",
    "server/src/core/model",
    "server/src/core/rules",
    "server/src/core/features",
    "server/src/core/reporters",
  ],
  "server/src/host": ["server/src/core", "node:*"],
  "server/src/lsp": [
    "server/src/core",
    "server/src/host",
    "node:*",
    "vscode-languageserver",
    "vscode-languageserver-textdocument",
  ],
  "server/src/cli": ["server/src/core", "server/src/host", "server/src/lsp", "node:*"],
  // The generator writes what rules say and snippets insert, so it sees them whole.
  "server/src/dev": [
    "server/src/core",
    "server/src/core/features",
    "server/src/core/rules",
    "server/src/core/settings",
    "server/src/core/text",
    "server/src/host",
    "server/src/cli",
    "node:*",
    "prettier",
  ],
  "client/src": ["vscode", "vscode-languageclient", "node:*"],
};

/** Folders that see the core through its façade only. */
const OUTSIDE_CORE = ["server/src/host", "server/src/lsp", "server/src/cli"];

/** Parser libraries, and the only files that may import them for what they do; types may be named beside it. */
const IMPORTER_OF: Readonly<Record<string, RegExp>> = {
  yaml: /^server\/src\/core\/syntax\/yaml(-[a-z-]+)?\.ts$/,
  "dockerfile-ast": /^server\/src\/core\/syntax\/dockerfile(-[a-z-]+)?\.ts$/,
  "toml-eslint-parser": /^server\/src\/core\/syntax\/toml(-[a-z-]+)?\.ts$/,
  unbash: /^server\/src\/core\/syntax\/shell(-[a-z-]+)?\.ts$/,
};

const sources = [...sourcesBelow("server/src"), ...sourcesBelow("client/src")];
const sourceSet = new Set(sources);
const imports = sources.flatMap((source) => importsOf(source));

const folders = Object.keys(MAY_IMPORT).sort((a, b) => b.length - a.length);

const folderOf = (path: string): string | undefined =>
  folders.find((folder) => path.startsWith(`${folder}/`));

/** Where an import leads: a folder of the table, the first folder of other files of ours, or a package. */
function layerOf(imported: Import): string {
  if (imported.isPackage) return imported.to.startsWith("node:") ? "node:*" : imported.to;
  return folderOf(imported.to) ?? imported.to.split("/")[0] ?? imported.to;
}

const show = ({ from, to }: Import): string => `${from} imports ${to}`;

describe("layers", () => {
  it("sees sources and imports, also of each kind", () => {
    assert.ok(sources.length > 20, `only ${String(sources.length)} sources`);
    assert.ok(imports.length > sources.length, `only ${String(imports.length)} imports`);
    for (const folder of ["server/src/core/text", "server/src/core/syntax", "server/src/core/model"]) {
      assert.ok(
        imports.some(({ from }) => folderOf(from) === folder),
        `no import in ${folder}`,
      );
    }
    assert.ok(imports.some(({ isPackage }) => isPackage));
  });

  it("every source stands in a folder of the table", () => {
    assert.deepEqual(
      sources.filter((source) => folderOf(source) === undefined),
      [],
    );
  });

  it("imports go downward only", () => {
    const wrong = imports.filter((imported) => {
      const folder = folderOf(imported.from) ?? "";
      const layer = layerOf(imported);
      return layer !== folder && MAY_IMPORT[folder]?.includes(layer) !== true;
    });
    assert.deepEqual(wrong.map(show), []);
  });

  it("imports of ours lead to a file", () => {
    const lost = imports.filter(
      (imported) =>
        !imported.isPackage && !imported.to.endsWith(".json") && targetOf(imported, sourceSet) === undefined,
    );
    assert.deepEqual(lost.map(show), []);
  });

  it("outside, the core is its façade", () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        OUTSIDE_CORE.includes(folderOf(from) ?? "") &&
        to.startsWith("server/src/core") &&
        to !== "server/src/core/index" &&
        to !== "server/src/core",
    );
    assert.deepEqual(wrong.map(show), []);
  });

  it("each parser library has one importer", () => {
    for (const [name, importer] of Object.entries(IMPORTER_OF)) {
      const users = imports.filter(({ to, isPackage }) => isPackage && to === name).map(({ from }) => from);
      assert.ok(users.length > 0, `nobody imports ${name}: is the table stale?`);
      assert.deepEqual(
        users.filter((user) => !importer.test(user)),
        [],
        name,
      );
    }
  });

  it("a rule imports no other rule", () => {
    const rule = /^server\/src\/core\/rules\/[a-z]+\//;
    const wrong = imports.filter(({ from, to }) => rule.test(from) && rule.test(`${to}.ts`));
    assert.deepEqual(wrong.map(show), []);
  });

  it("there are no cycles", () => {
    const edges = new Map<string, string[]>();
    for (const imported of imports) {
      const target = targetOf(imported, sourceSet);
      if (target !== undefined) edges.set(imported.from, [...(edges.get(imported.from) ?? []), target]);
    }
    assert.deepEqual(findCycle(edges), []);
    assert.deepEqual(
      findCycle(
        new Map([
          ["a", ["b"]],
          ["b", ["a"]],
        ]),
      ),
      ["a", "b", "a"],
      "the search works",
    );
  });
});

/** The files of one cycle in order, the first one twice; empty where there is none. */
function findCycle(edges: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): readonly string[] => {
    const at = path.indexOf(file);
    if (at >= 0) return [...path.slice(at), file];
    if (done.has(file)) return [];
    path.push(file);
    for (const next of edges.get(file) ?? []) {
      const cycle = visit(next);
      if (cycle.length > 0) return cycle;
    }
    path.pop();
    done.add(file);
    return [];
  };
  for (const file of edges.keys()) {
    const cycle = visit(file);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
