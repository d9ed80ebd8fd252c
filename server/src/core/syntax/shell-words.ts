// Builds words of the shell tree out of their parts, for every shell dialect.
import type { TextRange, Word, WordPart } from "./shell-nodes";

/** Text in which nothing is expanded by the shell, with and without its quotes and backslashes. */
export interface WrittenText extends TextRange {
  /** As written, without quotes around it. */
  readonly written: string;
  /** After the removal of backslashes. */
  readonly text: string;
  readonly quoted: boolean;
}

// https://docs.gitlab.com/ci/inputs/: filled in before the script reaches a shell, in quotes too.
const inputReference = /\$\[\[[^\]]*\]\]/g;

/** A literal, cut at `$[[ inputs.x ]]`, which is a variable whatever quotes it stands in. */
export function literalParts(literal: WrittenText): readonly WordPart[] {
  const { start, end, written, text } = literal;
  if (!written.includes("$[[") || written !== text) {
    const quoted = literal.quoted || /\\[^\n]/.test(written);
    return [{ kind: "literal", start, end, text, quoted }];
  }
  const parts: WordPart[] = [];
  const piece = (from: number, to: number): void => {
    if (to <= from) return;
    parts.push({
      kind: "literal",
      start: start + from,
      end: start + to,
      text: text.slice(from, to),
      quoted: literal.quoted,
    });
  };
  let at = 0;
  for (const match of text.matchAll(inputReference)) {
    piece(at, match.index);
    at = match.index + match[0].length;
    const range = { start: start + match.index, end: start + at };
    const name = match[0].slice(1);
    parts.push({
      kind: "variable",
      ...range,
      name,
      operator: undefined,
      argument: undefined,
      quoted: literal.quoted,
    });
  }
  piece(at, text.length);
  return parts;
}

/** The word of a text in which nothing is special, which nearly all words are; undefined where something is. */
export function plainWord(source: string, value: string, range: TextRange): Word | undefined {
  if (source !== value || source.startsWith("~") || source.includes("$[[")) return undefined;
  const literal: WordPart = {
    kind: "literal",
    start: range.start,
    end: range.end,
    text: source,
    quoted: false,
  };
  return { start: range.start, end: range.end, source, parts: [literal], text: source, isStatic: true };
}

/**
 * A word of the given parts.
 *
 * @param script the text that the ranges are offsets into
 */
export function wordFrom(script: string, range: TextRange, given: readonly WordPart[]): Word {
  const parts = withHome(script, given);
  const text = parts
    .map((part) => (part.kind === "literal" ? part.text : script.slice(part.start, part.end)))
    .join("");
  const source = script.slice(range.start, range.end);
  // `~user` is somebody's home directory.
  const isStatic = parts.every((part) => part.kind === "literal") && !/^~[\w+-]/.test(source);
  return { ...range, source, parts, text, isStatic };
}

/** `~` and `~/x` begin with `$HOME`. */
function withHome(script: string, parts: readonly WordPart[]): readonly WordPart[] {
  const [first, ...others] = parts;
  if (first?.kind !== "literal" || first.quoted || script[first.start] !== "~") return parts;
  const isAlone = first.text === "~" && others.length === 0;
  if (!isAlone && !first.text.startsWith("~/")) return parts;
  const home: WordPart = {
    kind: "variable",
    start: first.start,
    end: first.start + 1,
    name: "HOME",
    operator: undefined,
    argument: undefined,
    quoted: false,
  };
  return isAlone
    ? [home]
    : [home, { ...first, start: first.start + 1, text: first.text.slice(1) }, ...others];
}

/** The parser cuts `--file=<(cmd)` before the process substitution; for the shell it is one word, with no blank inside. */
export function joinedWords(words: readonly Word[]): readonly Word[] {
  const isProcess = (word: Word): boolean =>
    word.parts.some((part) => part.kind === "command" && part.process);
  const result: Word[] = [];
  for (const word of words) {
    const before = result.at(-1);
    if (before === undefined || before.end !== word.start || !(isProcess(before) || isProcess(word))) {
      result.push(word);
      continue;
    }
    result[result.length - 1] = {
      start: before.start,
      end: word.end,
      source: before.source + word.source,
      parts: [...before.parts, ...word.parts],
      text: before.text + word.text,
      isStatic: false,
    };
  }
  return result;
}
