// What the decoders of scalars are given.
import type { Chunk } from "../text/located";
import type { ScalarStyle } from "./yaml-nodes";

/** A scalar as it stands in its chunk: quotes and block header included. */
export interface WrittenScalar {
  readonly chunk: Chunk;
  readonly style: ScalarStyle;
  readonly start: number;
  /** Behind the closing quote; behind the last line break of a block scalar, trailing blank lines included. */
  readonly end: number;
  /** Indentation of the collection that holds a block scalar: its indentation indicator counts from there. */
  readonly parentIndent: number;
}
