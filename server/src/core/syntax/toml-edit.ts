// Edits of TOML in terms of tables: keeps indentation and comments.
import { insertAt, replace, type ChunkEdit } from "../text/edit";
import { entryOf, type TomlTable, type TomlValue } from "./toml-nodes";

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

/**
 * Adds a text to an array of a table; makes the array where there is none. Undefined where the key holds something else, or the
 * table is written inline.
 */
export function appendTomlString(
  table: TomlTable,
  key: string,
  text: string,
): readonly ChunkEdit[] | undefined {
  const value = entryOf(table, key)?.value;
  if (value === undefined) return setTomlKey(table, key, `[${JSON.stringify(text)}]`);
  const { chunk, start, end } = value.at;
  if (value.kind !== "array" || chunk.text[start] !== "[" || chunk.text[end - 1] !== "]") return undefined;
  const last = value.items.at(-1);
  if (last === undefined) return [insertAt(chunk, start + 1, JSON.stringify(text))];
  if (!startsLine(last)) return [insertAt(chunk, last.at.end, `, ${JSON.stringify(text)}`)];
  // Each item has a line: a comment behind the last one stays there.
  const hasComma = /^[ \t]*,/.test(chunk.text.slice(last.at.end, end));
  const lineEnd = Math.min(lineEndOf(chunk.text, last.at.end), end - 1);
  const line = `\n${indentAt(last)}${JSON.stringify(text)}`;
  return hasComma
    ? [insertAt(chunk, lineEnd, `${line},`)]
    : [insertAt(chunk, last.at.end, ","), insertAt(chunk, lineEnd, line)];
}

function lineEndOf(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end;
}

/**
 * Adds a table of an array of tables (`[[runners.docker.services]]`) behind everything that stands below a table. Undefined for
 * tables without a header of their own.
 */
export function appendTomlTable(
  owner: TomlTable,
  header: string,
  lines: readonly string[],
): readonly ChunkEdit[] | undefined {
  const { headerAt } = owner;
  if (headerAt === undefined) return undefined;
  const { chunk, end } = lastInsertOf(owner);
  const indent = `${indentOf(chunk.text, headerAt.start)}  `;
  const text = [`[[${header}]]`, ...lines.map((line) => `  ${line}`)].map((line) => `\n${indent}${line}`);
  return [insertAt(chunk, end, text.join(""))];
}

/** Where a table ends, with all tables below it. */
function lastInsertOf(table: TomlTable): TomlTable["insertAt"] {
  const below = table.entries.flatMap(({ value }) => tablesIn(value)).map(lastInsertOf);
  return [table.insertAt, ...below].reduce((last, each) => (each.end > last.end ? each : last));
}

function tablesIn(value: TomlValue): readonly TomlTable[] {
  if (value.kind === "table") return [value.table];
  return value.kind === "array" ? value.items.flatMap(tablesIn) : [];
}

const indentOf = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset))?.[0] ?? "";

const indentAt = ({ at }: TomlValue): string => indentOf(at.chunk.text, at.start);

const startsLine = ({ at }: TomlValue): boolean =>
  at.chunk.text.slice(at.chunk.text.lastIndexOf("\n", at.start - 1) + 1, at.start).trim() === "";
