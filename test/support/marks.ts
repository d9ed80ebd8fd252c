// Marks under lines of a fixture: `^^^ rule-id: part of the message` where a finding stands, `~~~ text` where a related
// place stands. They are taken out before the analysis, so they may stand at column 0 and inside block scalars.

export interface Mark {
  readonly kind: "finding" | "related";
  /** Zero-based line of the file, marks taken out. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** Empty for related places. */
  readonly rule: string;
  /** `[warning]` behind the rule id; undefined where the mark does not say. */
  readonly severity: string | undefined;
  /** Part of the message; undefined where the mark does not say. */
  readonly message: string | undefined;
  /** Zero-based line of the page that holds the mark. */
  readonly pageLine: number;
}

export interface MarkedText {
  readonly text: string;
  readonly marks: readonly Mark[];
}

const MARK = /^([ \t]*)(\^+|~+)[ \t]+(\S.*)$/;
const FINDING = /^([a-z][a-z0-9-]*)(?:[ \t]+\[(error|warning|info|hint)\])?(?:[ \t]*:[ \t]*(.+))?$/;

/** Splits lines of a page into a file's text and the marks on it. `firstLine` is the page's line of the first one. */
export function takeMarks(lines: readonly string[], firstLine: number): MarkedText {
  const kept: string[] = [];
  const marks: Mark[] = [];
  lines.forEach((line, index) => {
    const mark = kept.length === 0 ? undefined : readMark(line, kept.length - 1, firstLine + index);
    if (mark === undefined) kept.push(line);
    else marks.push(mark);
  });
  return { text: kept.map((line) => `${line}\n`).join(""), marks };
}

function readMark(text: string, line: number, pageLine: number): Mark | undefined {
  const match = MARK.exec(text);
  if (match === null) return undefined;
  const [, indent = "", sign = "", words = ""] = match;
  const place = { line, start: indent.length, end: indent.length + sign.length, pageLine };
  if (sign.startsWith("~"))
    return { ...place, kind: "related", rule: "", severity: undefined, message: words };
  const finding = FINDING.exec(words);
  return finding === null
    ? undefined
    : { ...place, kind: "finding", rule: finding[1] ?? "", severity: finding[2], message: finding[3] };
}

/** The line of a page for a mark with another message. */
export function writeMark(mark: Mark, message: string): string {
  const sign = mark.kind === "finding" ? "^" : "~";
  const severity = mark.severity === undefined ? "" : ` [${mark.severity}]`;
  const head = " ".repeat(mark.start) + sign.repeat(mark.end - mark.start);
  return mark.kind === "finding" ? `${head} ${mark.rule}${severity}: ${message}` : `${head} ${message}`;
}
