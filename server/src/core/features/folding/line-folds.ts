// Folds that the lines of a text give by themselves: indentation, runs of comments, and regions between `#region` and `#endregion`.
// An editor that has a provider of folds no longer folds by indentation itself, so this gives what it would have given.
// https://code.visualstudio.com/docs/editing/codebasics#_folding
import type { Fold } from "./fold";

export interface LineFolds {
  readonly indentation: readonly Fold[];
  readonly comments: readonly Fold[];
  readonly regions: readonly Fold[];
}

export function lineFolds(text: string): LineFolds {
  const lines = linesOf(text);
  return { indentation: byIndentation(lines), comments: ofComments(lines), regions: ofRegions(lines) };
}

interface Line {
  /** -1 for a line of blanks. */
  readonly indent: number;
  /** What a comment is; undefined for other lines. */
  readonly comment: "text" | "start" | "end" | undefined;
}

/** Reads each character in front of the first that is no blank, and only comments any further: files are long. */
function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start <= text.length;) {
    const found = text.indexOf("\n", start);
    const end = found === -1 ? text.length : found;
    let at = start;
    while (at < end && isBlank(text.charCodeAt(at))) at += 1;
    const comment = text.charCodeAt(at) === HASH && at < end ? commentOf(text.slice(at, end)) : undefined;
    lines.push({ indent: at === end ? -1 : at - start, comment });
    start = end + 1;
  }
  return lines;
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;
const HASH = 0x23;

/** https://github.com/microsoft/vscode/blob/main/extensions/yaml/language-configuration.json */
const commentOf = (text: string): Line["comment"] =>
  /^#\s*region\b/.test(text) ? "start" : /^#\s*endregion\b/.test(text) ? "end" : "text";

interface Open {
  readonly line: number;
  readonly indent: number;
}

/** A line holds the lines below it that are indented further; empty lines behind them belong to nobody. */
function byIndentation(lines: readonly Line[]): readonly Fold[] {
  const folds: Fold[] = [];
  const open: Open[] = [];
  let last = -1;
  const close = (indent: number): void => {
    for (let top = open.at(-1); top !== undefined && top.indent >= indent; top = open.at(-1)) {
      open.pop();
      if (last > top.line) folds.push({ start: top.line, end: last });
    }
  };
  lines.forEach(({ indent }, line) => {
    if (indent === -1) return;
    close(indent);
    open.push({ line, indent });
    last = line;
  });
  close(0);
  return folds;
}

/** Two or more lines of comments, one below the other at one indentation. */
function ofComments(lines: readonly Line[]): readonly Fold[] {
  const folds: Fold[] = [];
  let start = 0;
  lines.forEach(({ comment, indent }, line) => {
    if (comment !== "text") return;
    const isSame = (other: Line | undefined): boolean => other?.comment === "text" && other.indent === indent;
    if (!isSame(lines[line - 1])) start = line;
    if (line > start && !isSame(lines[line + 1])) folds.push({ start, end: line, kind: "comment" });
  });
  return folds;
}

function ofRegions(lines: readonly Line[]): readonly Fold[] {
  const folds: Fold[] = [];
  const open: number[] = [];
  lines.forEach(({ comment }, line) => {
    if (comment === "start") open.push(line);
    const start = comment === "end" ? open.pop() : undefined;
    if (start !== undefined) folds.push({ start, end: line, kind: "region" });
  });
  return folds;
}
