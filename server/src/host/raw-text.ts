// The text of a file as it is on disk, with its own line breaks and byte order mark. The core sees neither, so its edits
// are brought back to the file's own text here: every byte that no edit names stays as it is.
import { applyEdits, type TextEdit } from "../core/index";

type Edit = Pick<TextEdit, "start" | "end" | "newText">;

/**
 * Applies edits, whose offsets count in the LF text, to the text as it is on disk. New line breaks become those that
 * the file uses most. Undefined where edits overlap.
 */
export function applyToRaw(raw: string, edits: readonly Edit[]): string | undefined {
  const mark = raw.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (!raw.includes("\r")) {
    const moved = edits.map((edit) => ({ ...edit, start: edit.start + mark, end: edit.end + mark }));
    return applyEdits(raw, moved);
  }
  const lineBreak = mainLineBreak(raw);
  const toRaw = rawOffsets(raw, mark);
  return applyEdits(
    raw,
    edits.map(({ start, end, newText }) => ({
      start: toRaw(start),
      end: toRaw(end),
      newText: newText.replaceAll("\n", lineBreak),
    })),
  );
}

/** The line break that a text uses most; LF where it has none. */
export function mainLineBreak(raw: string): "\n" | "\r\n" | "\r" {
  const both = raw.split("\r\n").length - 1;
  const feeds = raw.split("\n").length - 1 - both;
  const returns = raw.split("\r").length - 1 - both;
  if (both >= feeds && both >= returns) return both === 0 ? "\n" : "\r\n";
  return feeds >= returns ? "\n" : "\r";
}

/** Maps an offset of the LF text to the raw text. An offset behind a line break stands behind all of it. */
function rawOffsets(raw: string, mark: number): (offset: number) => number {
  // Only `\r\n` is shorter in the LF text; the list holds the LF offset of each such line break.
  const shortened: number[] = [];
  for (let at = raw.indexOf("\r\n"); at !== -1; at = raw.indexOf("\r\n", at + 2)) {
    shortened.push(at - mark - shortened.length);
  }
  return (offset) => offset + mark + countBelow(shortened, offset);
}

/** How many elements of a sorted list are below `value`. */
function countBelow(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
