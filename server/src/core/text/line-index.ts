// Converts between UTF-16 offsets and zero-based line/character positions of one LF text.

/** A zero-based line and a zero-based character, counted in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface LineIndex {
  /** Position of an offset; an offset outside the text is clamped to it. */
  positionAt(offset: number): Position;
  /** Offset of a position; a line or character outside the text is clamped to it. */
  offsetAt(position: Position): number;
  /** Offset at which a zero-based line begins; clamped like `offsetAt`. */
  lineStart(line: number): number;
  /** Text of a zero-based line, without its line break; empty outside the text. */
  lineText(line: number): string;
  /** Number of lines; a final line break opens one more, empty line, as in an editor. */
  readonly lineCount: number;
}

/** Indexes a text that holds `\n` line breaks only. Built on first use: most files are never asked. */
export function createLineIndex(text: string): LineIndex {
  let built: number[] | undefined;
  const starts = (): number[] => (built ??= lineStarts(text));
  const lineStart = (line: number): number => (line <= 0 ? 0 : (starts()[line] ?? text.length));
  const lineEnd = (line: number): number => {
    const next = starts()[line + 1];
    return next === undefined ? text.length : next - 1;
  };
  return {
    positionAt(offset) {
      const at = Math.min(Math.max(offset, 0), text.length);
      const line = lastNotAbove(starts(), at);
      return { line, character: at - lineStart(line) };
    },
    offsetAt({ line, character }) {
      if (line < 0) return 0;
      if (line >= starts().length) return text.length;
      return Math.min(lineStart(line) + Math.max(character, 0), lineEnd(line));
    },
    lineStart,
    lineText: (line) =>
      line < 0 || line >= starts().length ? "" : text.slice(lineStart(line), lineEnd(line)),
    get lineCount() {
      return starts().length;
    },
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Index of the last element that is not above `value`, in a sorted list that begins with 0. */
function lastNotAbove(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
