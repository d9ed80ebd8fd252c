// Words of a Dockerfile instruction: how BuildKit splits them, and what is left of them without quotes.
// https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/line_parsers.go

/** Half-open range of offsets into the text that was split. */
export interface WordRange {
  readonly start: number;
  readonly end: number;
}

/** Splits at blanks outside quotes; quotes and escapes stay in the words. An open quote reaches to the end. */
export function splitWords(text: string, escape: string): readonly WordRange[] {
  const words: WordRange[] = [];
  for (let at = skipBlanks(text, 0); at < text.length; at = skipBlanks(text, at)) {
    const end = endOfWord(text, at, escape);
    words.push({ start: at, end });
    at = end;
  }
  return words;
}

/** Splits at every blank, as for the operands of COPY, which cannot be quoted. */
export function splitBlanks(text: string): readonly WordRange[] {
  return [...text.matchAll(/\S+/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text.charAt(at))) at += 1;
  return at;
}

const isBlank = (character: string): boolean => /\s/.test(character);

/** Where the word that begins at an offset ends. */
export function endOfWord(text: string, start: number, escape: string): number {
  let quote = "";
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === escape && quote !== "'") at += 1;
    else if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (isBlank(character)) return at;
  }
  return text.length;
}

/**
 * A word without its quotes and escapes. An escaped `$` keeps its escape, so that `\$X` is told from a variable;
 * inside double quotes only `"`, `$` and the escape character can be escaped.
 */
export function removeQuotes(word: string, escape: string): string {
  let result = "";
  let quote = "";
  for (let at = 0; at < word.length; at += 1) {
    const character = word.charAt(at);
    const next = word.charAt(at + 1);
    if (character === escape && quote !== "'" && next !== "") {
      result += isEscapable(next, quote, escape) ? next : character + next;
      at += 1;
    } else if (quote === "" && isQuote(character)) quote = character;
    else if (character === quote) quote = "";
    else result += character;
  }
  return result;
}

const isQuote = (character: string): boolean => character === '"' || character === "'";

const isEscapable = (character: string, quote: string, escape: string): boolean =>
  character !== "$" && (quote === "" || character === '"' || character === escape);

/** The range between the quotes where one pair of them holds the whole text; otherwise the range itself. */
export function insideQuotes(text: string, range: WordRange, escape: string): WordRange {
  const quote = text.charAt(range.start);
  if (quote !== '"' && quote !== "'") return range;
  for (let at = range.start + 1; at < range.end; at += 1) {
    const character = text.charAt(at);
    if (character === escape && quote !== "'") at += 1;
    else if (character === quote) return at === range.end - 1 ? { start: range.start + 1, end: at } : range;
  }
  return range;
}
