// Maps the decoded text of a YAML scalar back to its source: one function per style. Each decodes again, by the rules
// of the `yaml` library, and notes where every character comes from.
import { identityText, mappedText, MappedTextBuilder, type MappedText } from "../text/mapped-text";
import { decodeBlock } from "./yaml-block-scalar";
import type { WrittenScalar } from "./yaml-written-scalar";

/**
 * The decoded text with its places. `text` is what the parser decoded: where the two differ (a scalar that is broken
 * in an unforeseen way) every character maps to the whole scalar, which is vague but never wrong.
 */
export function mapScalar(scalar: WrittenScalar, text: string): MappedText {
  const { chunk, start, end } = scalar;
  const mapped = decodeScalar(scalar);
  if (mapped.text === text) return mapped;
  return mappedText(
    chunk,
    text,
    [{ decoded: 0, source: start, length: text.length, sourceLength: end - start }],
    end,
  );
}

/** Decodes a scalar from its source alone. Where that is whole, the text is the one that the parser finds. */
export function decodeScalar(scalar: WrittenScalar): MappedText {
  switch (scalar.style) {
    case "empty":
      return identityText(scalar.chunk, scalar.start, scalar.start);
    case "plain":
      return decodePlain(scalar);
    case "single":
      return decodeSingle(scalar);
    case "double":
      return decodeDouble(scalar);
    case "literal":
    case "folded":
      return decodeBlock(scalar);
  }
}

/** https://yaml.org/spec/1.2.2/#733-plain-style */
function decodePlain({ chunk, start, end }: WrittenScalar): MappedText {
  if (!chunk.text.slice(start, end).includes("\n")) return identityText(chunk, start, end);
  const runs = new MappedTextBuilder(chunk);
  foldLines(chunk.text, start, end, runs, (from, to) => runs.copy(from, to));
  return runs.finish(end);
}

/** https://yaml.org/spec/1.2.2/#732-single-quoted-style */
function decodeSingle({ chunk, start, end }: WrittenScalar): MappedText {
  const from = start + 1;
  const to = end - 1;
  const source = chunk.text.slice(from, to);
  if (!source.includes("\n") && !source.includes("'")) return identityText(chunk, from, to);
  const runs = new MappedTextBuilder(chunk);
  foldLines(chunk.text, from, to, runs, (lineFrom, lineTo) =>
    copyDoublingQuotes(chunk.text, lineFrom, lineTo, runs),
  );
  return runs.finish(to);
}

function copyDoublingQuotes(text: string, from: number, to: number, runs: MappedTextBuilder): void {
  let copied = from;
  for (let at = text.indexOf("''", from); at !== -1 && at + 1 < to; at = text.indexOf("''", at + 2)) {
    runs.copy(copied, at);
    runs.put("'", at, at + 2);
    copied = at + 2;
  }
  runs.copy(copied, to);
}

const isBlank = (char: string | undefined): boolean => char === " " || char === "\t";

/** Line folding of plain and single-quoted scalars: a line break is a blank, and each blank line behind it a break. */
function foldLines(
  text: string,
  start: number,
  end: number,
  runs: MappedTextBuilder,
  copy: (from: number, to: number) => void,
): void {
  let folded: number | undefined;
  let blankLines = 0;
  for (const { from, to, first, last } of trimmedLines(text, start, end)) {
    if (!first && !last && from === to) {
      blankLines += 1;
      continue;
    }
    if (folded !== undefined) runs.put(blankLines === 0 ? " " : "\n".repeat(blankLines), folded, from);
    copy(from, to);
    folded = to;
    blankLines = 0;
  }
}

/** Lines without the blanks at their ends; those at the very start and end of the scalar stay. */
function* trimmedLines(
  text: string,
  start: number,
  end: number,
): Generator<{
  readonly from: number;
  readonly to: number;
  readonly first: boolean;
  readonly last: boolean;
}> {
  for (let line = start; line <= end;) {
    const lineBreak = text.indexOf("\n", line);
    const last = lineBreak === -1 || lineBreak >= end;
    let from = line;
    let to = last ? end : lineBreak;
    if (line > start) while (from < to && isBlank(text[from])) from += 1;
    if (!last) while (to > from && isBlank(text[to - 1])) to -= 1;
    yield { from, to, first: line === start, last };
    if (last) return;
    line = lineBreak + 1;
  }
}

/** https://yaml.org/spec/1.2.2/#57-escaped-characters */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["0", "\0"],
  ["a", "\x07"],
  ["b", "\b"],
  ["e", "\x1b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["N", "\u0085"],
  ["_", "\u00a0"],
  ["L", "\u2028"],
  ["P", "\u2029"],
  [" ", " "],
  ['"', '"'],
  ["/", "/"],
  ["\\", "\\"],
  ["\t", "\t"],
]);

const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** https://yaml.org/spec/1.2.2/#731-double-quoted-style */
function decodeDouble({ chunk, start, end }: WrittenScalar): MappedText {
  const to = end - 1;
  const { text } = chunk;
  if (!/[\\\n]/.test(text.slice(start + 1, to))) return identityText(chunk, start + 1, to);
  const runs = new MappedTextBuilder(chunk);
  let at = start + 1;
  while (at < to) {
    const char = text[at];
    if (char === "\\") at = decodeEscape(text, at, runs);
    else if (char === "\n") at = foldBreak(text, at, at, runs);
    else if (isBlank(char)) at = decodeBlanks(text, at, runs);
    else {
      runs.copy(at, at + 1);
      at += 1;
    }
  }
  return runs.finish(to);
}

/** Blanks in front of a line break belong to the break; others stand for themselves. */
function decodeBlanks(text: string, at: number, runs: MappedTextBuilder): number {
  let next = at;
  while (isBlank(text[next])) next += 1;
  if (text[next] === "\n") return foldBreak(text, at, next, runs);
  runs.copy(at, next);
  return next;
}

/** A single line break is a blank, more of them one break less; blanks around them vanish. */
function foldBreak(text: string, from: number, lineBreak: number, runs: MappedTextBuilder): number {
  let next = lineBreak + 1;
  let breaks = "";
  while (isBlank(text[next]) || text[next] === "\n") {
    if (text[next] === "\n") breaks += "\n";
    next += 1;
  }
  runs.put(breaks === "" ? " " : breaks, from, next);
  return next;
}

function decodeEscape(text: string, at: number, runs: MappedTextBuilder): number {
  const code = text[at + 1] ?? "";
  if (code === "\n") {
    let next = at + 2;
    while (isBlank(text[next])) next += 1;
    return next;
  }
  const digits = HEX_DIGITS[code];
  if (digits !== undefined) {
    const end = at + 2 + digits;
    runs.put(codePoint(text.slice(at + 2, end), digits) ?? text.slice(at, end), at, end);
    return end;
  }
  const decoded = ESCAPES.get(code);
  runs.put(decoded ?? text.slice(at, at + 2), at, at + 2);
  return at + 2;
}

function codePoint(hex: string, digits: number): string | undefined {
  if (hex.length !== digits || !/^[0-9a-fA-F]+$/.test(hex)) return undefined;
  const code = parseInt(hex, 16);
  return code > 0x10ffff ? undefined : String.fromCodePoint(code);
}
