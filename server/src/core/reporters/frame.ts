// A code frame: the line that is meant, with carets below the part that is meant.
import type { SourceFile } from "../text/source-file";
import type { Place } from "../text/located";
import { cellsOf, type Cell } from "./terminal-text";

export interface Frame {
  /** Counted from 1. */
  readonly line: number;
  readonly source: string;
  /** Blanks and carets that stand below `source`. */
  readonly marker: string;
}

/** Wider lines are cut around the place. */
const WIDEST = 140;
const BEFORE = 40;

/**
 * The frame of a place. Of a place that goes over several lines the first line is shown, with carets to its end. An
 * empty place, or one behind the line's end, gets one caret.
 */
export function frameOf(file: SourceFile, place: Place): Frame {
  const { line, character } = file.lines.positionAt(place.start);
  const last = file.lines.positionAt(place.end);
  const text = file.lines.lineText(line);
  const end = last.line > line ? text.trimEnd().length : last.character;
  const { cells, cut } = windowOf(text, character);
  const before = cells.filter((cell) => cell.offset < character);
  const marked = cells.filter((cell) => cell.offset >= character && cell.offset < end);
  const shown = cells.map((cell) => cell.shown).join("");
  return {
    line: line + 1,
    source: `${cut.left ? "…" : ""}${cut.right ? shown : shown.trimEnd()}${cut.right ? "…" : ""}`,
    marker: " ".repeat((cut.left ? 1 : 0) + widthOf(before)) + "^".repeat(Math.max(widthOf(marked), 1)),
  };
}

interface Window {
  readonly cells: readonly Cell[];
  readonly cut: { readonly left: boolean; readonly right: boolean };
}

/** Text further away than this from the place is not even looked at: a line may be megabytes long. */
const NEAR = 1000;

function windowOf(line: string, character: number): Window {
  const from = line.length > 3 * NEAR ? Math.max(0, character - NEAR) : 0;
  const near = line.length > 3 * NEAR ? line.slice(from, character + NEAR) : line;
  const cells = cellsOf(near).map((cell) => ({ ...cell, offset: cell.offset + from }));
  if (widthOf(cells) <= WIDEST) return { cells, cut: { left: false, right: false } };
  const index = cells.findIndex((cell) => cell.offset >= character);
  const start = Math.max(0, (index === -1 ? cells.length : index) - BEFORE);
  const shown = cells.slice(start, start + WIDEST);
  return {
    cells: shown,
    cut: { left: from + start > 0, right: from + near.length < line.length || start + WIDEST < cells.length },
  };
}

const widthOf = (cells: readonly Cell[]): number => cells.reduce((sum, cell) => sum + cell.width, 0);
