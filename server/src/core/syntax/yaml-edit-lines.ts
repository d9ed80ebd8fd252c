// Takes entries of YAML collections out of their lines and puts new ones in, by the place of the entry alone.
import { insertAt, type ChunkEdit } from "../text/edit";
import type { Origin } from "../text/located";
import { columnOf, isBlank, isFirstOnLine, lineEndOf, lineStartOf, skipSpace } from "./yaml-layout";

type Edits = readonly ChunkEdit[];

/** Whether a bracket or comma stands on both sides. */
export function isInFlow({ chunk, start, end }: Origin): boolean {
  return (
    /[{[,]$/.test(chunk.text.slice(0, start).trimEnd()) &&
    /[}\],]/.test(chunk.text[skipSpace(chunk.text, end)] ?? "")
  );
}

export function removeLines({ chunk, start, end }: Origin): Edits {
  const { text } = chunk;
  const column = columnOf(text, start);
  const lineEnd = lineEndOf(text, end);
  if (isFirstOnLine(text, start)) {
    const from = lineStartOf(text, start);
    // The last line of a file without final line break takes the break in front of it along.
    if (lineEnd === text.length) return [{ chunk, start: Math.max(from - 1, 0), end: lineEnd, newText: "" }];
    return [{ chunk, start: from, end: lineEnd + 1, newText: "" }];
  }
  // Behind a dash: the next line of the same collection moves up.
  const next = nextTextLine(text, lineEnd + 1);
  if (next !== undefined && columnOf(text, next) === column)
    return [{ chunk, start, end: next, newText: "" }];
  return [{ chunk, start, end, newText: "" }];
}

/** First character of the next line that is not blank, a comment's too. */
function nextTextLine(text: string, from: number): number | undefined {
  let at = from;
  while (at < text.length && /\s/.test(text[at] ?? "")) at += 1;
  return at < text.length ? at : undefined;
}

export function removeFromFlow({ chunk, start, end }: Origin): Edits {
  const { text } = chunk;
  const comma = skipSpace(text, end);
  if (text[comma] === ",") {
    const next = skipSpace(text, comma + 1);
    const lineEnd = lineEndOf(text, comma);
    // On a line of its own, the comment behind the comma goes with it.
    if (next > lineEnd && isFirstOnLine(text, start))
      return [{ chunk, start: lineStartOf(text, start), end: lineEnd + 1, newText: "" }];
    const commented = text.slice(comma + 1, next).includes("#");
    if (commented) return [{ chunk, start, end: skipBlanks(text, comma + 1), newText: "" }];
    if (!/[\]}]/.test(text[next] ?? "")) return [{ chunk, start, end: next, newText: "" }];
  }
  let before = start;
  while (before > 0 && /\s/.test(text[before - 1] ?? "")) before -= 1;
  if (text[before - 1] === ",") return [{ chunk, start: before - 1, end, newText: "" }];
  return [{ chunk, start, end: text[comma] === "," ? comma + 1 : end, newText: "" }];
}

export const skipBlanks = (text: string, from: number): number => {
  let at = from;
  while (isBlank(text[at])) at += 1;
  return at;
};

/** Behind an entry of a flow collection; on a line of its own where that entry has one. */
export function insertInFlow({ chunk, start, end }: Origin, newText: string): Edits {
  const { text } = chunk;
  if (!isFirstOnLine(text, start)) return [insertAt(chunk, end, `, ${newText}`)];
  const behind = skipSpace(text, end);
  const line = `\n${text.slice(lineStartOf(text, start), start)}${newText}`;
  const lineEnd = lineEndOf(text, end);
  if (text[behind] === ",") return [insertAt(chunk, Math.max(lineEndOf(text, behind), lineEnd), `${line},`)];
  // A bracket that closes on the entry's line stays behind the new entry.
  if (behind < lineEnd) return [insertAt(chunk, end, `,${line}`)];
  return [insertAt(chunk, end, ","), insertAt(chunk, lineEnd, line)];
}
