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
  for (let at = start; at < text.length;) {
    const character = text.charAt(at);
    if (character === "\n" && depth <= 0) return { start, end: at, open: undefined };
    if (character === "\n" && skip(statementLine, text, at + 1) > at + 1)
      return { start, end: at, open: "bracket" };
    if (character === '"' || character === "'") {
      const end = endOfString(text, at);
      if (end === undefined) return { start, end: endOfOpenString(text, at), open: "string" };
      at = end;
    } else {
      depth += bracketDepth[character] ?? 0;
      at = character === "#" ? endOfLine(text, at) : at + 1;
    }
  }
  return { start, end: text.length, open: depth > 0 ? "bracket" : undefined };
}

const bracketDepth: Readonly<Record<string, number>> = { "[": 1, "{": 1, "]": -1, "}": -1 };

/** Where the string that begins at an offset ends; undefined where it is not closed. */
function endOfString(text: string, start: number): number | undefined {
  const quote = text.charAt(start);
  const isLong = text.startsWith(quote.repeat(3), start);
  const closing = isLong ? quote.repeat(3) : quote;
  for (let at = start + closing.length; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "\n" && !isLong) return undefined;
    if (character === "\\" && quote === '"') at += 1;
    else if (text.startsWith(closing, at)) return endOfQuotes(text, at + closing.length, isLong ? quote : "");
  }
  return undefined;
}

/** One or two quotes in front of the three that close a long string belong to it. */
function endOfQuotes(text: string, from: number, quote: string): number {
  let at = from;
  while (quote !== "" && at < from + 2 && text.charAt(at) === quote) at += 1;
  return at;
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

/** Where the line of an offset ends, in front of its line break. */
export function endOfLine(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  return newline === -1 ? text.length : newline;
}

/** A text without its template actions, and where they stood. */
export interface WithoutTemplates {
  readonly text: string;
  /** Offsets at which an action was taken out. */
  readonly actions: readonly number[];
}

const actionStringOrComment = /\{\{|["'#]/g;

/** Takes `{{ … }}` out of a text where they stand outside quotes: the text is a Helm template's, not yet TOML. */
export function withoutTemplates(text: string): WithoutTemplates {
  const actions: number[] = [];
  if (!text.includes("{{")) return { text, actions };
  const pieces: string[] = [];
  let done = 0;
  for (let at = 0; at < text.length;) {
    actionStringOrComment.lastIndex = at;
    const found = actionStringOrComment.exec(text);
    if (found === null) break;
    at = found.index;
    if (found[0] !== "{{") {
      at = (found[0] === "#" ? undefined : endOfString(text, at)) ?? endOfLine(text, at);
      continue;
    }
    const closing = text.indexOf("}}", at);
    if (closing === -1) break;
    actions.push(at);
    pieces.push(text.slice(done, at), text.slice(at, closing + 2).replace(/[^\n]/g, " "));
    at = closing + 2;
    done = at;
  }
  return { text: pieces.join("") + text.slice(done), actions };
}
