// A remembered value, what it was computed from, and who has read it: the graph that the database works on.
import type { Query } from "./query";

/** One thing of the workspace that was read, present or absent. */
export interface Cell<T = unknown> {
  value: T;
  readonly readers: Set<Memo>;
}

/** What a computation gave. An error of ours is an outcome too: the same inputs would give it again. */
export interface Outcome {
  readonly value: unknown;
  readonly thrown?: unknown;
}

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
  readonly readers: Set<Memo>;
  /** Above that of everything it reads, so that values can be worked out from below. */
  height: number;
  /** Revision at which the value was last known to be right. */
  verified: number;
  /** Revision at which it was last asked for from outside. */
  asked: number;
  /** The computation that read it last: tells cheaply what a computation has read already. */
  seenBy: number;
}

export const createMemo = (query: Query<unknown, unknown>, key: unknown): Memo => ({
  query,
  key,
  outcome: undefined,
  isDirty: true,
  isRunning: false,
  isKept: false,
  isQueued: false,
  isGone: false,
  reads: [],
  inputs: [],
  readers: new Set(),
  height: 0,
  verified: -1,
  asked: -1,
  seenBy: -1,
});

/** Makes what a computation has read the reads of its memo. Gives those that it read before and that nobody reads now. */
export function link(
  memo: Memo,
  reads: readonly Memo[],
  inputs: readonly Cell[],
  run: number,
): readonly Memo[] {
  for (const cell of inputs) cell.readers.add(memo);
  if (memo.inputs.length > 0) {
    const present = new Set(inputs);
    for (const cell of memo.inputs) if (!present.has(cell)) cell.readers.delete(memo);
  }
  let height = 0;
  for (const read of reads) {
    read.seenBy = run;
    read.readers.add(memo);
    if (read.height >= height) height = read.height + 1;
  }
  const unread = memo.reads.filter((read) => read.seenBy !== run);
  for (const read of unread) read.readers.delete(memo);
  memo.reads = reads;
  memo.inputs = inputs;
  memo.height = height;
  return unread.filter((read) => read.readers.size === 0);
}

/** Readers stay above what they read. False where that cannot be, because a memo reads itself. */
export function raiseReaders(memo: Memo): boolean {
  const grown = [memo];
  for (let next = grown.pop(); next !== undefined; next = grown.pop()) {
    for (const reader of next.readers) {
      if (reader.height > next.height) continue;
      if (reader === memo) return false;
      reader.height = next.height + 1;
      grown.push(reader);
    }
  }
  return true;
}

/** Takes a memo out of the readers of all that it read. Gives what nobody reads now. */
export function unlink(memo: Memo): readonly Memo[] {
  for (const cell of memo.inputs) cell.readers.delete(memo);
  for (const read of memo.reads) read.readers.delete(memo);
  return memo.reads.filter((read) => read.readers.size === 0);
}

/** Marks a memo and everything below it as kept. */
export function keep(memo: Memo): void {
  const found = [memo];
  for (let next = found.pop(); next !== undefined; next = found.pop()) {
    if (next.isKept) continue;
    next.isKept = true;
    found.push(...next.reads);
  }
}
