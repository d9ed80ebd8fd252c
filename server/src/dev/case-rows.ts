// Expectations about a small repository, one per line with tabs between the columns, and what findings make of them.
//
// `expected.tsv`: file, first line, last line, rule: the rule must be found, starting within these lines.
// `forbidden.tsv`: rule, and optionally file, first line, last line: the rule must not be found there.
// Empty lines and lines that start with `#` say nothing. Lines are counted from 1, both ends included.

export interface Expected {
  readonly file: string;
  readonly first: number;
  readonly last: number;
  readonly rule: string;
}

export interface Forbidden {
  readonly rule: string;
  /** Undefined: in no file. */
  readonly file: string | undefined;
  readonly first: number;
  readonly last: number;
}

/** A finding as far as rows speak of it. */
export interface FoundAt {
  readonly rule: string;
  readonly file: string;
  /** The line where it starts, from 1. */
  readonly line: number;
}

export interface CaseResult {
  readonly found: readonly Expected[];
  readonly missing: readonly Expected[];
  /** Findings that a row forbids. */
  readonly hits: readonly FoundAt[];
  /** Number of rows that forbid something. */
  readonly forbidden: number;
  /** Rows about rules that are not judged. */
  readonly notYet: readonly (Expected | Forbidden)[];
}

/** Reads `expected.tsv`. Throws, naming the line, where a row is not of the form. */
export function parseExpected(text: string): readonly Expected[] {
  return rowsOf(text).map(({ columns, number }) => {
    const [file, first, last, rule] = columns;
    if (
      file === undefined ||
      first === undefined ||
      last === undefined ||
      rule === undefined ||
      columns.length > 4
    ) {
      throw new Error(`line ${String(number)}: wants file, first line, last line, rule`);
    }
    return { file, first: lineNumber(first, number), last: lineNumber(last, number), rule };
  });
}

/** Reads `forbidden.tsv`. Throws, naming the line, where a row is not of the form. */
export function parseForbidden(text: string): readonly Forbidden[] {
  return rowsOf(text).map(({ columns, number }) => {
    const [rule, file, first, last] = columns;
    if (rule === undefined || rule === "" || columns.length > 4) {
      throw new Error(`line ${String(number)}: wants rule, and optionally file, first line, last line`);
    }
    const from = first === undefined ? 1 : lineNumber(first, number);
    const to = last ?? first;
    return { rule, file, first: from, last: to === undefined ? Infinity : lineNumber(to, number) };
  });
}

/** What the findings make of the rows; rows of rules that are not judged are put aside. */
export function compareRows(
  expected: readonly Expected[],
  forbidden: readonly Forbidden[],
  findings: readonly FoundAt[],
  isJudged: (rule: string) => boolean,
): CaseResult {
  const wanted = expected.filter(({ rule }) => isJudged(rule));
  const refused = forbidden.filter(({ rule }) => isJudged(rule));
  const isFound = (row: Expected): boolean => findings.some((finding) => fits(row, finding));
  return {
    found: wanted.filter(isFound),
    missing: wanted.filter((row) => !isFound(row)),
    hits: findings.filter((finding) => refused.some((row) => fits(row, finding))),
    forbidden: refused.length,
    notYet: [...expected, ...forbidden].filter(({ rule }) => !isJudged(rule)),
  };
}

const fits = (row: Expected | Forbidden, { rule, file, line }: FoundAt): boolean =>
  row.rule === rule && (row.file === undefined || row.file === file) && row.first <= line && line <= row.last;

const rowsOf = (text: string): readonly { readonly columns: readonly string[]; readonly number: number }[] =>
  text
    .split(/\r?\n/)
    .map((line, index) => ({ columns: line.trimEnd().split("\t"), number: index + 1 }))
    .filter(({ columns }) => columns[0] !== "" && columns[0]?.startsWith("#") === false);

function lineNumber(text: string, row: number): number {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`line ${String(row)}: "${text}" is no line number`);
  return Number(text);
}
