// Our own TOML tree: tables and values with places. What could not be read is left out and named in `problems`.
import type { Chunk, Origin } from "../text/located";
import type { SyntaxProblem } from "./yaml-nodes";

export type TomlValue =
  | { readonly kind: "string"; readonly value: string; readonly at: Origin }
  | { readonly kind: "number"; readonly value: number; readonly at: Origin }
  | { readonly kind: "boolean"; readonly value: boolean; readonly at: Origin }
  | { readonly kind: "date"; readonly value: string; readonly at: Origin }
  | { readonly kind: "array"; readonly items: readonly TomlValue[]; readonly at: Origin }
  | { readonly kind: "table"; readonly table: TomlTable; readonly at: Origin };

export interface TomlEntry {
  readonly key: string;
  readonly keyAt: Origin;
  readonly value: TomlValue;
  /** From the key to the value's end. */
  readonly at: Origin;
}

/** A table with everything below it: `[runners.docker]` is the entry "docker" of the last "runners" table. */
export interface TomlTable {
  readonly entries: readonly TomlEntry[];
  /** The header `[a.b]` or `[[a.b]]`; undefined for the root and for tables made by dotted keys or inline. */
  readonly headerAt: Origin | undefined;
  /**
   * Where a key can be added: an empty range at the end of the line of the last own `key = value` (or of the header), in
   * front of its line break; the start of the text for a root without keys. Inside the braces for an inline table.
   */
  readonly insertAt: Origin;
}

export interface TomlFile {
  readonly chunk: Chunk;
  readonly root: TomlTable;
  readonly problems: readonly SyntaxProblem[];
}

/** The entry under a path of keys; an array of tables on the way answers with its last table. */
export function entryOf(table: TomlTable, ...path: readonly string[]): TomlEntry | undefined {
  const [key, ...rest] = path;
  const entry = table.entries.find((candidate) => candidate.key === key);
  if (entry === undefined || rest.length === 0) return entry;
  const last = entry.value.kind === "array" ? entry.value.items.at(-1) : entry.value;
  return last?.kind === "table" ? entryOf(last.table, ...rest) : undefined;
}
