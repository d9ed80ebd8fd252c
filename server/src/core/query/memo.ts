// A remembered value, what it was computed from, and who has read it: a node of the graph that the database works on.
import type { Outcome } from "./outcome";
import type { Query } from "./query";

/** One thing of the workspace that was read, present or absent. */
export interface Cell<T = unknown> {
  value: T;
  readonly readers: Set<Memo>;
}

/** A stretch of a computation that is kept by itself. */
export interface Part {
  readonly what: unknown;
  readonly value: unknown;
  readonly reads: readonly Memo[];
}

/** See `readers.ts`. */
export type Readers = Memo[] | Set<Memo>;

export interface Memo {
  readonly query: Query<unknown, unknown>;
  readonly key: unknown;
  /** Undefined until it was computed once. */
  outcome: Outcome | undefined;
  /** Something that was read has changed: to be computed again before anybody reads it. */
  isDirty: boolean;
  isRunning: boolean;
  /** Brought up to date by `settle`. Everything that such a value reads is kept as well. */
  isKept: boolean;
  isQueued: boolean;
  /** Forgotten by `sweep`. */
  isGone: boolean;
  reads: readonly Memo[];
  inputs: readonly Cell[];
  /** In the order in which they ran; undefined where one can't be kept. */
  parts: readonly (Part | undefined)[];
  readers: Readers;
  /** Above that of everything it reads, so that values can be worked out from below. */
  height: number;
  /** Revision at which the value was last known to be right. */
  verified: number;
  /** Revision at which it was last asked for from outside. */
  asked: number;
  /** When it was computed last, and when that gave another value, by a count of computations. */
  computed: number;
  changed: number;
  /** The computation that read it last: tells cheaply what a computation has read already. */
  seenBy: number;
}

export const NO_PARTS: readonly Part[] = [];
export const NO_READS: readonly Memo[] = [];
export const NO_INPUTS: readonly Cell[] = [];

export const createMemo = (query: Query<unknown, unknown>, key: unknown): Memo => ({
  query,
  key,
  outcome: undefined,
  isDirty: true,
  isRunning: false,
  isKept: false,
  isQueued: false,
  isGone: false,
  reads: NO_READS,
  inputs: NO_INPUTS,
  parts: NO_PARTS,
  readers: [],
  height: 0,
  verified: -1,
  asked: -1,
  computed: -1,
  changed: -1,
  seenBy: -1,
});
