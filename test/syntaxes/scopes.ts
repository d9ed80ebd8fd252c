// Tokenises YAML with a base grammar and our injection, as an editor does, and writes down what it sees.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createOnigScanner, createOnigString, loadWASM } from "vscode-oniguruma";
import { INITIAL, parseRawGrammar, Registry, type IGrammar } from "vscode-textmate";

const require = createRequire(__filename);
const INJECTION = "gitlab-ci-docker.injection";

/** Grammar files by scope name. */
export type GrammarFiles = ReadonlyMap<string, string>;

/** The `source.yaml` grammar of these files, with our injection in it. */
export async function loadYamlGrammar(files: GrammarFiles): Promise<IGrammar> {
  const wasm = await readFile(require.resolve("vscode-oniguruma/release/onig.wasm"));
  const registry = new Registry({
    onigLib: loadWASM(wasm).then(() => ({ createOnigScanner, createOnigString })),
    loadGrammar: async (scope) => {
      const path =
        scope === INJECTION ? join(__dirname, "../../syntaxes", `${INJECTION}.json`) : files.get(scope);
      return path === undefined ? null : parseRawGrammar(await readFile(path, "utf8"), path);
    },
    getInjections: (scope) => (scope === "source.yaml" ? [INJECTION] : undefined),
  });
  const grammar = await registry.loadGrammar("source.yaml");
  if (grammar === null) throw new Error("no grammar for source.yaml");
  return grammar;
}

/**
 * Each line of the text, marked `>` where it belongs to a script section, and below it its tokens: the text and the
 * scopes that are our own or YAML's (the innermost of each), for script sections only.
 */
export function scopesOf(grammar: IGrammar, text: string): string {
  const lines: string[] = [];
  let state = INITIAL;
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    const inScript = result.tokens.some(({ scopes }) => scopes.includes("meta.script.gitlab-ci-docker"));
    lines.push(`${inScript ? ">" : " "}${line}`.trimEnd());
    for (const token of inScript ? result.tokens : []) {
      const written = line.slice(token.startIndex, token.endIndex);
      const innermost = token.scopes.at(-1) ?? "";
      if (written.trim() === "" || innermost.startsWith("meta.script.")) continue;
      lines.push(
        `    ${JSON.stringify(written.trim())} ${token.scopes.slice(1).filter(isTelling).join(" ")}`,
      );
    }
  }
  return lines.join("\n") + "\n";
}

/** Scopes that say what a token is; those for its place in the YAML tree differ between base grammars. */
const isTelling = (scope: string): boolean => !scope.startsWith("meta.") || scope.includes("container");
