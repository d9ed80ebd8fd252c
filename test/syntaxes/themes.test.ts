// VS Code's own themes give what we mark a colour that differs from the text around it, light and dark.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { INITIAL, type IGrammar, type Registry, type StateStack } from "vscode-textmate";
import { hasVscode, THEMES, VSCODE } from "./grammars";
import { registryOf } from "./scopes";

/** The themes that VS Code starts with, today and in the years before, and the ones for strong contrast. */
const NAMES = [
  "2026-dark",
  "2026-light",
  "dark_modern",
  "light_modern",
  "dark_plus",
  "light_plus",
  "hc_black",
  "hc_light",
];

/** What a person looks for in a script, by the scopes under which themes know it. */
const MARKED = [
  "support.function.container",
  "keyword.control.verb.container",
  "constant.other.option.container",
  "variable.other.gitlab-ci-docker",
  "support.variable.predefined",
  "support.variable.inputs",
  "variable.parameter.input",
  "support.function.input",
  "keyword.operator",
  "keyword.control.shell",
  "support.function.builtin.shell",
  "comment.line.number-sign.shell",
  "variable.other.special.shell",
  "variable.other.assignment.shell",
  "entity.name.function.job",
];

interface ThemeFile {
  readonly include?: string;
  readonly tokenColors?: readonly { scope?: string | string[]; settings: { foreground?: string } }[];
  readonly colors?: Readonly<Record<string, string>>;
}

/** A theme with those that it includes. They are JSON with comments. */
async function readTheme(name: string): Promise<Required<Omit<ThemeFile, "include">>> {
  const path = join(THEMES, name);
  const read = ts.parseConfigFileTextToJson(path, await readFile(path, "utf8")).config as ThemeFile; // VS Code's own file
  const base = read.include === undefined ? undefined : await readTheme(read.include);
  return {
    tokenColors: [...(base?.tokenColors ?? []), ...(read.tokenColors ?? [])],
    colors: { ...base?.colors, ...read.colors },
  };
}

/** `FONTSTYLE` and `FOREGROUND` of the tokens: https://github.com/microsoft/vscode-textmate/blob/main/src/encodedTokenAttributes.ts */
const looksOf = (metadata: number): number => metadata & 0b0000_0000_1111_1111_1111_1000_0000_0000;

/** For each marked scope whether it looks different from the scalar around it, in all of its places. */
function unmarked(grammar: IGrammar, text: string): readonly string[] {
  const seen = new Set<string>();
  const dull = new Set<string>();
  let [state, painted]: [StateStack, StateStack] = [INITIAL, INITIAL];
  let plain: number | undefined;
  for (const line of text.split("\n")) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    const colours = grammar.tokenizeLine2(line, painted);
    [state, painted] = [ruleStack, colours.ruleStack];
    for (const { startIndex, scopes } of tokens) {
      const innermost = scopes.at(-1) ?? "";
      const looks = looksOf(metadataAt(colours.tokens, startIndex));
      if (innermost === "string.unquoted.plain.out.yaml") plain ??= looks;
      const marked = MARKED.find((scope) => scopes.some((each) => each.startsWith(scope)));
      if (marked === undefined || innermost.startsWith("punctuation.")) continue;
      seen.add(marked);
      if (looks === plain) dull.add(marked);
    }
  }
  assert.deepEqual(
    MARKED.filter((scope) => !seen.has(scope)),
    [],
    "not in the text",
  );
  return [...dull];
}

function metadataAt(tokens: Uint32Array, index: number): number {
  let found = 0;
  for (let at = 0; at < tokens.length; at += 2) if ((tokens[at] ?? 0) <= index) found = tokens[at + 1] ?? 0;
  return found;
}

describe("VS Code's own themes", () => {
  let registry: Registry;
  let grammar: IGrammar;
  let text: string;

  before(async function () {
    if (!hasVscode) this.skip();
    registry = await registryOf(VSCODE);
    const loaded = await registry.loadGrammar("source.yaml");
    assert.ok(loaded);
    grammar = loaded;
    text = await readFile(join(__dirname, "shell.gitlab-ci.yml"), "utf8");
  });

  for (const name of NAMES) {
    it(`${name} colours what is marked`, async () => {
      assert.ok((await readdir(THEMES)).includes(`${name}.json`));
      const { tokenColors, colors } = await readTheme(`${name}.json`);
      const foreground = colors["editor.foreground"] ?? "#808080";
      registry.setTheme({
        name,
        settings: [{ settings: { foreground, background: "#010203" } }, ...tokenColors],
      });
      assert.deepEqual(unmarked(grammar, text), []);
    });
  }
});
