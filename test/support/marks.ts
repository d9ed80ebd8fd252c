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
    const match = MARK.exec(line);
    const [, indent = "", sign = "", words = ""] = match ?? [];
    const finding = sign.startsWith("^") ? FINDING.exec(words) : null;
    if (match === null || kept.length === 0 || (sign.startsWith("^") && finding === null)) {
      kept.push(line);
      return;
    }
    marks.push({
      kind: finding === null ? "related" : "finding",
      line: kept.length - 1,
      start: indent.length,
      end: indent.length + sign.length,
      rule: finding?.[1] ?? "",
      severity: finding?.[2],
      message: finding === null ? words : finding[3],
      pageLine: firstLine + index,
    });
  });
  return { text: kept.map((line) => `${line}\n`).join(""), marks };
}

/** The line of a page for a mark with another message. */
export function writeMark(mark: Mark, message: string): string {
  const sign = mark.kind === "finding" ? "^" : "~";
  const severity = mark.severity === undefined ? "" : ` [${mark.severity}]`;
  const head = " ".repeat(mark.start) + sign.repeat(mark.end - mark.start);
  return mark.kind === "finding" ? `${head} ${mark.rule}${severity}: ${message}` : `${head} ${message}`;
}
