// Decoded text that maps back to the file: a script inside a YAML scalar, a RUN instruction without its continuations.
import type { Chunk, Origin } from "./located";

/** Decoded text whose every character knows its place in a chunk. */
export interface MappedText {
  readonly text: string;
  readonly chunk: Chunk;
  /**
   * The place of a half-open range of the decoded text: from the first character's source to the end of the last
   * character's source. An empty range lies where its character would stand. Offsets outside the text are clamped.
   */
  at(start: number, end: number): Origin;
}

/** A run of decoded characters whose source is contiguous: one decoded unit is one source unit. */
export interface Run {
  /** Offset into the decoded text at which the run begins. */
  readonly decoded: number;
  /** Offset into the chunk's text at which the run begins. */
  readonly source: number;
  readonly length: number;
  /** Source units that make up this run where it is not one to one (an escape, a folded line break). */
  readonly sourceLength?: number;
}

/** Text that stands in the chunk exactly as it is. */
export function identityText(chunk: Chunk, start: number, end: number): MappedText {
  const text = chunk.text.slice(start, end);
  return {
    text,
    chunk,
    at: (from, to) => ({
      chunk,
      start: start + clamp(from, text.length),
      end: start + clamp(Math.max(from, to), text.length),
    }),
  };
}

/**
 * Text made of runs. INVARIANT: runs are sorted, and together cover the decoded text without gaps.
 * `end` is where the text ends in the chunk, for empty ranges behind the last character.
 */
export function mappedText(chunk: Chunk, text: string, runs: readonly Run[], end: number): MappedText {
  return {
    text,
    chunk,
    at(from, to) {
      const first = clamp(from, text.length);
      const last = clamp(Math.max(from, to), text.length);
      const start = startOf(runs, first, end);
      return { chunk, start, end: last > first ? endOf(runs, last, end) : start };
    },
  };
}

/** Collects decoded text and its runs, in order of the decoded text. */
export class MappedTextBuilder {
  private text = "";
  private readonly runs: Run[] = [];
  private readonly chunk: Chunk;

  constructor(chunk: Chunk) {
    this.chunk = chunk;
  }

  /** Source that stands for itself. */
  copy(from: number, to: number): void {
    if (to <= from) return;
    const last = this.runs.at(-1);
    if (last !== undefined && last.sourceLength === undefined && last.source + last.length === from) {
      this.runs[this.runs.length - 1] = { ...last, length: last.length + (to - from) };
    } else {
      this.runs.push({ decoded: this.text.length, source: from, length: to - from });
    }
    this.text += this.chunk.text.slice(from, to);
  }

  /** Decoded text that stands for a range of the source as a whole: an escape, a folded line break. */
  put(decoded: string, from: number, to: number): void {
    if (decoded === "") return;
    this.runs.push({
      decoded: this.text.length,
      source: from,
      length: decoded.length,
      sourceLength: to - from,
    });
    this.text += decoded;
  }

  endsWithLineBreak(): boolean {
    return this.text.endsWith("\n");
  }

  /** `end`: where the text ends in the chunk. */
  finish(end: number): MappedText {
    return mappedText(this.chunk, this.text, this.runs, end);
  }
}

/** A part of a mapped text, as a mapped text of its own. */
export function sliceText(whole: MappedText, start: number, end: number): MappedText {
  const text = whole.text.slice(start, end);
  return {
    text,
    chunk: whole.chunk,
    at: (from, to) =>
      whole.at(start + clamp(from, text.length), start + clamp(Math.max(from, to), text.length)),
  };
}

function startOf(runs: readonly Run[], decoded: number, end: number): number {
  const run = runAt(runs, decoded);
  if (run === undefined) return end;
  return run.sourceLength === undefined ? run.source + (decoded - run.decoded) : run.source;
}

/** Where the character before `decoded` ends in the source. */
function endOf(runs: readonly Run[], decoded: number, end: number): number {
  const run = runAt(runs, decoded - 1);
  if (run === undefined) return end;
  return run.sourceLength === undefined
    ? run.source + (decoded - run.decoded)
    : run.source + run.sourceLength;
}

function runAt(runs: readonly Run[], decoded: number): Run | undefined {
  let low = 0;
  let high = runs.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const run = runs[middle];
    if (run === undefined) return undefined;
    if (decoded < run.decoded) high = middle - 1;
    else if (decoded >= run.decoded + run.length) low = middle + 1;
    else return run;
  }
  return undefined;
}

const clamp = (value: number, length: number): number => Math.min(Math.max(value, 0), length);
