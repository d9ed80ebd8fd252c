// Cuts TOML text into statements (`key = value`, `[header]`) without understanding them, so that a broken one can be
// left out and its neighbours read; and takes Go template actions out of the text.

/** Half-open range of offsets into the text, and what the statement leaves open. */
export interface TomlStatement {
  readonly start: number;
  readonly end: number;
  readonly open: "string" | "bracket" | undefined;
}

/** A line that can only be the start of a statement, even where a bracket of an earlier one is still open. */
const statementLine =
  /[ \t]*(?:[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*[ \t]*=|\[{1,2}[ \t]*[A-Za-z][\w.\- ]*\]{1,2}[ \t]*(?:#[^\n]*)?(?:\n|$))/y;

const blankOrComment = /(?:\s|#[^\n]*)+/y;

/** The statements of a text in order; an open bracket ends in front of the next line that begins a statement. */
export function statementsOf(text: string): readonly TomlStatement[] {
  const statements: TomlStatement[] = [];
  for (let at = skip(blankOrComment, text, 0); at < text.length; at = skip(blankOrComment, text, at)) {
    const statement = statementAt(text, at);
    statements.push(statement);
    at = Math.max(statement.end, at + 1);
  }
  return statements;
}

function statementAt(text: string, start: number): TomlStatement {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === "\n") {
      if (depth <= 0) return { start, end: at, open: undefined };
      if (skip(statementLine, text, at + 1) > at + 1) return { start, end: at, open: "bracket" };
    } else if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") depth -= 1;
    else if (character === "#") {
      at = endOfLine(text, at);
      continue;
    } else if (character === '"' || character === "'") {
      const end = endOfString(text, at);
      if (end === undefined) return { start, end: endOfOpenString(text, at), open: "string" };
      at = end;
      continue;
    }
    at += 1;
  }
  return { start, end: text.length, open: depth > 0 ? "bracket" : undefined };
}

const strings: Readonly<Record<string, RegExp>> = {
  '"""': /"""(?:[^"\\]|\\[^]|"(?!""))*"{3,5}/y,
  "'''": /'''(?:[^']|'(?!''))*'{3,5}/y,
  '"': /"(?:[^"\\\n]|\\[^\n])*"/y,
  "'": /'[^'\n]*'/y,
};

/** Where the string that begins at an offset ends; undefined where it is not closed. */
function endOfString(text: string, start: number): number | undefined {
  const quote = text.charAt(start);
  const opening = text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
  const pattern = strings[opening];
  const end = pattern === undefined ? start : skip(pattern, text, start);
  return end > start ? end : undefined;
}

/** A string of several lines that nothing closes ends where the next statement begins. */
function endOfOpenString(text: string, start: number): number {
  const isLong = text.startsWith('"""', start) || text.startsWith("'''", start);
  let end = endOfLine(text, start);
  while (isLong && end < text.length && skip(statementLine, text, end + 1) === end + 1)
    end = endOfLine(text, end + 1);
  return end;
}

/** Where the sticky pattern's match at an offset ends; the offset itself where there is none. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  return newline === -1 ? text.length : newline;
}

const blanksFor = (text: string): string => text.replace(/[^\n]/g, " ");

/** A text without its template actions, and where they stood. */
export interface WithoutTemplates {
  readonly text: string;
  /** Offsets at which an action was taken out. */
  readonly actions: readonly number[];
}

const stringOrAction =
  /"""(?:[^"\\]|\\[^]|"(?!""))*"{3,5}|'''(?:[^']|'(?!''))*'{3,5}|"(?:[^"\\\n]|\\[^\n])*"|'[^'\n]*'|#[^\n]*|\{\{[^]*?\}\}/g;

/** Takes `{{ … }}` out of a text where they stand outside quotes: the text is a Helm template's, not yet TOML. */
export function withoutTemplates(text: string): WithoutTemplates {
  const actions: number[] = [];
  if (!text.includes("{{")) return { text, actions };
  const plain = text.replace(stringOrAction, (match: string, offset: number) => {
    if (!match.startsWith("{{")) return match;
    actions.push(offset);
    return blanksFor(match);
  });
  return { text: plain, actions };
}
