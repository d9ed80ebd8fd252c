// Small edits of text for fixes, where no tree is needed. Everything is relative to the chunk of the place.
import type { ScriptItem } from "../model/pipeline/job";
import type { ChunkEdit } from "../text/edit";
import type { Chunk, Origin } from "../text/located";

/** Replaces the text at a place. */
export const replaceText = (at: Origin, newText: string): ChunkEdit => ({
  chunk: at.chunk,
  start: at.start,
  end: at.end,
  newText,
});

/** Inserts text in front of a place. */
export const insertBefore = (at: Origin, newText: string): ChunkEdit => ({
  chunk: at.chunk,
  start: at.start,
  end: at.start,
  newText,
});

/** Inserts text behind a place. */
export const insertAfter = (at: Origin, newText: string): ChunkEdit => ({
  chunk: at.chunk,
  start: at.end,
  end: at.end,
  newText,
});

/** Offset in the chunk at which the line of an offset begins. */
export const lineStartOf = (chunk: Chunk, offset: number): number =>
  chunk.text.lastIndexOf("\n", offset - 1) + 1;

/** Offset in the chunk at which the line of an offset ends, in front of its line break. */
export function lineEndOf(chunk: Chunk, offset: number): number {
  const end = chunk.text.indexOf("\n", offset);
  return end === -1 ? chunk.text.length : end;
}

/** The blanks at the start of the line on which a place begins. */
export const indentAt = (at: Origin): string =>
  /^[ \t]*/.exec(at.chunk.text.slice(lineStartOf(at.chunk, at.start)))?.[0] ?? "";

/** Whether nothing but blanks stands before a place on its line. */
export const startsLine = (at: Origin): boolean =>
  at.chunk.text.slice(lineStartOf(at.chunk, at.start), at.start).trim() === "";

/** From a place's first character to the end of the line on which it begins, without blanks at the end. */
export function restOfLine(at: Origin): Origin {
  const end = lineEndOf(at.chunk, at.start);
  return {
    chunk: at.chunk,
    start: at.start,
    end: at.start + at.chunk.text.slice(at.start, end).trimEnd().length,
  };
}

/**
 * Removes `key: value` that stands on lines of its own; a comment behind it stays. Undefined for entries of flow
 * mappings and for those behind a dash.
 */
export function removeEntry(keyAt: Origin, valueAt: Origin): ChunkEdit | undefined {
  const { chunk } = keyAt;
  if (chunk !== valueAt.chunk || !startsLine(keyAt)) return undefined;
  const valueEnd = Math.max(valueAt.end, keyAt.end);
  const end = lineEndOf(chunk, valueEnd);
  const behind = chunk.text.slice(valueEnd, end).trim();
  if (behind.startsWith("#")) return { chunk, start: keyAt.start, end, newText: behind };
  if (behind !== "") return undefined;
  return {
    chunk,
    start: lineStartOf(chunk, keyAt.start),
    end: Math.min(end + 1, chunk.text.length),
    newText: "",
  };
}

/**
 * Replaces a range inside a script item with shell text, written in the way of the item's YAML style. Undefined where
 * the text can't stand there: `: ` and ` #` in plain style, commas and brackets in a flow list, a line break, quotes inside
 * `sh -c "…"`.
 */
export function replaceInScript(item: ScriptItem, at: Origin, newText: string): ChunkEdit | undefined {
  if (newText.includes("\n") || at.chunk !== item.at.chunk) return undefined;
  if (/["'$`\\]/.test(newText) && /\s-\w*c\s+["']/.test(item.text.text)) return undefined;
  const opening = at.chunk.text[item.at.start] ?? "";
  const isInFlow = /[[,]\s*$/.test(at.chunk.text.slice(Math.max(item.at.start - 200, 0), item.at.start));
  if (isInFlow && !/["']/.test(opening) && /[,[\]{}]/.test(newText)) return undefined;
  const text = styled(opening, newText);
  return text === undefined ? undefined : replaceText(at, text);
}

function styled(opening: string, text: string): string | undefined {
  switch (opening) {
    case '"':
      return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
    case "'":
      return text.replaceAll("'", "''");
    case "|":
    case ">":
      return text;
    default:
      return /: |:$| #/.test(text) ? undefined : text;
  }
}

/** An empty place in front of another. */
export const startOf = (at: Origin): Origin => ({ chunk: at.chunk, start: at.start, end: at.start });

/** An empty place behind another. */
export const endOf = (at: Origin): Origin => ({ chunk: at.chunk, start: at.end, end: at.end });
