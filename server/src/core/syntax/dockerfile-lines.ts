// One instruction of a Dockerfile as one logical line: continuations and the comments between them removed, and the
// here-documents that follow it. By the rules of BuildKit's parser:
// https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/parser.go
import type { Chunk } from "../text/located";
import { identityText, mappedText, type MappedText, type Run } from "../text/mapped-text";
import type { DockerfileHeredoc } from "./dockerfile-nodes";
import { removeQuotes, splitWords } from "./dockerfile-words";

export type EscapeCharacter = "\\" | "`";

/** A logical line; `end` is where it ends in the chunk, in front of the line break. */
export interface LogicalLine {
  readonly text: MappedText;
  readonly end: number;
}

/** Reads the logical line that begins at an offset of the chunk, which is that of the instruction's keyword. */
export function readLogicalLine(chunk: Chunk, start: number, escape: EscapeCharacter): LogicalLine {
  const runs: Run[] = [];
  const pieces: string[] = [];
  let decoded = 0;
  let end = start;
  for (let from = start; from <= chunk.text.length;) {
    const lineEnd = endOfLine(chunk.text, from);
    const line = chunk.text.slice(from, lineEnd);
    const isInside = from > start;
    const next = lineEnd + 1;
    if (isInside && /^\s*(?:#|$)/.test(line)) {
      // Comments and empty lines inside an instruction are left out; at the end of the file they are not part of it.
      from = next;
      continue;
    }
    const kept = withoutContinuation(line, escape);
    const piece = kept ?? line;
    if (piece !== "") {
      runs.push({ decoded, source: from, length: piece.length });
      pieces.push(piece);
      decoded += piece.length;
    }
    end = lineEnd;
    if (kept === undefined) break;
    from = next;
  }
  const last = runs.at(-1);
  const textEnd = last === undefined ? start : last.source + last.length;
  return { text: mappedText(chunk, pieces.join(""), runs, textEnd), end };
}

/** The line without the escape character that ends it; undefined where the instruction ends with the line. */
function withoutContinuation(line: string, escape: EscapeCharacter): string | undefined {
  const trimmed = withoutBlanksBehind(line);
  // A doubled escape character is a character of its own.
  if (!trimmed.endsWith(escape) || trimmed.at(-2) === escape) return undefined;
  return trimmed.slice(0, -1);
}

/** Scanned from the end: a regular expression would try again at every blank in the middle of the line. */
function withoutBlanksBehind(line: string): string {
  let end = line.length;
  while (end > 0 && (line.charAt(end - 1) === " " || line.charAt(end - 1) === "\t")) end -= 1;
  return line.slice(0, end);
}

/** The here-documents behind a logical line; `end` is where the last one's delimiter line ends. */
export interface Heredocs {
  readonly list: readonly DockerfileHeredoc[];
  readonly end: number;
  /** Where in the logical line a here-document stands that nothing closes. */
  readonly open: { readonly start: number; readonly end: number } | undefined;
}

const takesHeredocs = /^(?:ONBUILD\s+)?(?:ADD|COPY|RUN)\s/i;

/** Reads the here-documents of an instruction. A line such as `RUN 1 << 2` has none. */
export function readHeredocs(chunk: Chunk, line: LogicalLine, escape: EscapeCharacter): Heredocs {
  const text = line.text.text;
  const list: DockerfileHeredoc[] = [];
  let end = line.end;
  if (!text.includes("<<") || !takesHeredocs.test(text)) return { list, end, open: undefined };
  for (const word of splitWords(text, escape)) {
    const match = /^\d*<<(-?)([^<\s][^<]*)$/.exec(text.slice(word.start, word.end));
    if (match === null) continue;
    const delimiter = removeQuotes(match[2] ?? "", escape);
    const isChomped = match[1] === "-";
    const body = readBody(chunk, end + 1, delimiter, isChomped);
    list.push({ delimiter, body: bodyText(chunk, Math.min(end + 1, body.end), body.end, isChomped) });
    if (body.next === undefined) return { list, end: Math.max(end, body.end - 1), open: word };
    end = body.next;
  }
  return { list, end, open: undefined };
}

interface Body {
  /** Where the body ends: the start of the delimiter's line. */
  readonly end: number;
  /** Where the delimiter's line ends; undefined where there is none. */
  readonly next: number | undefined;
}

function readBody(chunk: Chunk, start: number, delimiter: string, isChomped: boolean): Body {
  const text = chunk.text;
  for (let from = start; from < text.length;) {
    const lineEnd = endOfLine(text, from);
    const line = text.slice(from, lineEnd);
    if ((isChomped ? line.replace(/^\t+/, "") : line) === delimiter) return { end: from, next: lineEnd };
    from = lineEnd + 1;
  }
  return { end: endOfOpenBody(text, start), next: undefined };
}

const instructionLine =
  /^(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR) /gm;

/** A here-document that is still being written must not hide the rest: it ends where an instruction begins. */
function endOfOpenBody(text: string, start: number): number {
  instructionLine.lastIndex = start;
  return start >= text.length ? text.length : (instructionLine.exec(text)?.index ?? text.length);
}

function bodyText(chunk: Chunk, start: number, end: number, isChomped: boolean): MappedText {
  if (!isChomped) return identityText(chunk, start, end);
  const runs: Run[] = [];
  let text = "";
  for (let from = start; from < end;) {
    const next = Math.min(endOfLine(chunk.text, from) + 1, end);
    const line = chunk.text.slice(from, next);
    const kept = line.replace(/^\t+/, "");
    if (kept !== "") runs.push({ decoded: text.length, source: next - kept.length, length: kept.length });
    text += kept;
    from = next;
  }
  return mappedText(chunk, text, runs, end);
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  return newline === -1 ? text.length : newline;
}
