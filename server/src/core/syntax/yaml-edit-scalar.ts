// Edits of one scalar, or a part of its decoded text: quoting and escaping follow its style as long as it can hold the
// new text.
import { insertAt, replace, type ChunkEdit } from "../text/edit";
import type { Origin } from "../text/located";
import {
  columnOf,
  doubleQuoted,
  escapeDouble,
  isPlain,
  isPrintable,
  lineEndOf,
  lineStartOf,
  readsAsText,
  singleQuoted,
  skipSpace,
  startWithProperties,
} from "./yaml-layout";
import type { YamlScalar } from "./yaml-nodes";

type Edits = readonly ChunkEdit[];

/**
 * Replaces a scalar by one whose decoded text is `newText`, in the same style where that can hold it. A text that was
 * a number or a boolean may become another; a text stays a text.
 */
export function replaceScalar(scalar: YamlScalar, newText: string): Edits {
  const { chunk, start, end } = scalar.at;
  if (scalar.style === "empty") return [insertAt(chunk, end, ` ${writeInline(scalar, newText)}`)];
  if (scalar.style === "literal" || scalar.style === "folded") {
    const written = writeBlock(scalar, newText);
    if (written !== undefined) return [replace({ chunk, start, end }, written)];
  }
  return [replace(scalar.at, writeInline(scalar, newText))];
}

/**
 * Replaces the part of the decoded text that stands at `at` (a place that the scalar's `mapped` gave) by `newText`,
 * which is decoded text too. The rest of the scalar keeps its folding and escapes unless its style must change.
 */
export function replaceInScalar(scalar: YamlScalar, at: Origin, newText: string): Edits {
  if (at.chunk !== scalar.at.chunk) return [];
  const from = decodedOffset(scalar, at.start);
  const to = at.end <= at.start ? from : decodedOffset(scalar, at.end);
  return replaceDecoded(scalar, from, to, newText);
}

/** Adds to the end of the last line of the decoded text; the line breaks behind it stay. */
export function appendToScalar(scalar: YamlScalar, more: string): Edits {
  const end = scalar.text.replace(/\n+$/, "").length;
  return replaceDecoded(scalar, end, end, more);
}

/** Offset of the first decoded character whose source begins at or behind `source`. */
function decodedOffset({ mapped }: YamlScalar, source: number): number {
  let low = 0;
  let high = mapped.text.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (mapped.at(middle, middle).start >= source) high = middle;
    else low = middle + 1;
  }
  return low;
}

function replaceDecoded(scalar: YamlScalar, from: number, to: number, newText: string): Edits {
  const { text, mapped } = scalar;
  const whole = text.slice(0, from) + newText + text.slice(to);
  const part = writePart(scalar, from, to, newText, whole);
  if (part === undefined) return replaceScalar(scalar, whole);
  return [replace(from === to ? insertionAt(scalar, from) : mapped.at(from, to), part)];
}

/** Behind the character in front: at a folded line break the new text belongs to the line above. */
function insertionAt({ mapped }: YamlScalar, offset: number): Origin {
  if (offset === 0) return mapped.at(0, 0);
  const { chunk, end } = mapped.at(offset - 1, offset);
  return { chunk, start: end, end };
}

/** What to write in place of a part of the source; undefined where the whole scalar must be written anew. */
function writePart(scalar: YamlScalar, from: number, to: number, newText: string, whole: string): string | undefined {
  const source = scalar.mapped.at(from, to);
  const written = source.chunk.text.slice(source.start, source.end);
  // Folded line breaks and escapes inside the part, and blanks at its borders to a fold, change how the rest is read.
  const plainPart = written === scalar.text.slice(from, to) && !written.includes("\n");
  const touchesFold = /^\s|\s$|^$/.test(newText) && scalar.at.chunk.text.slice(scalar.at.start, scalar.at.end).includes("\n");
  switch (scalar.style) {
    case "plain":
      if (!plainPart || touchesFold || newText.includes("\n") || scalar.text.includes("\n")) return undefined;
      return isPlain(whole, isInFlow(scalar)) && staysText(scalar, whole) ? newText : undefined;
    case "single":
      return !touchesFold && isPrintable(newText) && !written.includes("\n") ? newText.replaceAll("'", "''") : undefined;
    case "double":
      return touchesFold || written.includes("\n") ? undefined : escapeDouble(newText);
    case "literal":
      return canHoldLines(whole) && startsAlike(scalar.text, whole) && !touchesEnd(scalar, to, newText)
        ? newText.replaceAll("\n", `\n${" ".repeat(contentColumn(scalar))}`)
        : undefined;
    case "folded":
      return plainPart && isPrintable(newText) && !/^\s|\s$|^$/.test(newText) && startsAlike(scalar.text, whole) && from > 0
        ? newText
        : undefined;
    case "empty":
      return undefined;
  }
}

