// Puts the statements of a TOML text together: which table a key belongs to, which element of `[[runners]]` a header.
import type { Origin } from "../text/located";
import type { MappedText } from "../text/mapped-text";
import { endOfLine } from "./toml-statements";
import type { TomlEntry, TomlTable, TomlValue } from "./toml-nodes";

/** Half-open range of offsets into the text. */
export interface TomlRange {
  readonly start: number;
  readonly end: number;
}

export interface TomlKeyPart extends TomlRange {
  readonly name: string;
}

/** What stands on a line (or several), in the order of the text. `keys` is a dotted key: never empty. */
export type TomlLine =
  | (TomlRange & {
      readonly kind: "header";
      readonly isArray: boolean;
      readonly keys: readonly TomlKeyPart[];
    })
  | (TomlRange & {
      readonly kind: "entry";
      readonly keys: readonly TomlKeyPart[];
      readonly value: TomlValue;
    });

/** Dotted keys with more parts are left out: no configuration has them. */
const longestKey = 50;

interface Table extends TomlRange {
  end: number;
  readonly slots: Map<string, Slot>;
  readonly headerAt: Origin | undefined;
  insert: number;
}

interface Slot {
  readonly key: TomlKeyPart;
  readonly start: number;
  end: number;
  /** A value, a table, or the tables of an array of tables. */
  readonly content: TomlValue | Table | Table[];
}

/** What is said about a key or a header whose name is taken. */
export const definedTwice = "the key or table is defined a second time";

/**
 * The root table of the lines of a text.
 *
 * @param refuse is told of each line whose name is taken: the first one stays. Keys below a refused header are left out.
 */
export function tablesOf(
  mapped: MappedText,
  lines: readonly TomlLine[],
  refuse: (error: TomlRange & { readonly message: string }) => void,
): TomlTable {
  const root = newTable({ start: 0, end: mapped.text.length }, undefined, 0);
  let current = root;
  for (const line of lines) {
    const opened = line.kind === "header" ? openTable(mapped, root, line) : current;
    current = opened ?? newTable(line, undefined, line.end);
    const isTaken = opened === undefined || (line.kind === "entry" && !addEntry(mapped.text, current, line));
    const message = line.keys.length > longestKey ? "the key has too many parts" : definedTwice;
    if (isTaken) refuse({ start: line.start, end: line.end, message });
  }
  return finished(mapped, root);
}

/** The table of an inline `{ … }`; keys are added behind the last entry, or behind the brace. */
export function inlineTable(mapped: MappedText, range: TomlRange, lines: readonly TomlLine[]): TomlTable {
  const table = newTable(range, undefined, range.start + 1);
  for (const line of lines) {
    if (line.kind !== "entry") continue;
    addEntry(mapped.text, table, line);
    table.insert = line.end;
  }
  return finished(mapped, table);
}

const newTable = (range: TomlRange, headerAt: Origin | undefined, insert: number): Table => ({
  start: range.start,
  end: range.end,
  slots: new Map(),
  headerAt,
  insert,
});

/** The table that a header opens; undefined where its name is taken or its path leads through a plain value. */
function openTable(mapped: MappedText, root: Table, line: TomlLine & { kind: "header" }): Table | undefined {
  if (line.keys.length > longestKey) return undefined;
  const last = line.keys.at(-1);
  const parent = tableAt(root, line.keys.slice(0, -1), line);
  if (last === undefined || parent === undefined) return undefined;
  const table = newTable(line, mapped.at(line.start, line.end), endOfLine(mapped.text, line.end));
  const present = parent.slots.get(last.name);
  if (present !== undefined && Array.isArray(present.content)) {
    present.content.push(table);
    present.end = line.end;
    return table;
  }
  if (present !== undefined && isTable(present.content))
    return line.isArray ? undefined : reopened(present.content, table);
  const content = line.isArray ? [table] : table;
  if (present === undefined)
    parent.slots.set(last.name, { key: last, start: line.start, end: line.end, content });
  return present === undefined ? table : undefined;
}

/** `[a]` behind `[a.b]`: the table is there already, its header comes now. */
function reopened(present: Table, table: Table): Table | undefined {
  if (present.headerAt !== undefined) return undefined;
  return Object.assign(present, {
    headerAt: table.headerAt,
    insert: table.insert,
    end: Math.max(present.end, table.end),
  });
}

/** The table under a path, made where it is missing; the last one of an array of tables. */
function tableAt(from: Table, keys: readonly TomlKeyPart[], range: TomlRange): Table | undefined {
  let table = from;
  for (const key of keys) {
    const present = table.slots.get(key.name);
    if (present === undefined) {
      const made = newTable(range, undefined, range.end);
      table.slots.set(key.name, { key, start: range.start, end: range.end, content: made });
      table = made;
      continue;
    }
    present.end = Math.max(present.end, range.end);
    const next = Array.isArray(present.content) ? present.content.at(-1) : present.content;
    if (next === undefined || !isTable(next)) return undefined;
    next.end = Math.max(next.end, range.end);
    table = next;
  }
  return table;
}

/** False where the name is taken. */
function addEntry(text: string, owner: Table, line: TomlLine & { kind: "entry" }): boolean {
  if (line.keys.length > longestKey) return false;
  const last = line.keys.at(-1);
  const table = tableAt(owner, line.keys.slice(0, -1), line);
  if (last === undefined || table === undefined || table.slots.has(last.name)) return false;
  table.slots.set(last.name, { key: last, start: last.start, end: line.end, content: line.value });
  const insert = endOfLine(text, line.end);
  owner.insert = insert;
  owner.end = Math.max(owner.end, line.end);
  table.insert = insert;
  return true;
}

const isTable = (content: Slot["content"]): content is Table => "slots" in content;

function finished(mapped: MappedText, table: Table): TomlTable {
  const entries = [...table.slots.values()].map((slot): TomlEntry => ({
    key: slot.key.name,
    keyAt: mapped.at(slot.key.start, slot.key.end),
    value: valueOf(mapped, slot),
    at: mapped.at(slot.start, Math.max(slot.end, endOf(slot.content))),
  }));
  return { entries, headerAt: table.headerAt, insertAt: mapped.at(table.insert, table.insert) };
}

function valueOf(mapped: MappedText, { content }: Slot): TomlValue {
  if (Array.isArray(content)) {
    const items = content.map((table) => tableValue(mapped, table));
    return { kind: "array", items, at: mapped.at(content[0]?.start ?? 0, endOf(content)) };
  }
  return isTable(content) ? tableValue(mapped, content) : content;
}

const tableValue = (mapped: MappedText, table: Table): TomlValue => ({
  kind: "table",
  table: finished(mapped, table),
  at: mapped.at(table.start, endOf(table)),
});

/** Where the last thing below it ends: a table goes on behind the headers of its subtables. */
function endOf(content: Slot["content"]): number {
  if (Array.isArray(content)) return content.reduce((end, table) => Math.max(end, endOf(table)), 0);
  if (!isTable(content)) return 0;
  return [...content.slots.values()].reduce(
    (end, slot) => Math.max(end, slot.end, endOf(slot.content)),
    content.end,
  );
}
