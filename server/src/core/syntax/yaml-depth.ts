// Refuses nesting that a recursive parser could die of, before it sees the text. Linear, and without recursion.

/** Levels of mappings and lists. Real pipelines stay below 20; the parser's own stack ends at several hundred. */
export const DEEPEST_NESTING = 100;

/**
 * Offset at which `text` is nested deeper than `DEEPEST_NESTING`; undefined where it is not. What stands in block
 * scalars, quotes and comments does not count. May refuse a text that only looks that deep, never the other way
 * round.
 */
export function tooDeepAt(text: string): number | undefined {
  return mayBeDeep(text) ? measure(text) : undefined;
}

/** An upper bound that costs one pass: every level needs a bracket or (shared by a key and its list) a column. */
function mayBeDeep(text: string): boolean {
  let brackets = 0;
  let column = 0;
  let deepest = 0;
  let leading = true;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) {
      leading = true;
      column = 0;
    } else if (code === 0x5b || code === 0x7b) {
      brackets += 1;
      leading = false;
    } else if (leading) {
      // Blanks, and the indicators `- `, `? ` and `: ` of nested collections on one line.
      if (code === 0x20 || code === 0x09 || code === 0x2d || code === 0x3f || code === 0x3a) column += 1;
      else leading = false;
      if (column > deepest) deepest = column;
    }
  }
  return brackets + 2 * (deepest + 1) > DEEPEST_NESTING;
}

const BLOCK_SCALAR = /^[ \t]*(?:[!&][^ \t\n]*[ \t]+)*[|>][-+0-9]*[ \t]*(?:#[^\n]*)?$/;

function measure(text: string): number | undefined {
  const indents: number[] = [];
  let at = 0;
  while (at < text.length) {
    const end = lineEnd(text, at);
    const content = skipBlanks(text, at, end);
    if (content === end || text[content] === "#") {
      at = end + 1;
      continue;
    }
    const first = nest(text, at, content, end, indents);
    if (indents.length > DEEPEST_NESTING) return content;
    const value = valueOfLine(text, first, end);
    if (BLOCK_SCALAR.test(text.slice(value, end))) {
      at = skipDeeper(text, end + 1, indents.at(-1) ?? 0);
      continue;
    }
    if (text[value] !== "[" && text[value] !== "{") {
      at = end + 1;
      continue;
    }
    const flow = measureFlow(text, value, indents.length, content - at);
    if (flow.tooDeep) return flow.at;
    at = lineEnd(text, flow.at) + 1;
  }
  return undefined;
}

/** Puts the columns at which collections begin on this line on the stack; answers where its first key or item begins. */
function nest(text: string, lineStart: number, content: number, end: number, indents: number[]): number {
  let at = content;
  let column = content - lineStart;
  while (indents.length > 0 && (indents.at(-1) ?? 0) >= column) indents.pop();
  indents.push(column);
  while (at < end && "-?:".includes(text[at] ?? "") && isBlank(text[at + 1])) {
    at = skipBlanks(text, at + 1, end);
    column = at - lineStart;
    indents.push(column);
  }
  return at;
}

/** Where the value behind `key:` begins; the line's own start where it has no such key. */
function valueOfLine(text: string, from: number, end: number): number {
  const first = text[from];
  if (first === "[" || first === "{") return from;
  const scanFrom = first === '"' || first === "'" ? closingQuote(text, from) : from;
  for (
    let colon = text.indexOf(":", scanFrom);
    colon !== -1 && colon < end;
    colon = text.indexOf(":", colon + 1)
  ) {
    if (isBlank(text[colon + 1])) return skipProperties(text, skipBlanks(text, colon + 1, end), end);
  }
  return skipProperties(text, from, end);
}

/** Skips `&anchor` and `!tag`, except in front of a block scalar, whose header is matched with them. */
function skipProperties(text: string, from: number, end: number): number {
  let at = from;
  while (text[at] === "&" || text[at] === "!") {
    while (at < end && !isBlank(text[at])) at += 1;
    at = skipBlanks(text, at, end);
  }
  return at;
}

/** Follows one flow collection to its end: its last bracket, or a line that leaves the indentation it began with. */
function measureFlow(
  text: string,
  from: number,
  outer: number,
  indent: number,
): { at: number; tooDeep: boolean } {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    depth += DEEPER[text[at] ?? ""] ?? 0;
    at = skipOpaque(text, at);
    if (depth <= 0 || leavesIndent(text, at, indent)) return { at, tooDeep: false };
    if (outer + depth > DEEPEST_NESTING) return { at, tooDeep: true };
  }
  return { at: text.length, tooDeep: false };
}

const DEEPER: Readonly<Record<string, number>> = { "[": 1, "{": 1, "]": -1, "}": -1 };

/** The last character of the quoted scalar or comment that begins at `at`; `at` itself where none does. */
function skipOpaque(text: string, at: number): number {
  const char = text[at];
  if (char === '"' || char === "'") return startsScalar(text, at) ? closingQuote(text, at) : at;
  return char === "#" && isBlank(text[at - 1]) ? lineEnd(text, at) - 1 : at;
}

/** Whether a line break stands at `at` and the line behind it is not indented deeper than `indent`. */
function leavesIndent(text: string, at: number, indent: number): boolean {
  if (text[at] !== "\n") return false;
  const lineStart = at + 1;
  const end = lineEnd(text, lineStart);
  const content = skipBlanks(text, lineStart, end);
  return content < end && content - lineStart <= indent && !"]}#".includes(text[content] ?? "");
}

/** A quote inside a plain scalar (`don't`) opens nothing. */
const startsScalar = (text: string, at: number): boolean => {
  const before = text[at - 1];
  return before === undefined || isBlank(before) || "[{,:".includes(before);
};

/** Offset of the quote that closes the one at `at` on the same line; `at` itself where none does. */
function closingQuote(text: string, at: number): number {
  const quote = text[at];
  for (let next = at + 1; next < text.length && text[next] !== "\n"; next += 1) {
    if (quote === '"' && text[next] === "\\") next += 1;
    else if (text[next] === quote) {
      if (quote === '"' || text[next + 1] !== quote) return next;
      next += 1;
    }
  }
  return at;
}

/** Start of the first line at or behind `from` that is neither blank nor indented deeper than `indent`. */
function skipDeeper(text: string, from: number, indent: number): number {
  let at = from;
  while (at < text.length) {
    const end = lineEnd(text, at);
    let content = at;
    while (text[content] === " ") content += 1;
    if (content < end && content - at <= indent) return at;
    at = end + 1;
  }
  return text.length;
}

const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
};

function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && (text[at] === " " || text[at] === "\t")) at += 1;
  return at;
}

const isBlank = (char: string | undefined): boolean =>
  char === undefined || char === " " || char === "\t" || char === "\n";
