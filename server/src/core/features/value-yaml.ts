// A value as short YAML, for a look at it: no places, and not more lines than fit into a hover.
import { keySource, scalarLines } from "../syntax/yaml-emit";
import type { EffectiveValue } from "./effective-value";

type Shown = EffectiveValue<unknown>;

/** The value of an entry with its key; lines beyond `most` are counted in a comment. */
export function shortYaml(key: string, value: Shown, most: number): string {
  const lines = entryLines(key, value, "");
  const shown = lines.slice(0, lines.length > most ? most - 1 : most);
  const left = lines.length - shown.length;
  return [...shown, ...(left > 0 ? [`# … ${left} more lines`] : [])].join("\n");
}

function entryLines(key: string, value: Shown, indent: string): readonly string[] {
  const head = `${indent}${keySource(key)}:`;
  const nested = childLines(value, `${indent}  `);
  return nested === undefined ? leafLines(`${head} `, value, indent) : [head, ...nested];
}

/** Undefined for what stands behind its key or dash. */
function childLines(value: Shown, indent: string): readonly string[] | undefined {
  if (value.kind === "map" && value.entries.size > 0)
    return [...value.entries].flatMap(([key, entry]) => entryLines(key, entry, indent));
  return value.kind === "list" && value.items.length > 0
    ? value.items.flatMap((item) => itemLines(item, indent))
    : undefined;
}

function itemLines(item: Shown, indent: string): readonly string[] {
  const nested = childLines(item, `${indent}  `);
  const [first, ...rest] = nested ?? [];
  return first === undefined
    ? leafLines(`${indent}- `, item, indent)
    : [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];
}

const EMPTY = { list: "[]", map: "{}", unknown: "# not known" } as const;

function leafLines(head: string, value: Shown, indent: string): readonly string[] {
  if (value.kind === "unknown") return [`${head}# not known: ${value.because.replace(/\s+/g, " ")}`];
  if (value.kind !== "scalar") return [head + EMPTY[value.kind]];
  const [first, ...rest] = scalarLines(value.value);
  return [head + first, ...rest.map((line) => (line === "" ? "" : indent + line))];
}
