// Lines of a script that YAML makes one line of: those of a folded block (`>`), and those of a text without quotes that goes on
// below its first line. By the text alone, since what is being typed is seldom YAML already.
// https://yaml.org/spec/1.2.2/#65-line-folding
import { lineStartAt } from "../../text/line-start";
import type { YamlLine } from "./yaml-line";

export interface JoinedLines {
  /** Where the text of the first line begins. */
  readonly start: number;
  readonly end: number;
}

/** The lines around an offset that are one to the shell; undefined where the line stands for itself. */
export function joinedLinesAt(text: string, offset: number, line: YamlLine): JoinedLines | undefined {
  const own = lineAt(text, lineStartAt(text, offset));
  const first = line.on === "text" ? firstFolded(text, own, line.isFolded) : firstPlain(text, own);
  if (first === undefined) return undefined;
  const goesOn = (next: Line): boolean =>
    line.on === "text" ? next.indent === own.indent : next.indent > first.column && !next.isComment;
  let last = own;
  for (let next = below(text, last); next !== undefined && goesOn(next); next = below(text, last))
    last = next;
  return first.start === own.start && last === own ? undefined : { start: first.start, end: last.end };
}

/** The text with these lines as one, each character where it was. */
export const joined = (text: string, { start, end }: JoinedLines): string =>
  text.slice(0, start) + text.slice(start, end).replaceAll("\n", " ") + text.slice(end);

interface Line {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly indent: number;
  readonly isComment: boolean;
}

function lineAt(text: string, start: number): Line {
  const found = text.indexOf("\n", start);
  const end = found === -1 ? text.length : found;
  const line = text.slice(start, end);
  const indent = /^ */.exec(line)?.[0].length ?? 0;
  return { start, end, text: line, indent, isComment: line.startsWith("#", indent) };
}

const unlessBlank = (line: Line): Line | undefined => (line.text.trim() === "" ? undefined : line);

const above = (text: string, { start }: Line): Line | undefined =>
  start === 0 ? undefined : unlessBlank(lineAt(text, lineStartAt(text, start - 1)));

const below = (text: string, { end }: Line): Line | undefined =>
  end >= text.length ? undefined : unlessBlank(lineAt(text, end + 1));

interface First {
  readonly start: number;
  /** Column that the lines below must stand behind. */
  readonly column: number;
}

/** Lines that are indented deeper than the block keep their line breaks. */
function firstFolded(text: string, own: Line, isFolded: boolean): First | undefined {
  if (!isFolded) return undefined;
  let first = own;
  let next = above(text, first);
  for (; next?.indent === own.indent; next = above(text, first)) first = next;
  const isDeeper = next !== undefined && next.indent < own.indent && !/>[-+0-9]*\s*(#.*)?$/.test(next.text);
  return isDeeper ? undefined : { start: first.start, column: own.indent };
}

/** `- ` or `script: `, and a text without quotes. */
const HEAD = /^( *)(?:(?:- +)+|(?:before_|after_)?script: +)(?=[^\s"'|>&*!#[{%@`])(?![\w.-]+:(?:\s|$))/;

function firstPlain(text: string, own: Line): First | undefined {
  for (let line: Line | undefined = own; line !== undefined; line = above(text, line)) {
    const [head, margin = ""] = HEAD.exec(line.text) ?? [];
    if (head !== undefined) {
      const isBelow = line === own || own.indent > margin.length;
      return isBelow ? { start: line.start + head.length, column: margin.length } : undefined;
    }
    if (line.isComment || /^ *(?:- |-?$|[\w.-]+:(?:\s|$))/.test(line.text)) {
      // A blank line under the cursor may be the next one of the text.
      if (line !== own || line.text.trim() !== "") return undefined;
    }
  }
  return undefined;
}
