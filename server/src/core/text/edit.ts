// Edits of text: made relative to a chunk, applied to a file.
import type { Chunk, Origin } from "./located";
import type { FilePath } from "./source-file";

/** Replaces a range of a chunk. `newText` holds `\n` line breaks; who writes the file restores the file's own. */
export interface ChunkEdit {
  readonly chunk: Chunk;
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** Replaces a range of a file's LF text. */
export interface TextEdit {
  readonly file: FilePath;
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

export const replace = (at: Origin, newText: string): ChunkEdit => ({
  chunk: at.chunk,
  start: at.start,
  end: at.end,
  newText,
});
export const insertAt = (chunk: Chunk, offset: number, newText: string): ChunkEdit => ({
  chunk,
  start: offset,
  end: offset,
  newText,
});

/**
 * Applies edits to one text. Edits may come in any order; those that touch the same offset by insertion keep their
 * order. Returns undefined when two edits overlap: nothing is then changed.
 */
export function applyEdits(
  text: string,
  edits: readonly Pick<TextEdit, "start" | "end" | "newText">[],
): string | undefined {
  const sorted = edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.index - b.index);
  let result = "";
  let at = 0;
  for (const { edit } of sorted) {
    if (edit.start < at || edit.end < edit.start || edit.end > text.length) return undefined;
    result += text.slice(at, edit.start) + edit.newText;
    at = edit.end;
  }
  return result + text.slice(at);
}
