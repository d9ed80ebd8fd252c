// Words of commands as arguments: with their place, cut in two, or read as a script of their own.
import type { Word } from "../../syntax/shell-nodes";
import type { Origin } from "../../text/located";
import type { Argument, EnvironmentAssignment } from "./command";

/** `NAME=value` as a word of `env`, `export`…: its name and value; nothing for other words. */
export function assignmentWord(
  word: Word | undefined,
  argument: (word: Word) => Argument,
): readonly EnvironmentAssignment[] {
  const match = word === undefined ? null : /^([A-Za-z_]\w*)=/.exec(word.text);
  if (word === undefined || match?.[1] === undefined) return [];
  return [{ name: match[1], value: argument(wordBehind(word, match[0].length)), at: argument(word).at }];
}

/** A word as an argument. */
export const argumentOf = (word: Word, place: (start: number, end: number) => Origin): Argument => ({
  word,
  text: word.text,
  isStatic: word.isStatic,
  at: place(word.start, word.end),
});

/**
 * A word without its first characters, counted in its text after quote removal: they must be literal. Quotes around the rest
 * belong to it, as they do to a whole word.
 */
export function wordBehind(word: Word, length: number): Word {
  let left = length;
  let start = word.start;
  const parts = word.parts.flatMap((part) => {
    if (left <= 0 || part.kind !== "literal") return [part];
    const cut = Math.min(left, part.text.length);
    left -= cut;
    // Backslashes shift places: only text that stands as it is can be cut exactly.
    const isPlain = part.end - part.start === part.text.length;
    start = isPlain ? part.start + cut : part.end;
    return cut === part.text.length
      ? []
      : [{ ...part, start: isPlain ? start : part.start, text: part.text.slice(cut) }];
  });
  const source = word.source.slice(start - word.start);
  return { start, end: word.end, parts, source, text: word.text.slice(length), isStatic: word.isStatic };
}

/** The script that a word holds: static text, or text with variables, which stay variables of the script. */
export function scriptText(
  word: Word,
): { readonly text: string; readonly start: number; readonly isExact: boolean } | undefined {
  const [first] = word.parts;
  const last = word.parts.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const source = word.source.slice(first.start - word.start, last.end - word.start);
  const isPlain = word.parts.every(
    (part) =>
      part.kind === "variable" || (part.kind === "literal" && part.end - part.start === part.text.length),
  );
  if (isPlain) return { text: source, start: first.start, isExact: true };
  return word.isStatic ? { text: word.text, start: first.start, isExact: false } : undefined;
}
