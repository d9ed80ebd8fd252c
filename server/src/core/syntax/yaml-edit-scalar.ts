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
  const place = mapped.at(from, to);
  const written = place.chunk.text.slice(place.start, place.end);
  const part = writePart(scalar, { from, to, newText, whole, written });
  if (part === undefined) return replaceScalar(scalar, whole);
  // The indentation behind a line break goes with it; other text begins behind the character in front, which at a
  // folded line break is on the line above.
  const afterBreak = (offset: number): boolean => scalar.style === "literal" && text[offset - 1] === "\n";
  const edge = (offset: number): number =>
    offset === 0 || afterBreak(offset) ? mapped.at(offset, offset).start : mapped.at(offset - 1, offset).end;
  const start = from === to ? edge(from) : place.start;
  return [replace({ chunk: mapped.chunk, start, end: Math.max(start, edge(to)) }, part)];
}

/** A part of a decoded text and what is to come in its place. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly newText: string;
  /** The decoded text afterwards. */
  readonly whole: string;
  /** The part as it is written. */
  readonly written: string;
}

/** What to write in place of a part of the source; undefined where the whole scalar must be written anew. */
function writePart(scalar: YamlScalar, part: Part): string | undefined {
  switch (scalar.style) {
    case "plain":
      return writePlainPart(scalar, part);
    case "single":
    case "double":
      return writeQuotedPart(scalar, part);
    case "literal":
      return writeLiteralPart(scalar, part);
    case "folded":
      return writeFoldedPart(scalar, part);
    case "empty":
      return undefined;
  }
}

function writePlainPart(scalar: YamlScalar, { newText, whole, written }: Part): string | undefined {
  if (bordersFold(scalar, newText) || scalar.text.includes("\n") || written.includes("\n")) return undefined;
  return isPlain(whole, isInFlow(scalar)) && staysText(scalar, whole) ? newText : undefined;
}

function writeQuotedPart(scalar: YamlScalar, { newText, written }: Part): string | undefined {
  if (bordersFold(scalar, newText) || written.includes("\n")) return undefined;
  if (scalar.style === "double") return escapeDouble(newText);
  return isPrintable(newText) ? newText.replaceAll("'", "''") : undefined;
}

/** Blanks at the end of a line that is folded would be lost. */
const bordersFold = ({ at }: YamlScalar, newText: string): boolean =>
  /^\s|\s$|^$/.test(newText) && at.chunk.text.slice(at.start, at.end).includes("\n");

function writeLiteralPart(scalar: YamlScalar, part: Part): string | undefined {
  if (!canHoldLines(part.whole) || endsBlank(part.whole) || !startsAlike(scalar.text, part.whole))
    return undefined;
  if (touchesEnd(scalar, part) || isBlankLine(scalar.text, part.from)) return undefined;
  return part.newText.replaceAll("\n", `\n${" ".repeat(contentColumn(scalar))}`);
}

/** Neither at the first character, nor behind a kept line break (which deeper indentation causes), nor at the end. */
function writeFoldedPart(scalar: YamlScalar, part: Part): string | undefined {
  const { from, to, newText, written } = part;
  if (from === 0 || scalar.text[from - 1] === "\n" || touchesEnd(scalar, part)) return undefined;
  if (written !== scalar.text.slice(from, to) || written.includes("\n")) return undefined;
  return isPrintable(newText) && !/^\s|\s$|^$/.test(newText) ? newText : undefined;
}

const staysText = (scalar: YamlScalar, text: string): boolean =>
  typeof scalar.value !== "string" || readsAsText(text);

/** The first character decides how the indentation of a block scalar is found. */
const startsAlike = (before: string, after: string): boolean =>
  !/^[\s]|^$/.test(before) && !/^[\s]|^$/.test(after);

/** Whether the part reaches the line breaks at the end, which chomping decides about. */
const touchesEnd = ({ text }: YamlScalar, { to, newText }: Part): boolean =>
  to > text.replace(/\n+$/, "").length || (/\n$|^$/.test(newText) && /^\n*$/.test(text.slice(to)));

/** Blank lines need not be indented, so there is no telling where their text would go. */
const isBlankLine = (text: string, offset: number): boolean =>
  text[offset - 1] === "\n" && text[offset] === "\n";

/** A last line of blanks only is no part of a block scalar. */
const endsBlank = (text: string): boolean => /(?:^|\n)[ \t]*$/.test(text.replace(/\n+$/, ""));

const canHoldLines = (text: string): boolean => text.split("\n").every(isPrintable);

/** Column at which the text of a block scalar stands. */
function contentColumn(scalar: YamlScalar): number {
  const { chunk, start, end } = scalar.at;
  const first = scalar.text.search(/[^\n]/);
  if (first !== -1 && !/^\s/.test(scalar.text)) {
    return columnOf(chunk.text, scalar.mapped.at(first, first + 1).start);
  }
  const [, ...lines] = chunk.text.slice(start, end).split("\n");
  const columns = lines
    .filter((line) => line.trim() !== "")
    .map((line) => line.length - line.trimStart().length);
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
  if (endsBlank(newText) || !canHoldLines(newText)) return undefined;
  const { chunk, start } = scalar.at;
  const breaks = newText.length - body.length;
  const chomp = ["-", ""][breaks] ?? "+";
  const column = Math.min(contentColumn(scalar), keyColumn(scalar) + 9);
  const indicator = /^\s/.test(body) ? String(column - keyColumn(scalar)) : "";
  const style = scalar.style === "folded" && !body.includes("\n") && !/^\s/.test(body) ? ">" : "|";
  const comment = /[ \t]+#.*$/.exec(chunk.text.slice(start, lineEndOf(chunk.text, start)))?.[0] ?? "";
  const pad = " ".repeat(column);
  const lines = body.split("\n").map((line) => (line === "" ? "" : pad + line));
  // With `+` every line break counts, and those behind the last line stay as they are in the file.
  if (chomp === "+" && breaks !== breaksBehind(scalar)) return undefined;
  return `${style}${indicator}${chomp}${comment}\n${lines.join("\n")}`;
}

/** Line breaks between the scalar's last line of text and whatever comes next in the file. */
const breaksBehind = ({ at }: YamlScalar): number =>
  (/^[ \t\n]*/.exec(at.chunk.text.slice(at.end))?.[0] ?? "").split("\n").length - 1;

function writeInline(scalar: YamlScalar, newText: string): string {
  const plainly = scalar.style === "plain" || scalar.style === "empty";
  if (plainly && isPlain(newText, isInFlow(scalar)) && staysText(scalar, newText)) return newText;
  if (scalar.style !== "double" && isPrintable(newText)) return singleQuoted(newText);
  return doubleQuoted(newText);
}

/** Whether the scalar stands between brackets; true in doubt, which only costs quotes. */
function isInFlow({ at }: YamlScalar): boolean {
  const { text } = at.chunk;
  return (
    /[,\]}]/.test(text[skipSpace(text, at.end)] ?? "") ||
    /[,[{]$/.test(text.slice(lineStartOf(text, at.start), at.start).trimEnd())
  );
}
