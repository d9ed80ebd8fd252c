// Edits of YAML in terms of its nodes. What is not named by an edit stays as it is: indentation, quotes, comments,
// block and flow style. Edits are relative to chunks; several of one call belong together.
import { insertAt, type ChunkEdit } from "../text/edit";
import type { Origin } from "../text/located";
import { insertInFlow, isInFlow, removeFromFlow, removeLines, skipBlanks } from "./yaml-edit-lines";
import {
  behindColon,
  childIndent,
  columnOf,
  endOfLines,
  indentRest,
  isBlockCollection,
  isFirstOnLine,
  lineEndOf,
  lineStartOf,
  startWithProperties,
  toFlow,
} from "./yaml-layout";
import {
  pairOf,
  type YamlBlock,
  type YamlMap,
  type YamlNode,
  type YamlPair,
  type YamlSeq,
} from "./yaml-nodes";

export { appendToScalar, replaceInScalar, replaceScalar } from "./yaml-edit-scalar";

type Edits = readonly ChunkEdit[];

/** Column (UTF-16 units from the start of its line) at which a node begins: a list's dash, a mapping's first key. */
export const indentOf = (node: YamlNode): number => columnOf(node.at.chunk.text, node.at.start);

/**
 * Sets a key of a mapping: replaces the value of the (last) pair with that key, or appends one behind the last pair.
 * `valueYaml` is YAML text; a list, mapping or block scalar over several lines is indented from column 0. An anchor of
 * the old value stays, its tag goes.
 */
export function setKey(map: YamlMap, key: string, valueYaml: string): Edits {
  const pair = pairOf(map, key);
  if (pair !== undefined) return replaceValue(map, pair, valueYaml);
  const last = map.pairs.at(-1);
  if (last !== undefined) return insertKeyAfter(map, last, key, valueYaml);
  return [insertAt(map.at.chunk, map.at.start + 1, `${key}: ${toFlow(valueYaml)}`)];
}

/** Adds a pair in front of the first one. */
export function insertKeyFirst(map: YamlMap, key: string, valueYaml: string): Edits {
  const first = map.pairs[0];
  if (first === undefined) return setKey(map, key, valueYaml);
  const at = startWithProperties(first.key);
  const { chunk } = map.at;
  if (map.flow) return [insertAt(chunk, at, `${key}: ${toFlow(valueYaml)}, `)];
  const column = indentOf(map);
  return [insertAt(chunk, at, `${blockPair(map, key, valueYaml)}\n${" ".repeat(column)}`)];
}

/** Adds a pair behind a given one of the mapping. */
export function insertKeyAfter(map: YamlMap, pair: YamlPair, key: string, valueYaml: string): Edits {
  const { chunk } = map.at;
  if (map.flow) return insertInFlow(pair.at, `${key}: ${toFlow(valueYaml)}`);
  const text = `\n${" ".repeat(indentOf(map))}${blockPair(map, key, valueYaml)}`;
  return [insertAt(chunk, Math.max(endOfLines(pair.value), lineEndOf(chunk.text, pair.at.end)), text)];
}

/** `key: value` for a block mapping, without the indentation of its first line. */
function blockPair(map: YamlMap, key: string, valueYaml: string): string {
  const { head, tail } = blockValue(map, valueYaml);
  return `${key}:${head === "" ? "" : ` ${head}`}${tail}`;
}

interface BlockValue {
  /** What follows the colon on its line. */
  readonly head: string;
  /** The lines below, each with its line break in front. */
  readonly tail: string;
}

function blockValue(map: YamlMap, valueYaml: string): BlockValue {
  const yaml = valueYaml.replace(/\n+$/, "");
  const column = indentOf(map);
  if (isBlockCollection(yaml)) {
    const deeper = column + childIndent(map, yaml.startsWith("-") ? "seq" : "map");
    return { head: "", tail: `\n${" ".repeat(deeper)}${indentRest(yaml, deeper)}` };
  }
  const lineBreak = yaml.indexOf("\n");
  if (lineBreak === -1) return { head: yaml, tail: "" };
  return { head: yaml.slice(0, lineBreak), tail: indentRest(yaml.slice(lineBreak), column) };
}

function replaceValue(map: YamlMap, pair: YamlPair, valueYaml: string): Edits {
  const { key, value } = pair;
  const { chunk } = map.at;
  const { text } = chunk;
  const anchor = value.anchor === undefined ? "" : `&${value.anchor} `;
  const colon = behindColon(key);
  const start = startWithProperties(value);
  if (map.flow) {
    const newText = anchor + toFlow(valueYaml);
    if (start !== value.at.end) return [{ chunk, start, end: value.at.end, newText }];
    const separator = colon === key.at.end ? ": " : " ";
    return [{ chunk, start: colon, end: skipBlanks(text, colon), newText: separator + newText }];
  }
  const { head, tail } = blockValue(map, valueYaml);
  const newHead = `${anchor}${head}`.trimEnd();
  const headText = (colon === key.at.end ? ":" : "") + (newHead === "" ? "" : ` ${newHead}`);
  const keyLineEnd = lineEndOf(text, colon);
  if (value.at.start <= keyLineEnd) {
    const end = value.at.end;
    const below = tail === "" ? [] : [insertAt(chunk, lineEndOf(text, end), tail)];
    return [{ chunk, start: colon, end: Math.max(colon, end), newText: headText }, ...below];
  }
  // The value begins below its key: comments between the two stay, except where they would become text.
  const propertiesEnd = start <= keyLineEnd ? endOfProperties(text, start, keyLineEnd) : colon;
  const from = /^[|>]/.test(head) ? keyLineEnd : lineStartOf(text, value.at.start) - 1;
  return [
    { chunk, start: colon, end: propertiesEnd, newText: headText },
    { chunk, start: from, end: lineEndOf(text, value.at.end), newText: tail },
  ];
}

