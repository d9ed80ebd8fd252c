// Edits of TOML in terms of tables: keeps indentation and comments.
import { insertAt, replace, type ChunkEdit } from "../text/edit";
import type { TomlTable } from "./toml-nodes";

/** Sets a key of a table to a TOML value (`true`, `"text"`). Undefined for inline tables, which have no line to add. */
export function setTomlKey(table: TomlTable, key: string, value: string): readonly ChunkEdit[] | undefined {
  const entry = table.entries.find((candidate) => candidate.key === key);
  if (entry !== undefined) return [replace(entry.value.at, value)];
  if (table.headerAt === undefined) return undefined;
  const { chunk, end } = table.insertAt;
  const sibling = table.entries.find((candidate) => candidate.value.kind !== "table");
  const sample = sibling?.keyAt ?? table.headerAt;
  const lineStart = chunk.text.lastIndexOf("\n", sample.start - 1) + 1;
  const indent = /^[ \t]*/.exec(chunk.text.slice(lineStart, sample.start))?.[0] ?? "";
  return [insertAt(chunk, end, `\n${indent}${key} = ${value}`)];
}
