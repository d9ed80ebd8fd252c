// Tokenises YAML with a base grammar and our injections, as an editor does, and writes down what it sees.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createOnigScanner, createOnigString, loadWASM } from "vscode-oniguruma";
import { INITIAL, parseRawGrammar, Registry, type IGrammar } from "vscode-textmate";

const require = createRequire(__filename);
const INJECTIONS = ["gitlab-ci-docker.injection", "gitlab-ci-docker.values.injection"];

/** Grammar files by scope name. */
export type GrammarFiles = ReadonlyMap<string, string>;

/** The `source.yaml` grammar of these files, with our injections in it. */
export async function loadYamlGrammar(files: GrammarFiles): Promise<IGrammar> {
  const grammar = await (await registryOf(files)).loadGrammar("source.yaml");
  if (grammar === null) throw new Error("no grammar for source.yaml");
  return grammar;
}

/** What knows the grammars, with our injections unless they are left out. */
export async function registryOf(files: GrammarFiles, injections = INJECTIONS): Promise<Registry> {
  const wasm = await readFile(require.resolve("vscode-oniguruma/release/onig.wasm"));
  return new Registry({
    onigLib: loadWASM(wasm).then(() => ({ createOnigScanner, createOnigString })),
    loadGrammar: async (scope) => {
      const path = injections.includes(scope)
        ? join(__dirname, "../../syntaxes", `${scope}.json`)
        : files.get(scope);
      return path === undefined ? null : parseRawGrammar(await readFile(path, "utf8"), path);
    },
    getInjections: (scope) => (scope === "source.yaml" ? [...injections] : undefined),
  });
}

/**
 * Each line of the text, marked `>` where it belongs to a script section, and below it its tokens: the text and the scopes that
 * are our own or YAML's (the innermost of each). With `values`, lines outside of scripts where we colour something as well,
 * marked `=`, and those tokens.
 */
export function scopesOf(grammar: IGrammar, text: string, values: boolean): string {
  const lines: string[] = [];
  let state = INITIAL;
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    const inScript = result.tokens.some(({ scopes }) => scopes.includes(SECTION));
    const own = values ? result.tokens.filter(({ scopes }) => scopes.some(isOwn)) : [];
    const tokens = inScript ? result.tokens : own;
    lines.push(`${inScript ? ">" : tokens.length > 0 ? "=" : " "}${line}`.trimEnd());
    for (const token of tokens) {
      const written = line.slice(token.startIndex, token.endIndex);
      const innermost = token.scopes.at(-1) ?? "";
      if (written.trim() === "" || innermost === SECTION) continue;
      const shown = token.scopes.slice(1).filter(inScript ? isTelling : isOwn);
      lines.push(`    ${JSON.stringify(written.trim())} ${shown.join(" ")}`);
    }
  }
  return lines.join("\n") + "\n";
}

const SECTION = "meta.script.gitlab-ci-docker";

const isOwn = (scope: string): boolean => scope.endsWith(".gitlab-ci-docker");

/** Scopes that say what a token is; those for its place in the YAML tree differ between base grammars. */
const isTelling = (scope: string): boolean => !scope.startsWith("meta.") || scope.includes("container");
