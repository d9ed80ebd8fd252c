// How YAML is laid out on its lines: columns, colons, comments, and text that is fitted to where it goes.
import { createSourceFile } from "../text/source-file";
import { parseYaml } from "./yaml";
import type { YamlMap, YamlNode, YamlSeq } from "./yaml-nodes";
import { psychValue } from "./yaml-values";

/** Offset at which the line around `at` begins. */
export const lineStartOf = (text: string, at: number): number => text.lastIndexOf("\n", at - 1) + 1;

/** Offset of the line break that ends the line around `at`, or of the text's end. */
export function lineEndOf(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

/** Characters between the start of the line and `at`. */
export const columnOf = (text: string, at: number): number => at - lineStartOf(text, at);

export const isBlank = (char: string | undefined): boolean => char === " " || char === "\t";

/** Whether only blanks stand between the start of the line and `at`. */
export const isFirstOnLine = (text: string, at: number): boolean =>
  text.slice(lineStartOf(text, at), at).trim() === "";

/** Where a node begins with its anchor and tag, which `at` leaves out. */
export function startWithProperties(node: YamlNode): number {
  const { chunk, start } = node.at;
  let from = start;
  for (let left = Number(node.anchor !== undefined) + Number(node.tag !== undefined); left > 0; left -= 1) {
    let end = from;
    while (end > 0 && /\s/.test(chunk.text[end - 1] ?? "")) end -= 1;
    let property = end;
    while (property > 0 && !/[\s,[{]/.test(chunk.text[property - 1] ?? "")) property -= 1;
    if (chunk.text[property] !== "&" && chunk.text[property] !== "!") return from;
    from = property;
  }
  return from;
}

/** Next offset at or behind `at` that holds neither white space nor a comment. */
export function skipSpace(text: string, at: number): number {
  let next = at;
  for (;;) {
    while (next < text.length && /\s/.test(text[next] ?? "")) next += 1;
    if (text[next] !== "#" || !(next === 0 || /\s/.test(text[next - 1] ?? ""))) return next;
    next = lineEndOf(text, next);
  }
}

/** Behind the colon that follows a key. */
export function behindColon(key: YamlNode): number {
  const { text } = key.at.chunk;
  const colon = skipSpace(text, key.at.end);
  return text[colon] === ":" ? colon + 1 : key.at.end;
}

/**
 * Where a line can be added behind a node: the end of its last line. A block scalar that keeps its last line breaks
 * (`|+`) keeps them.
 */
export function endOfLines(node: YamlNode): number {
  const { text } = node.at.chunk;
  const leaf = lastLeaf(node);
  let end = lineEndOf(text, node.at.end);
  if (leaf.kind !== "scalar" || !/^[|>]\d?\+/.test(text.slice(leaf.at.start, leaf.at.start + 3))) return end;
  while (end < text.length) {
    const next = lineEndOf(text, end + 1);
    if (end + 1 >= text.length || text.slice(end + 1, next).trim() !== "") return end;
    end = next;
  }
  return end;
}

function lastLeaf(node: YamlNode): YamlNode {
  let leaf = node;
  for (;;) {
    const last =
      leaf.kind === "map" ? leaf.pairs.at(-1)?.value : leaf.kind === "seq" ? leaf.items.at(-1) : undefined;
    if (last === undefined) return leaf;
    leaf = last;
  }
}

/** Indents every line but the first; blank lines stay empty. */
export const indentRest = (yaml: string, columns: number): string =>
  yaml.replace(/\n(?=[^\n])/g, `\n${" ".repeat(columns)}`);

const MAPPING_LINE = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s[\]{},"'|>#&*!%@`][^#\n]*?)[ \t]*:(?:\s|$)/;

/** Whether the text is a block list or mapping, which cannot follow its key on the same line. */
export const isBlockCollection = (yaml: string): boolean =>
  /^-(?:\s|$)/.test(yaml) || MAPPING_LINE.test(yaml);

/** Columns by which the children of this mapping are indented: as its siblings do it, else as the file does, else 2. */
export function childIndent(map: YamlMap, kind: "map" | "seq"): number {
  const { text } = map.at.chunk;
  for (const { key, value } of map.pairs) {
    if (value.kind !== kind || value.flow || !isFirstOnLine(text, value.at.start)) continue;
    return Math.max(columnOf(text, value.at.start) - columnOf(text, key.at.start), 0);
  }
  const found = (kind === "seq" ? LIST_BELOW_KEY : CHILD_BELOW_KEY).exec(text);
  const columns = found === null ? 2 : (found[2] ?? "").length - (found[1] ?? "").length;
  const least = kind === "seq" ? 0 : 1;
  return columns < least ? 2 : columns;
}

const LIST_BELOW_KEY = /^([ -]*)[^\s#-][^\n]*:[ \t]*\n( *)- /m;
const CHILD_BELOW_KEY = /^([ -]*)[^\s#-][^\n]*:[ \t]*\n( +)[^\s#-]/m;

/** Block text as it must be written between brackets. Text that is not YAML stays as it is. */
export function toFlow(yaml: string): string {
  const file = parseYaml(createSourceFile("", "other", yaml));
  const blocks = file.documents[0]?.blocks ?? [];
  const root = blocks.find((block) => block.root !== undefined)?.root;
  if (root !== undefined) return flowText(root);
  const pairs = blocks.flatMap((block) => block.pairs);
  const flow = yaml.trimStart().startsWith("{");
  return pairs.length === 0 || flow ? yaml.trim() : flowMap(pairs.map(({ key, value }) => [key, value]));
}

function flowText(node: YamlNode): string {
  const tag = node.tag === undefined ? "" : `${node.tag} `;
  const anchor = node.anchor === undefined ? "" : `&${node.anchor} `;
  return anchor + tag + bareFlowText(node);
}

function bareFlowText(node: YamlNode): string {
  if (node.kind === "alias") return `*${node.name}`;
  if (node.kind === "seq") return flowList(node);
  if (node.kind === "map") return flowMap(node.pairs.map(({ key, value }) => [key, value]));
  const written = node.at.chunk.text.slice(node.at.start, node.at.end);
  if (node.style === "single" || node.style === "double") return written;
  if (node.style === "empty") return "null";
  if (node.style === "plain" && isPlain(node.text, true) && !written.includes("\n")) return written;
  return doubleQuoted(node.text);
}

const flowList = (node: YamlSeq): string => `[${node.items.map(flowText).join(", ")}]`;

const flowMap = (pairs: readonly (readonly [YamlNode, YamlNode])[]): string =>
  `{${pairs.map(([key, value]) => `${flowText(key)}: ${flowText(value)}`).join(", ")}}`;

/** Whether a text can be written plain, without quotes, on one line: https://yaml.org/spec/1.2.2/#733-plain-style */
export function isPlain(text: string, flow: boolean): boolean {
  if (text === "" || text !== text.trim() || !isPrintable(text)) return false;
  if (/^[,[\]{}#&*!|>'"%@`]/.test(text) || /^[-?:](?:\s|$)/.test(text) || /^(?:---|\.\.\.)/.test(text))
    return false;
  if (/:(?:\s|$)|\s#/.test(text)) return false;
  return !flow || !/[,[\]{}]|^[-?:]/.test(text);
}

/** Whether a plain text is read as text, not as a number, a boolean or nothing. */
export const readsAsText = (text: string): boolean => psychValue(text) === text;

/** No line breaks and no control characters. */
export const isPrintable = (text: string): boolean =>
  !/[\0-\x08\n\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/.test(text);

/** https://yaml.org/spec/1.2.2/#57-escaped-characters */
export const doubleQuoted = (text: string): string => `"${escapeDouble(text)}"`;

const SHORT: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
  "\0": "\\0",
  "\x1b": "\\e",
};

export const escapeDouble = (text: string): string =>
  text
    .replace(/["\\]/g, "\\$&")
    .replace(
      /[\0-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
      (char) => SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );

export const singleQuoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
