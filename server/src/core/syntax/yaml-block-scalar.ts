// Decodes literal and folded YAML scalars with the place of every character: indentation, folding, chomping, and lines
// that are indented deeper, by the rules of the `yaml` library.
import { MappedTextBuilder, type MappedText } from "../text/mapped-text";
import type { WrittenScalar } from "./yaml-written-scalar";

interface BlockLine {
  /** Where the line, its first character that is no blank, and its end stand. */
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

interface BlockHeader {
  readonly folded: boolean;
  readonly chomp: "" | "-" | "+";
  /** 0 where the indentation is found from the first line. */
  readonly indent: number;
  /** Where the first line begins. */
  readonly end: number;
}

/** Literal and folded scalars: https://yaml.org/spec/1.2.2/#81-block-scalar-styles */
export function decodeBlock(scalar: WrittenScalar): MappedText {
  const { chunk } = scalar;
  const header = readHeader(chunk.text, scalar.start, scalar.end);
  const lines = readLines(chunk.text, header.end, scalar.end);
  const runs = new MappedTextBuilder(chunk);
  let tail = lines.length;
  while (tail > 0 && isBlankLineAt(lines, tail - 1)) tail -= 1;
  if (tail === 0) return decodeBlankBlock(header, lines, scalar, runs);

  const first = lines.findIndex((line) => line.content < line.end);
  const firstLine = lines[first];
  const indent =
    header.indent > 0 || firstLine === undefined
      ? scalar.parentIndent + header.indent
      : firstLine.content - firstLine.start;
  // Blank lines that are indented deeper are content, wherever they stand at the end.
  lines.forEach((line, index) => {
    if (index >= tail && line.content - line.start > indent) tail = index + 1;
  });

  const contentOf = (line: BlockLine): number => Math.min(line.start + indent, line.content);
  for (const line of lines.slice(0, first)) {
    runs.copy(contentOf(line), line.end);
    runs.put("\n", line.end, line.end + 1);
  }
  const body = lines.slice(first, tail);
  if (header.folded) copyFolded(chunk.text, body, indent, runs);
  else copyLiteral(body, contentOf, runs);
  return runs.finish(
    chomp(header, lines.slice(tail), contentOf, body.at(-1)?.end ?? header.end, scalar.end, runs),
  );
}

const isBlankLineAt = (lines: readonly BlockLine[], index: number): boolean => {
  const line = lines[index];
  return line === undefined || line.content === line.end;
};

function copyLiteral(
  lines: readonly BlockLine[],
  contentOf: (line: BlockLine) => number,
  runs: MappedTextBuilder,
): void {
  lines.forEach((line, index) => {
    if (index > 0) runs.copy(line.start - 1, line.start);
    runs.copy(contentOf(line), line.end);
  });
}

/**
 * Lines are joined by a blank, blank lines between them are line breaks; lines that are indented deeper keep their
 * breaks: https://yaml.org/spec/1.2.2/#813-folded-style
 */
function copyFolded(
  text: string,
  lines: readonly BlockLine[],
  indent: number,
  runs: MappedTextBuilder,
): void {
  let above: { readonly end: number; readonly deeper: boolean } | undefined;
  let blankLines = 0;
  for (const line of lines) {
    const deeper = line.content - line.start > indent || text[line.content] === "\t";
    if (!deeper && line.content === line.end) {
      blankLines += 1;
      continue;
    }
    const from = Math.min(line.start + indent, line.content);
    if (above !== undefined) runs.put(foldedBreak(above.deeper, deeper, blankLines), above.end, from);
    runs.copy(from, line.end);
    above = { end: line.end, deeper };
    blankLines = 0;
  }
}

/** What stands between two lines of text, `deeper` where they are indented deeper, with blank lines between them. */
function foldedBreak(aboveDeeper: boolean, deeper: boolean, blankLines: number): string {
  const kept = aboveDeeper || deeper ? 1 : 0;
  return blankLines + kept === 0 ? " " : "\n".repeat(blankLines + kept);
}

/** Line breaks at the end: kept with `+`, none with `-`, else one. Answers where the decoded text ends in the source. */
function chomp(
  header: BlockHeader,
  tail: readonly BlockLine[],
  contentOf: (line: BlockLine) => number,
  end: number,
  sourceEnd: number,
  runs: MappedTextBuilder,
): number {
  if (header.chomp === "-") return end;
  if (header.chomp === "+") {
    for (const line of tail) {
      runs.copy(line.start - 1, line.start);
      runs.copy(contentOf(line), line.end);
    }
    if (runs.endsWithLineBreak()) return tail.at(-1)?.end ?? end;
  }
  // At the end of a file without a final line break there is no source for it.
  const behindBreak = Math.min(end + 1, sourceEnd);
  runs.put("\n", Math.min(end, sourceEnd), behindBreak);
  return behindBreak;
}

function decodeBlankBlock(
  header: BlockHeader,
  lines: readonly BlockLine[],
  scalar: WrittenScalar,
  runs: MappedTextBuilder,
): MappedText {
  if (header.chomp === "+" && lines.length > 0) {
    runs.put("\n".repeat(Math.max(1, lines.length - 1)), header.end, scalar.end);
  }
  return runs.finish(scalar.end);
}

function readHeader(text: string, start: number, end: number): BlockHeader {
  const lineBreak = text.indexOf("\n", start);
  const headerEnd = lineBreak === -1 || lineBreak >= end ? end : lineBreak + 1;
  const indicators = /^[|>]([-+0-9]*)/.exec(text.slice(start, headerEnd))?.[1] ?? "";
  const chompIndicator = /[-+]/.exec(indicators)?.[0];
  return {
    folded: text[start] === ">",
    chomp: chompIndicator === "-" || chompIndicator === "+" ? chompIndicator : "",
    indent: Number(/[1-9]/.exec(indicators)?.[0] ?? 0),
    end: headerEnd,
  };
}

/** A last line break opens one more line, which is blank. */
function readLines(text: string, from: number, end: number): BlockLine[] {
  const lines: BlockLine[] = [];
  if (from >= end) return lines;
  for (let start = from; start <= end;) {
    const lineBreak = text.indexOf("\n", start);
    const lineEnd = lineBreak === -1 || lineBreak >= end ? end : lineBreak;
    let content = start;
    while (content < lineEnd && text[content] === " ") content += 1;
    lines.push({ start, content, end: lineEnd });
    start = lineEnd + 1;
  }
  return lines;
}
