// Edits of YAML in terms of its nodes. What is not named by an edit stays as it is: indentation, quotes, comments,
// block and flow style. Edits are relative to chunks; several of one call belong together.
import { insertAt, type ChunkEdit } from "../text/edit";
import type { Origin } from "../text/located";
import {
  behindColon,
  childIndent,
  columnOf,
  endOfLines,
  indentRest,
  isBlank,
  isBlockCollection,
  isFirstOnLine,
  isPlain,
  lineEndOf,
  lineStartOf,
  readsAsText,
  singleQuoted,
  skipSpace,
  startWithProperties,
  toFlow,
} from "./yaml-layout";
import { pairOf, type YamlBlock, type YamlMap, type YamlNode, type YamlPair, type YamlSeq } from "./yaml-nodes";

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
    const missing = colon === key.at.end ? ": " : isBlank(text[colon]) ? "" : " ";
    const from = value.at.start === value.at.end && value.anchor === undefined ? colon : start;
    return [{ chunk, start: from, end: Math.max(from, value.at.end), newText: (from === colon ? missing || " " : "") + anchor + toFlow(valueYaml) }];
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

/** Whether a bracket or comma stands on both sides. */
function isInFlow({ chunk, start, end }: Origin): boolean {
  return /[{[,]$/.test(chunk.text.slice(0, start).trimEnd()) && /[}\],]/.test(chunk.text[skipSpace(chunk.text, end)] ?? "");
}

function removeLines({ chunk, start, end }: Origin): Edits {
  const { text } = chunk;
  const column = columnOf(text, start);
  const lineEnd = lineEndOf(text, end);
  if (isFirstOnLine(text, start)) {
    const from = lineStartOf(text, start);
    // The last line of a file without final line break takes the break in front of it along.
    if (lineEnd === text.length) return [{ chunk, start: Math.max(from - 1, 0), end: lineEnd, newText: "" }];
    return [{ chunk, start: from, end: lineEnd + 1, newText: "" }];
  }
  // Behind a dash: the next line of the same collection moves up.
  const next = nextTextLine(text, lineEnd + 1);
  if (next !== undefined && columnOf(text, next) === column) return [{ chunk, start, end: next, newText: "" }];
  return [{ chunk, start, end, newText: "" }];
}

/** First character of the next line that is not blank, a comment's too. */
function nextTextLine(text: string, from: number): number | undefined {
  let at = from;
  while (at < text.length && /\s/.test(text[at] ?? "")) at += 1;
  return at < text.length ? at : undefined;
}

function removeFromFlow({ chunk, start, end }: Origin): Edits {
  const { text } = chunk;
  const behind = skipSpace(text, end);
  if (text[behind] === ",") {
    const next = skipSpace(text, behind + 1);
    const comment = text.slice(behind + 1, next).includes("#");
    const lineBreak = isFirstOnLine(text, start) ? lineEndOf(text, behind) : behind + 1;
    if (!comment && !/[\]}]/.test(text[next] ?? "")) return [{ chunk, start, end: next, newText: "" }];
    if (comment) return [{ chunk, start, end: skipBlanks(text, Math.max(behind + 1, lineBreak)), newText: "" }];
  }
  let before = start;
  while (before > 0 && /\s/.test(text[before - 1] ?? "")) before -= 1;
  const comma = text[before - 1] === ",";
  const tail = text[behind] === "," && !comma ? behind + 1 : end;
  return [{ chunk, start: comma ? before - 1 : start, end: tail, newText: "" }];
}

const skipBlanks = (text: string, from: number): number => {
  let at = from;
  while (isBlank(text[at])) at += 1;
  return at;
};

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

const blockItem = (itemYaml: string, column: number): string =>
  `- ${indentRest(itemYaml.replace(/\n+$/, ""), column + 2)}`;

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
  return [insertAt(chunk, aboveComments(chunk.text, lineStartOf(chunk.text, dash)), `${pad}${blockItem(itemYaml, column)}\n`)];
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
  while (line > seq.at.start && !(text[line + column] === "-" && /\s|^$/.test(text[line + column + 1] ?? ""))) {
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

/** Behind an entry of a flow collection; on a line of its own where that entry has one. */
function insertInFlow({ chunk, start, end }: Origin, newText: string): Edits {
  const { text } = chunk;
  if (!isFirstOnLine(text, start)) return [insertAt(chunk, end, `, ${newText}`)];
  const behind = skipSpace(text, end);
  const line = `\n${text.slice(lineStartOf(text, start), start)}${newText}`;
  const lineEnd = lineEndOf(text, end);
  if (text[behind] === ",") return [insertAt(chunk, Math.max(lineEndOf(text, behind), lineEnd), `${line},`)];
  // A bracket that closes on the entry's line stays behind the new entry.
  if (behind < lineEnd) return [insertAt(chunk, end, `,${line}`)];
  return [insertAt(chunk, end, ","), insertAt(chunk, lineEnd, line)];
}

/**
 * Turns the scalar value of a pair into a list: `stages: build containerize` has two items. `items` are the decoded
 * texts; unless given they are the words of the scalar, without commas between and dashes in front of them.
 */
export function scalarToList(map: YamlMap, pair: YamlPair, items: readonly string[] = wordsOf(pair.value)): Edits {
  if (items.length === 0) return replaceValue(map, pair, "[]");
  return replaceValue(map, pair, items.map((item) => `- ${plainOrQuoted(item)}`).join("\n"));
}

function wordsOf(node: YamlNode): readonly string[] {
  if (node.kind !== "scalar") return [];
  return node.text
    .split(/[\s,]+/)
    .map((word) => word.replace(/^-/, ""))
    .filter((word) => word !== "");
}

const plainOrQuoted = (text: string): string =>
  isPlain(text, false) && readsAsText(text) ? text : singleQuoted(text);

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
  return { kind: "map", flow, pairs: block.pairs, at: { chunk: block.chunk, start, end: last.at.end }, tag: undefined, anchor: undefined };
}
