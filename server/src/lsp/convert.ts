// Between the core's offsets and the protocol's positions, in the encoding that client and server agreed on.
import {
  DiagnosticSeverity,
  PositionEncodingKind,
  type Diagnostic,
  type Position,
  type Range,
} from "vscode-languageserver";
import type { Finding, LineIndex, Place, Problem, Severity, SourceFile } from "../core/index";

/** What a `character` counts. */
export type Encoding = "utf-8" | "utf-16" | "utf-32";

/** The encoding to use: UTF-16, which needs no conversion, unless the client offers only others. */
export function chooseEncoding(offered: readonly string[] | undefined): Encoding {
  if (offered === undefined || offered.includes(PositionEncodingKind.UTF16)) return "utf-16";
  if (offered.includes(PositionEncodingKind.UTF32)) return "utf-32";
  return offered.includes(PositionEncodingKind.UTF8) ? "utf-8" : "utf-16";
}

/** Position of an offset; clamped to the text. */
export function toPosition(lines: LineIndex, offset: number, encoding: Encoding): Position {
  const { line, character } = lines.positionAt(offset);
  if (encoding === "utf-16") return { line, character };
  return { line, character: unitsOf(lines.lineText(line).slice(0, character), encoding) };
}

/** Offset of a position; clamped to its line. A position inside of a character means the character's start. */
export function toOffset(lines: LineIndex, position: Position, encoding: Encoding): number {
  if (encoding === "utf-16") return lines.offsetAt(position);
  let left = position.character;
  let character = 0;
  for (const each of lines.lineText(position.line)) {
    left -= unitsOf(each, encoding);
    if (left < 0) break;
    character += each.length;
  }
  return lines.offsetAt({ line: position.line, character });
}

export const toRange = (lines: LineIndex, start: number, end: number, encoding: Encoding): Range => ({
  start: toPosition(lines, start, encoding),
  end: toPosition(lines, end, encoding),
});

function unitsOf(text: string, encoding: "utf-8" | "utf-32"): number {
  let units = 0;
  for (const character of text)
    units += encoding === "utf-32" ? 1 : utf8Length(character.codePointAt(0) ?? 0);
  return units;
}

const utf8Length = (code: number): number => (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);

/** What is needed to speak about places: files, their addresses, and what the client understands. */
export interface Speech {
  readonly encoding: Encoding;
  readonly file: (path: string) => SourceFile | undefined;
  /** The address that the client knows a file by. */
  readonly uriOf: (path: string) => string;
  readonly ruleUrl: (rule: string) => string;
  readonly hasRelated: boolean;
}

export const SOURCE = "gitlab-ci-docker";

/** A finding as the protocol says it. The fingerprint goes along, so that a code action finds it again. */
export function findingDiagnostic(finding: Finding, speech: Speech): Diagnostic {
  const url = speech.ruleUrl(finding.rule);
  const related = finding.related.map(({ at, message }) => ({ location: locationOf(at, speech), message }));
  return {
    range: rangeOf(finding.at, speech),
    severity: SEVERITY[finding.severity],
    source: SOURCE,
    code: finding.rule,
    message: finding.message,
    data: { fingerprint: finding.fingerprint },
    ...(/^https?:/.test(url) ? { codeDescription: { href: url } } : {}),
    ...(speech.hasRelated && related.length > 0 ? { relatedInformation: related } : {}),
  };
}

/** What could not be read or resolved, as the protocol says it. */
export function problemDiagnostic(problem: Problem, speech: Speech): Diagnostic {
  return {
    range: rangeOf(problem.at, speech),
    severity: SEVERITY[problem.severity],
    source: SOURCE,
    code: "problem",
    message: problem.message,
  };
}

const SEVERITY: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** The range of a place; the file's beginning where the file is not loaded. */
export function rangeOf({ file: path, start, end }: Place, { file, encoding }: Speech): Range {
  const lines = file(path)?.lines;
  const beginning = { line: 0, character: 0 };
  return lines === undefined ? { start: beginning, end: beginning } : toRange(lines, start, end, encoding);
}

/** A place as the protocol says it: the file's address and the range. */
export const locationOf = (place: Place, speech: Speech) => ({
  uri: speech.uriOf(place.file),
  range: rangeOf(place, speech),
});
