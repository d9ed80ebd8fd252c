// What the injection grammar colours, line by line: `NAME.gitlab-ci.yml` and beside it `NAME.scopes.txt`.
// UPDATE=1 writes the scopes anew, for a person to read.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { loadYamlGrammar, scopesOf, type GrammarFiles } from "./scopes";

const require = createRequire(__filename);

/** VS Code's YAML grammar until 1.91, as it is published on npm. */
const TEXTMATE: GrammarFiles = new Map([["source.yaml", require.resolve("tm-grammars/grammars/yaml.json")]]);

/** VS Code's YAML grammar today, from the VS Code in which the end-to-end tests run. */
const VSCODE_FOLDER = join(
  __dirname,
  "../e2e/vscode-host/node_modules/code-server/lib/vscode/extensions/yaml/syntaxes",
);
const VSCODE: GrammarFiles = new Map([
  ["source.yaml", join(VSCODE_FOLDER, "yaml.tmLanguage.json")],
  ["source.yaml.embedded", join(VSCODE_FOLDER, "yaml-embedded.tmLanguage.json")],
  ...["1.0", "1.1", "1.2", "1.3"].map(
    (version) => [`source.yaml.${version}`, join(VSCODE_FOLDER, `yaml-${version}.tmLanguage.json`)] as const,
  ),
]);

async function expectScopes(grammars: GrammarFiles): Promise<void> {
  const grammar = await loadYamlGrammar(grammars);
  const names = (await readdir(__dirname)).filter((name) => name.endsWith(".gitlab-ci.yml"));
  assert.ok(names.length > 0);
  for (const name of names) {
    const scopes = scopesOf(grammar, await readFile(join(__dirname, name), "utf8"));
    const expectedAt = join(__dirname, name.replace(/\.gitlab-ci\.yml$/, ".scopes.txt"));
    if (process.env.UPDATE === "1") await writeFile(expectedAt, scopes);
    assert.equal(scopes, await readFile(expectedAt, "utf8"), name);
  }
}

describe("injection grammar", () => {
  it("colours commands and variables inside scripts, and nothing outside", async () => {
    await expectScopes(TEXTMATE);
  });

  it("colours the same over VS Code's own YAML grammar", async function () {
    if (!existsSync(VSCODE_FOLDER)) this.skip();
    await expectScopes(VSCODE);
  });
});
