// Writes what can be derived from the rules: their pages, the index, the registry, the README's table, the editor's
// settings and the schema of the project configuration; the README's help, which is what the command prints; the page of
// the snippets; and the grammars.
// `--check` compares instead and fails on a difference.
import { existsSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { grammarOutputs } from "./grammar/grammar";
import type { Output } from "./output";
import { registryOutputs } from "./registry";
import { snippetOutputs } from "./snippet-page";

/** Everything that is generated, computed from the rules as they are now. */
export async function generate(root: string): Promise<readonly Output[]> {
  const registry = registryOutputs(root);
  // Imported late: the registry that it reads may have to be written first.
  const { documentationOutputs } = await import("./documentation");
  return [...registry, ...documentationOutputs(root), ...snippetOutputs(), ...grammarOutputs()];
}

/** Outputs that differ from what is on disk. */
export function staleOutputs(root: string, outputs: readonly Output[]): readonly Output[] {
  return outputs.filter(({ path, text }) => {
    const file = join(root, path);
    return text === undefined ? existsSync(file) : !existsSync(file) || readFileSync(file, "utf8") !== text;
  });
}

export function writeOutputs(root: string, outputs: readonly Output[]): void {
  for (const { path, text } of outputs) {
    const file = join(root, path);
    if (text === undefined) {
      unlinkSync(file);
      continue;
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

async function main(isCheck: boolean): Promise<void> {
  const root = process.cwd();
  if (!isCheck) writeOutputs(root, staleOutputs(root, registryOutputs(root)));
  const stale = staleOutputs(root, await generate(root));
  if (!isCheck) writeOutputs(root, stale);
  for (const { path, text } of stale)
    console.log(`${isCheck ? "stale" : text === undefined ? "deleted" : "written"}: ${path}`);
  if (isCheck && stale.length > 0) {
    console.error("Run `npm run generate`.");
    process.exitCode = 1;
  }
}

if (require.main === module) {
  main(process.argv.includes("--check")).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
