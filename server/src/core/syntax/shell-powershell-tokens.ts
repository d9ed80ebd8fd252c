// Cuts PowerShell text into words, redirections and separators. Soft: anything it does not know is part of a word.
import type { Redirect, ShellScript, TextRange, Word, WordPart } from "./shell-nodes";
import { wordFrom } from "./shell-words";

export type Token =
  | { readonly kind: "word"; readonly word: Word }
  | { readonly kind: "redirect"; readonly redirect: Redirect }
  | {
      readonly kind: "pipe" | "logical" | "end" | "open" | "close";
      readonly text: string;
      readonly start: number;
    };

// One alternative for each kind of token, tried in this order at each place. Quoted text may be left open.
const blank = /(?:[ \t]|`[ \t]*\n|<#[^]*?(?:#>|$)|#[^\n]*)+/y;
const redirection = /(?:\d|\*)?>>?(?:&\d)?|<(?=[ \t])/y;
const operator = /\|\||&&|[|;\n(){}]/y;
const wordPiece =
  /@?'(?:[^']|'')*(?:'|$)|@?"(?:[^"`]|`[^]|"")*(?:"|$)|\$\{[^}\n]*\}?|\$(?:\w+:)?[A-Za-z_]\w*|`[^\n]|\{\{[^}\n]*\}\}|[^\s|;(){}'"`$]+|\$/y;

const operatorKinds: Readonly<Record<string, "pipe" | "logical" | "end" | "open" | "close">> = {
  "|": "pipe",
  "||": "logical",
  "&&": "logical",
  "(": "open",
  "{": "open",
  ")": "close",
  "}": "close",
};

/** The longest text of a `$(…)` inside quotes that is read as commands of its own. */
const longestNested = 4_000;

/**
 * The tokens of a text in order.
 *
 * @param readNested reads the commands of a `$(…)` inside double quotes
 */
export function* createPowerShellReader(
  text: string,
  readNested: (text: string) => ShellScript,
): Generator<Token, undefined> {
  for (let at = 0; at < text.length;) {
    at = endOf(blank, text, at) ?? at;
    const token = tokenAt(text, at, readNested);
    if (token === undefined) {
      at += 1;
      continue;
    }
    yield token.token;
    at = token.end;
  }
  return undefined;
}

function tokenAt(
  text: string,
  start: number,
  readNested: (text: string) => ShellScript,
): { readonly token: Token; readonly end: number } | undefined {
  const redirectEnd = endOf(redirection, text, start);
  if (redirectEnd !== undefined) return redirectAt(text, start, redirectEnd);
  const operatorEnd = endOf(operator, text, start);
  if (operatorEnd !== undefined) {
    const written = text.slice(start, operatorEnd);
    return { token: { kind: operatorKinds[written] ?? "end", text: written, start }, end: operatorEnd };
  }
  const read = wordAt(text, start, readNested);
  return read === undefined ? undefined : { token: { kind: "word", word: read }, end: read.end };
}

function redirectAt(
  text: string,
  start: number,
  end: number,
): { readonly token: Token; readonly end: number } {
  const written = text.slice(start, end);
  const shape = { operator: written.replace(/^[\d*]|&\d$/g, ""), body: undefined };
  const targetStart = endOf(blank, text, end) ?? end;
  const target = /&\d$/.test(written) ? undefined : wordAt(text, targetStart, undefined);
  const last = target?.end ?? end;
  return { token: { kind: "redirect", redirect: { ...shape, start, end: last, target } }, end: last };
}

function wordAt(
  text: string,
  start: number,
  readNested: ((text: string) => ShellScript) | undefined,
): Word | undefined {
  const parts: WordPart[] = [];
  let at = start;
  for (let end = endOf(wordPiece, text, at); end !== undefined; end = endOf(wordPiece, text, at)) {
    parts.push(...partsOf(text, { start: at, end }, readNested));
    at = end;
  }
  return at === start ? undefined : wordFrom(text, { start, end: at }, parts);
}

function partsOf(
  text: string,
  range: TextRange,
  readNested: ((text: string) => ShellScript) | undefined,
): readonly WordPart[] {
  const written = text.slice(range.start, range.end);
  const quote = /^@?(['"])/.exec(written);
  if (quote !== null) {
    const opening = quote[0].length;
    const closing = written.length > opening && written.endsWith(quote[1] ?? "") ? 1 : 0;
    const inside = { start: range.start + opening, end: range.end - closing };
    if (quote[1] === '"') return expandedParts(text, inside, readNested);
    const value = text.slice(inside.start, inside.end).replaceAll("''", "'");
    return [{ kind: "literal", ...inside, text: value, quoted: true }];
  }
  const name = variableName(written);
  if (name !== undefined) return [variablePart(range, name, false)];
  const isEscape = written.startsWith("`");
  return [{ kind: "literal", ...range, text: isEscape ? written.slice(1) : written, quoted: isEscape }];
}

const insideQuotes = /\$\{[^}\n]*\}|\$(?:\w+:)?[A-Za-z_]\w*|\$\((?:[^()]|\([^()]*\))*\)/g;

/** Variables and subexpressions inside double quotes. */
function expandedParts(
  text: string,
  range: TextRange,
  readNested: ((text: string) => ShellScript) | undefined,
): readonly WordPart[] {
  const source = text.slice(range.start, range.end);
  const parts: WordPart[] = [];
  let at = 0;
  const literal = (to: number): void => {
    if (to === at && !(source === "" && parts.length === 0)) return;
    const value = source
      .slice(at, to)
      .replace(/`([^])/g, "$1")
      .replaceAll('""', '"');
    parts.push({
      kind: "literal",
      start: range.start + at,
      end: range.start + to,
      text: value,
      quoted: true,
    });
  };
  for (const match of source.matchAll(insideQuotes)) {
    if (source[match.index - 1] === "`") continue;
    const here = { start: range.start + match.index, end: range.start + match.index + match[0].length };
    const part = expansionPart(match[0], here, readNested);
    if (part === undefined) continue;
    literal(match.index);
    parts.push(part);
    at = match.index + match[0].length;
  }
  literal(source.length);
  return parts;
}

function expansionPart(
  written: string,
  range: TextRange,
  readNested: ((text: string) => ShellScript) | undefined,
): WordPart | undefined {
  const name = variableName(written);
  if (name !== undefined) return variablePart(range, name, true);
  if (readNested === undefined || written.length > longestNested) return undefined;
  const script = movedScript(readNested(written.slice(2, -1)), range.start + 2);
  return { kind: "command", ...range, script: { ...script, ...range }, quoted: true, process: false };
}

/** `$env:X` and `${env:X}` are the environment variable X. */
function variableName(written: string): string | undefined {
  const match = /^\$\{?(?:(?:env|global|script|local):)?([^}(]+?)\}?$/i.exec(written);
  return match?.[1];
}

const variablePart = (range: TextRange, name: string, quoted: boolean): WordPart => ({
  kind: "variable",
  ...range,
  name,
  operator: undefined,
  argument: undefined,
  quoted,
});

/** A script whose offsets are into a part of a text, with offsets into the whole text. */
function movedScript(script: ShellScript, by: number): ShellScript {
  return moved(script, by);
}

/** Adds to every `start` and `end` of a tree of plain data. */
function moved<T>(value: T, by: number): T {
  if (Array.isArray(value)) return value.map((item: unknown) => moved(item, by)) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]: [string, unknown]) => [
    key,
    (key === "start" || key === "end") && typeof item === "number" ? item + by : moved(item, by),
  ]);
  // The same fields with the same kinds of values.
  return Object.fromEntries(entries) as T;
}

/** The end of what the sticky pattern matches at a place; undefined where it matches nothing. */
function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  const sticky = new RegExp(pattern.source, "y");
  sticky.lastIndex = at;
  const match = sticky.exec(text);
  return match === null || match[0] === "" ? undefined : at + match[0].length;
}
