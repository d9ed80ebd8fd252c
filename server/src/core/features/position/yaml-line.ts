// Where a cursor stands in a YAML file by indentation alone: text that is being typed is seldom YAML already. Reads the lines
// in front of the cursor, and nothing behind it.
import { lineStartAt } from "../../text/line-start";

export interface YamlLine {
  /** The keys that hold the cursor, outermost first; list items have none. With a key in front of the cursor, that one too. */
  readonly keys: readonly string[];
  /**
   * "key": a key, or the item of a list, may begin here. "value": behind a key's colon. "item": behind a list's dash, or in
   * a flow list. "text": in the lines of a block scalar.
   */
  readonly on: "key" | "value" | "item" | "text";
  /** In a block scalar that joins its lines (`>`). */
  readonly isFolded: boolean;
  /** What is typed so far of the key, value or item; of a block scalar the line. */
  readonly typed: string;
  /** Offset at which `typed` begins. */
  readonly start: number;
  /** Items of the flow list in front of the one that is being typed, for `!reference [a, b, …]`; undefined outside of one. */
  readonly before: readonly string[] | undefined;
}

/** Undefined in comments. */
export function yamlLineAt(text: string, offset: number): YamlLine | undefined {
  const lineStart = lineStartAt(text, offset);
  const line = text.slice(lineStart, offset);
  const lines = text.slice(0, lineStart).split("\n").slice(0, -1);
  const scalar = blockScalarAround(lines, indentOf(line));
  if (scalar !== undefined) {
    const keys = keysAbove(lines.slice(0, scalar + 1), indentOf(line), false);
    const indent = indentOf(line);
    const isFolded = />[-+0-9]*\s*(#.*)?$/.test(lines[scalar] ?? "");
    const typed = line.slice(indent);
    return { keys, on: "text", isFolded, typed, start: lineStart + indent, before: undefined };
  }
  if (/(^|\s)#/.test(withoutQuoted(line))) return undefined;
  return contentAt(lines, line, lineStart);
}

const indentOf = (line: string): number => /^ */.exec(line)?.[0].length ?? 0;
const isBlank = (line: string): boolean => /^\s*(#|$)/.test(line);
const withoutQuoted = (line: string): string =>
  line.replace(/"[^"]*"?|'[^']*'?/g, (quoted) => "_".repeat(quoted.length));

/** Index of the line that opens the block scalar which holds a line of that indentation. */
function blockScalarAround(lines: readonly string[], indent: number): number | undefined {
  let least = indent;
  for (let index = lines.length - 1; index >= 0 && least > 0; index -= 1) {
    const line = lines[index] ?? "";
    if (/^\s*$/.test(line)) continue;
    const own = indentOf(line);
    if (own >= least) continue;
    if (/(?:^|[\s:-])[|>][-+0-9]*\s*(#.*)?$/.test(line)) return index;
    least = own;
  }
  return undefined;
}

interface Content {
  /** Columns of the dashes. */
  readonly dashes: readonly number[];
  /** Column of what stands behind them. */
  readonly column: number;
  readonly key: string | undefined;
  /** Column of the value; the column of the content where there is no key. */
  readonly valueColumn: number;
}

function readLine(line: string): Content {
  const dashes: number[] = [];
  let column = indentOf(line);
  for (
    let next = /^-(?: +|$)/.exec(line.slice(column));
    next !== null;
    next = /^-(?: +|$)/.exec(line.slice(column))
  ) {
    dashes.push(column);
    column += next[0].length;
  }
  const rest = line.slice(column);
  const match = /^(?:"([^"]*)"|'([^']*)'|([^\s"'#[\]{},&*!|>%@`-][^#[\]{},]*?|-[^\s#:]+))\s*:(?:\s+|$)/.exec(
    rest,
  );
  const key = match?.[1] ?? match?.[2] ?? match?.[3];
  return { dashes, column, key, valueColumn: column + (match?.[0].length ?? 0) };
}

/** The keys above a position: those of smaller indentation, each with its own above it. */
function keysAbove(lines: readonly string[], from: number, fromDash: boolean): readonly string[] {
  const keys: string[] = [];
  let place: Column = { column: from, isItem: fromDash };
  for (let index = lines.length - 1; index >= 0 && (place.column > 0 || place.isItem); index -= 1) {
    const line = lines[index] ?? "";
    if (isBlank(line)) continue;
    const content = readLine(line);
    if (content.key !== undefined && holds(content, place)) keys.unshift(content.key);
    place = above(content, place);
  }
  return keys;
}

interface Column {
  readonly column: number;
  /** A dash stands there: a key at the same column may hold it. */
  readonly isItem: boolean;
}

const holds = ({ dashes, column }: Content, place: Column): boolean =>
  column < place.column || (column === place.column && place.isItem && dashes.length === 0);

/** Where what holds a line is to be looked for. */
function above(content: Content, place: Column): Column {
  const [dash] = content.dashes;
  if (content.key !== undefined && holds(content, place))
    return { column: dash ?? content.column, isItem: dash !== undefined };
  return dash !== undefined && dash < place.column ? { column: dash, isItem: true } : place;
}

function contentAt(lines: readonly string[], line: string, lineStart: number): YamlLine {
  const { dashes, column, key, valueColumn } = readLine(line);
  const above = keysAbove(lines, dashes[0] ?? column, dashes.length > 0);
  const keys = key === undefined ? above : [...above, key];
  const value = line.slice(valueColumn);
  const open = flowAt(value);
  if (open !== undefined) return inFlow(keys, open, lineStart + valueColumn);
  const quote = /^["']/.exec(value)?.[0].length ?? 0;
  const anchor = /^[&!][^\s[]*\s+/.exec(value)?.[0].length ?? 0;
  const skipped = quote + anchor;
  const start = lineStart + valueColumn + skipped;
  const base = { keys, isFolded: false, typed: value.slice(skipped), start };
  if (key !== undefined) return { ...base, on: "value", before: undefined };
  if (dashes.length > 0) return { ...base, on: "item", before: undefined };
  return continuedFlow(lines, base) ?? { ...base, on: "key", before: undefined };
}

// ---- Flow collections: `[a, {b: c`

interface Flow {
  /** Keys of flow mappings that are open. */
  readonly keys: readonly string[];
  /** Finished items of the innermost list. */
  readonly items: readonly string[];
  readonly isReference: boolean;
  readonly on: "key" | "value" | "item";
  readonly typed: string;
  /** Offset in the value. */
  readonly start: number;
}

interface Level {
  readonly kind: "[" | "{";
  readonly isReference: boolean;
  key: string | undefined;
  readonly items: string[];
}

/** Undefined where no bracket is open at the value's end. */
function flowAt(value: string): Flow | undefined {
  if (!/^(?:[&!]\S*\s+|!reference\s*)*[[{]/.test(value)) return undefined;
  const levels: Level[] = [];
  let start = 0;
  for (const token of withoutQuoted(value).matchAll(/[[\]{},]|:(?=\s|$)/g)) {
    const level = levels.at(-1);
    const piece = value.slice(start, token.index).trim();
    const end = token.index + 1;
    switch (token[0]) {
      case "[":
      case "{":
        levels.push({ kind: token[0], isReference: /!reference$/.test(piece), key: undefined, items: [] });
        break;
      case "]":
      case "}":
        levels.pop();
        break;
      case ",":
        if (level !== undefined) {
          level.items.push(unquoted(piece));
          level.key = undefined;
        }
        break;
      default:
        if (level?.kind === "{") level.key = unquoted(piece);
    }
    start = end;
  }
  const last = levels.at(-1);
  return last && flowOf(levels, last, value, start);
}

const unquoted = (text: string): string => text.replace(/^["']|["']$/g, "");

function flowOf(levels: readonly Level[], last: Level, value: string, from: number): Flow {
  const blanks = /^\s*["']?/.exec(value.slice(from))?.[0].length ?? 0;
  const on = last.kind === "[" ? "item" : last.key === undefined ? "key" : "value";
  return {
    keys: levels.flatMap(({ key }) => key ?? []),
    items: last.items,
    isReference: last.isReference,
    on,
    typed: value.slice(from + blanks),
    start: from + blanks,
  };
}

const inFlow = (keys: readonly string[], flow: Flow, start: number): YamlLine => ({
  keys: [...keys, ...flow.keys],
  on: flow.on,
  isFolded: false,
  typed: flow.typed,
  start: start + flow.start,
  before: flow.isReference ? flow.items : undefined,
});

/** An item on a line of its own, in a flow list that began above: `needs: [` and `build,` below it. */
function continuedFlow(
  lines: readonly string[],
  base: Pick<YamlLine, "keys" | "isFolded" | "typed" | "start">,
): YamlLine | undefined {
  const last = lines.findLast((line) => !isBlank(line)) ?? "";
  const isOpen = /[[,]\s*$/.test(last) && !/\]\s*,?\s*$/.test(last);
  const item = /[^,]*$/.exec(base.typed)?.[0].trimStart() ?? "";
  return isOpen
    ? {
        ...base,
        on: "item",
        typed: item,
        start: base.start + base.typed.length - item.length,
        before: undefined,
      }
    : undefined;
}
