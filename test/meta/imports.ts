// The imports of this project's own sources, read by TypeScript's scanner: static, type-only, dynamic and re-exports.
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import ts from "typescript";

export const ROOT = join(__dirname, "../..");

export interface Import {
  /** The importing file, from the project's root: `server/src/core/text/edit.ts`. */
  readonly from: string;
  /** The imported file from the project's root without extension, or the name of the package. */
  readonly to: string;
  readonly isPackage: boolean;
}

/** All TypeScript sources below a folder of the project, sorted, from the project's root. */
export function sourcesBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** The imports of one source file. */
export function importsOf(from: string): readonly Import[] {
  const text = readFileSync(join(ROOT, from), "utf8");
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => {
    const isPackage = !fileName.startsWith(".");
    const to = isPackage ? packageOf(fileName) : posix.join(posix.dirname(from), fileName);
    return { from, to, isPackage };
  });
}

/** For "vscode-languageserver/node" this is "vscode-languageserver"; "node:fs" stays. */
function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? specifier);
}

/** The file that an import of ours leads to: with its extension, or the folder's `index.ts`; undefined for data. */
export function targetOf(imported: Import, sources: ReadonlySet<string>): string | undefined {
  if (imported.isPackage) return undefined;
  return [`${imported.to}.ts`, `${imported.to}/index.ts`].find((path) => sources.has(path));
}
