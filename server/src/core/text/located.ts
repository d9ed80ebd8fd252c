// Where a value is written, and the way it came to where it is used.
//
// Places are kept relative to a chunk, not to the file: a chunk keeps its identity while its own text stays the same,
// so an edit in one job of a large file leaves everything known about the other jobs valid, although they moved.
import type { FilePath } from "./source-file";

/** A stretch of one file's text: a top-level block of a YAML file, or the whole of another file. Compared by identity. */
export interface Chunk {
  readonly file: FilePath;
  readonly text: string;
}

/** A place: half-open range of UTF-16 offsets into a chunk's text. */
export interface Origin {
  readonly chunk: Chunk;
  readonly start: number;
  readonly end: number;
}

/** A place in a file: half-open range of UTF-16 offsets into its LF text. What leaves the core. */
export interface Place {
  readonly file: FilePath;
  readonly start: number;
  readonly end: number;
}

export type HopKind =
  "alias" | "merge" | "reference" | "extends" | "default" | "include" | "variable" | "matrix" | "script";

/** One step between the place where a value is used and the place where it is written. */
export interface Hop {
  readonly kind: HopKind;
  /** What was followed: the anchor, the parent job, the variable… */
  readonly name: string;
  /** Where it was followed: the alias, the item of `extends`, … */
  readonly at: Origin;
}

/** A value that remembers where it is written, and by which hops it got here (use site first). */
export interface Located<T> {
  readonly value: T;
  readonly at: Origin;
  readonly via: readonly Hop[];
}

/** The written text at a place. */
export const textAt = (origin: Origin): string => origin.chunk.text.slice(origin.start, origin.end);

/** A part of a place; offsets are relative to its start. */
export const partOf = (origin: Origin, start: number, end: number): Origin => ({
  chunk: origin.chunk,
  start: origin.start + start,
  end: origin.start + end,
});

/** From the start of one place to the end of another in the same chunk; the first alone where the chunks differ. */
export const spanning = (first: Origin, last: Origin): Origin =>
  first.chunk === last.chunk
    ? { chunk: first.chunk, start: first.start, end: Math.max(first.end, last.end) }
    : first;

export const sameOrigin = (a: Origin, b: Origin): boolean =>
  a.chunk === b.chunk && a.start === b.start && a.end === b.end;