/** Behind the anchor and tag that stand on the key's line. */
function endOfProperties(text: string, start: number, lineEnd: number): number {
  return start + (/^(?:[&!][^\s]*[ \t]*)+/.exec(text.slice(start, lineEnd))?.[0].trimEnd().length ?? 0);
}

/**
 * Removes a pair: its lines with the comment behind it, or in flow style its comma. Comments above it stay. Where it
 * was the only one, a block mapping is left without a value. Takes the mapping and the pair, or the places of the
 * pair's key and value.
 */
export function removePair(map: YamlMap, pair: YamlPair): Edits;
export function removePair(keyAt: Origin, valueAt: Origin): Edits;
export function removePair(first: YamlMap | Origin, second: YamlPair | Origin): Edits {
  if ("kind" in first && "key" in second) {
    const at = { ...second.at, start: startWithProperties(second.key) };
    return first.flow ? removeFromFlow(at) : removeLines(at);
  }
  if ("kind" in first || "key" in second || first.chunk !== second.chunk) return [];
  const at = { chunk: first.chunk, start: first.start, end: Math.max(first.end, second.end) };
  return isInFlow(at) ? removeFromFlow(at) : removeLines(at);
}

/** Adds an item behind the last one. `itemYaml` over several lines is indented from column 0. */
export function appendItem(seq: YamlSeq, itemYaml: string): Edits {
  const last = seq.items.at(-1);
  const { chunk } = seq.at;
  if (seq.flow) {
    if (last === undefined) return [insertAt(chunk, seq.at.start + 1, toFlow(itemYaml))];
    return insertInFlow({ ...last.at, start: startWithProperties(last) }, toFlow(itemYaml));
  }
  if (last === undefined) return [];
  const column = indentOf(seq);
  return [insertAt(chunk, endOfLines(last), `\n${" ".repeat(column)}${blockItem(itemYaml, column)}`)];
}

/** A block scalar's lines are indented from the dash already; the lines of a collection begin behind it. */
const blockItem = (itemYaml: string, column: number): string =>
  `- ${indentRest(itemYaml.replace(/\n+$/, ""), /^[|>]/.test(itemYaml) ? column : column + 2)}`;

/** Adds an item in front of the one at `index` and the comments right above it; behind the last where there is none. */
export function insertItemBefore(seq: YamlSeq, index: number, itemYaml: string): Edits {
  const item = seq.items[index];
  if (item === undefined) return appendItem(seq, itemYaml);
  const { chunk } = seq.at;
  if (seq.flow) return [insertAt(chunk, startWithProperties(item), `${toFlow(itemYaml)}, `)];
  const column = indentOf(seq);
  const pad = " ".repeat(column);
  const dash = dashOf(seq, item, column);
  if (index === 0 || !isFirstOnLine(chunk.text, dash)) {
    return [insertAt(chunk, dash, `${blockItem(itemYaml, column)}\n${pad}`)];
  }
  return [
    insertAt(
      chunk,
      aboveComments(chunk.text, lineStartOf(chunk.text, dash)),
      `${pad}${blockItem(itemYaml, column)}\n`,
    ),
  ];
}

function aboveComments(text: string, lineStart: number): number {
  let at = lineStart;
  while (at > 0) {
    const above = lineStartOf(text, at - 1);
    if (!text.slice(above, at).trimStart().startsWith("#")) return at;
    at = above;
  }
  return at;
}

/** The dash of an item: on the item's line, or above it where the item begins below its dash. */
function dashOf(seq: YamlSeq, item: YamlNode, column: number): number {
  const { text } = seq.at.chunk;
  let line = lineStartOf(text, item.at.start);
  while (
    line > seq.at.start &&
    !(text[line + column] === "-" && /\s|^$/.test(text[line + column + 1] ?? ""))
  ) {
    line = lineStartOf(text, line - 1);
  }
  return Math.max(line + column, seq.at.start);
}

/**
 * Removes an item: its lines with the comment behind it, or in flow style its comma. Comments above it stay. Where it
 * was the only one, a block list is left without a value.
 */
export function removeItem(seq: YamlSeq, index: number): Edits {
  const item = seq.items[index];
  if (item === undefined) return [];
  const start = seq.flow ? startWithProperties(item) : dashOf(seq, item, indentOf(seq));
  const at = { ...item.at, start };
  return seq.flow ? removeFromFlow(at) : removeLines(at);
}

/**
 * The entries of a top-level block as a mapping, so that the edits above work on them. A new key goes behind the
 * block's last line of content. Undefined for a block without entries.
 */
export function rootMapOf(block: YamlBlock): YamlMap | undefined {
  const first = block.pairs[0];
  const last = block.pairs.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const opening = block.chunk.text.search(/[^\s]/);
  const flow = block.chunk.text[opening] === "{";
  const start = flow ? opening : first.at.start;
  return {
    kind: "map",
    flow,
    pairs: block.pairs,
    at: { chunk: block.chunk, start, end: last.at.end },
    tag: undefined,
    anchor: undefined,
  };
}
