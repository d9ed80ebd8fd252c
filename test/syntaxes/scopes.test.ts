// What the injection grammars colour, line by line: `NAME.gitlab-ci.yml` and beside it `NAME.scopes.txt`.
// UPDATE=1 writes the scopes anew, for a person to read.
import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasVscode, TEXTMATE, VSCODE } from "./grammars";
import { loadYamlGrammar, scopesOf, type GrammarFiles } from "./scopes";

/** Outside of scripts the base grammar decides where a string begins, and VS Code's older one swallows its first sign. */
const VALUES = "values";

async function expectScopes(grammars: GrammarFiles, isExpected: (name: string) => boolean): Promise<void> {
  const grammar = await loadYamlGrammar(grammars);
  const names = (await readdir(__dirname))
    .filter((name) => name.endsWith(".gitlab-ci.yml"))
    .map((name) => name.slice(0, -".gitlab-ci.yml".length));
  assert.ok(names.length >= 5);
  for (const name of names.filter(isExpected)) {
    const text = await readFile(join(__dirname, `${name}.gitlab-ci.yml`), "utf8");
    const scopes = scopesOf(grammar, text, name === VALUES);
    const expectedAt = join(__dirname, `${name}.scopes.txt`);
    if (process.env.UPDATE === "1") await writeFile(expectedAt, scopes);
    assert.equal(scopes, await readFile(expectedAt, "utf8"), name);
  }
}

describe("injection grammars", () => {
  it("colour shell and variables inside scripts", async () => {
    await expectScopes(TEXTMATE, (name) => name !== VALUES);
  });

  it("colour the same over VS Code's own YAML grammar", async function () {
    if (!hasVscode || process.env.UPDATE === "1") this.skip();
    await expectScopes(VSCODE, (name) => name !== VALUES);
  });

  it("colour variables, inputs and references outside of scripts", async function () {
    if (!hasVscode) this.skip();
    await expectScopes(VSCODE, (name) => name === VALUES);
  });
});
