// Applies fixes to files in memory, as `--fix` does on disk, and counts what a fix must keep.
import type { Finding, Fix } from "../../server/src/core/rules/rule";
import { applyToRaw } from "../../server/src/host/raw-text";
import type { Files } from "./analyse";

/** The files after a fix. Throws where its edits overlap, change nothing or create a file that is there. */
export function applyFix(files: Files, fix: Fix): Files {
  const result: Record<string, string> = { ...files };
  for (const { file, text } of fix.creates) {
    if (result[file] !== undefined) throw new Error(`"${fix.title}" creates ${file}, which is there`);
    result[file] = text;
  }
  for (const path of new Set(fix.edits.map((edit) => edit.file))) {
    const before = result[path];
    if (before === undefined) throw new Error(`"${fix.title}" edits ${path}, which is not there`);
    const after = applyToRaw(
      before,
      fix.edits.filter((edit) => edit.file === path),
    );
    if (after === undefined) throw new Error(`"${fix.title}" has edits that overlap`);
    result[path] = after;
  }
  if (Object.keys(result).every((path) => result[path] === files[path]))
    throw new Error(`"${fix.title}" changes nothing`);
  return result;
}

export const fixesOf = (
  findings: readonly Finding[],
): readonly { readonly finding: Finding; readonly fix: Fix }[] =>
  findings.flatMap((finding) => finding.fixes.map((fix) => ({ finding, fix })));

/** Comments of YAML, TOML, Dockerfiles and shell: `#` at the start of a line or behind a blank. */
export function commentsIn(files: Files): readonly string[] {
  return Object.values(files).flatMap((text) =>
    [...text.matchAll(/(?:^|\s)(#[^\r\n]*)/g)].map((match) => (match[1] ?? "").trim()),
  );
}

/** How many findings of each rule there are. */
export function countByRule(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return counts;
}