const staysText = (scalar: YamlScalar, text: string): boolean => typeof scalar.value !== "string" || readsAsText(text);

/** The first character decides how the indentation of a block scalar is found. */
const startsAlike = (before: string, after: string): boolean => !/^[\s]|^$/.test(before) && !/^[\s]|^$/.test(after);

/** Whether the part reaches the line breaks at the end, which chomping decides about. */
const touchesEnd = (scalar: YamlScalar, to: number, newText: string): boolean =>
  to > scalar.text.replace(/\n+$/, "").length || (newText.endsWith("\n") && /^\n*$/.test(scalar.text.slice(to))) ||
  (newText === "" && /^\n*$/.test(scalar.text.slice(to)));

const canHoldLines = (text: string): boolean => text.split("\n").every(isPrintable);

/** Column at which the text of a block scalar stands. */
function contentColumn(scalar: YamlScalar): number {
  const { chunk, start, end } = scalar.at;
  const first = scalar.text.search(/[^\n]/);
  if (first !== -1 && !/^\s/.test(scalar.text)) return columnOf(chunk.text, scalar.mapped.at(first, first + 1).start);
  const lineBreak = chunk.text.indexOf("\n", start);
  const indents = lineBreak === -1 ? [] : chunk.text.slice(lineBreak + 1, end).split("\n").filter((line) => line.trim() !== "");
  const columns = indents.map((line) => line.length - line.trimStart().length);
  return columns.length === 0 ? keyColumn(scalar) + 2 : Math.max(Math.min(...columns), keyColumn(scalar) + 1);
}

/** Column of the key or dash that a block scalar belongs to. */
function keyColumn(scalar: YamlScalar): number {
  const { text } = scalar.at.chunk;
  const lineStart = lineStartOf(text, scalar.at.start);
  const before = text.slice(lineStart, startWithProperties(scalar));
  const dashes = /^ *(?:- +)*/.exec(before)?.[0] ?? "";
  return dashes.length < before.length ? dashes.length : Math.max(dashes.lastIndexOf("-"), 0);
}

/** Block style: literal, or folded for a single line. Undefined where it can't hold the text. */
function writeBlock(scalar: YamlScalar, newText: string): string | undefined {
  const body = newText.replace(/\n+$/, "");
  if (body.trim() === "" || !canHoldLines(newText)) return undefined;
  const { chunk, start } = scalar.at;
  const breaks = newText.length - body.length;
  const chomp = breaks === 0 ? "-" : breaks === 1 ? "" : "+";
  const column = Math.min(contentColumn(scalar), keyColumn(scalar) + 9);
  const indicator = /^\s/.test(body) ? String(column - keyColumn(scalar)) : "";
  const style = scalar.style === "folded" && !body.includes("\n") && !/^\s/.test(body) ? ">" : "|";
  const comment = /[ \t]+#.*$/.exec(chunk.text.slice(start, lineEndOf(chunk.text, start)))?.[0] ?? "";
  const pad = " ".repeat(column);
  const lines = body.split("\n").map((line) => (line === "" ? "" : pad + line));
  // With `+` the line breaks behind the last line count, and those that are written there already stay.
  const kept = chomp === "+" ? keptBreaks(scalar) : 0;
  if (chomp === "+" && breaks - 1 !== kept) return undefined;
  return `${style}${indicator}${chomp}${comment}\n${lines.join("\n")}`;
}

/** Blank lines that follow the scalar's last line in the file. */
function keptBreaks({ at }: YamlScalar): number {
  const rest = at.chunk.text.slice(at.end);
  return (/^\n[ \t\n]*(?=\n|$)/.exec(rest)?.[0] ?? "").split("\n").length - 1;
}

function writeInline(scalar: YamlScalar, newText: string): string {
  const plainly = scalar.style === "plain" || scalar.style === "empty";
  if (plainly && isPlain(newText, isInFlow(scalar)) && staysText(scalar, newText)) return newText;
  if (scalar.style !== "double" && isPrintable(newText)) return singleQuoted(newText);
  return doubleQuoted(newText);
}

/** Whether the scalar stands between brackets; true in doubt, which only costs quotes. */
function isInFlow({ at }: YamlScalar): boolean {
  const { text } = at.chunk;
  return /[,\]}]/.test(text[skipSpace(text, at.end)] ?? "") || /[,[{]$/.test(text.slice(lineStartOf(text, at.start), at.start).trimEnd());
}
