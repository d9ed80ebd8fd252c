// The edges of the graph that the database works on: what was read, who has read it, and in which order that is worked out.
import { NO_INPUTS, NO_READS, type Cell, type Memo } from "./memo";
import { isRead, removeReader, withReader } from "./readers";

/** A stretch of a list of memos. */
export interface ReadList {
  readonly list: Memo[];
  readonly from: number;
  readonly end: number;
}

/**
 * Makes what a computation has read the reads of its memo. Gives those that it read before and that nobody reads now.
 *
 * @param mark a number that nothing was marked with yet
 */
export function linkReads(memo: Memo, reads: ReadList, mark: number): readonly Memo[] {
  const old = memo.reads;
  // Most computations read again what they read before: that is linked already.
  for (const read of old) read.seenBy = -mark;
  const end = linkNew(memo, reads, mark);
  memo.reads = end === reads.from ? NO_READS : reads.list.slice(reads.from, end);
  let unread: Memo[] | undefined;
  for (const read of old) if (read.seenBy === -mark && !unlinkRead(memo, read)) (unread ??= []).push(read);
  return unread ?? NO_READS;
}

/** Gives the end of what was read; what was read twice, with other computations between, is kept once. */
function linkNew(memo: Memo, { list, from, end }: ReadList, mark: number): number {
  let last = from;
  memo.height = 0;
  for (let index = from; index < end; index += 1) {
    const read = list[index];
    if (read === undefined || read.seenBy === mark) continue;
    if (read.seenBy !== -mark) read.readers = withReader(read.readers, memo);
    read.seenBy = mark;
    if (read.height >= memo.height) memo.height = read.height + 1;
    list[last] = read;
    last += 1;
  }
  return last;
}

/** Gives whether somebody else reads it. */
function unlinkRead(memo: Memo, read: Memo): boolean {
  removeReader(read.readers, memo);
  return isRead(read.readers);
}

export function linkInputs(memo: Memo, inputs: readonly Cell[] = NO_INPUTS): void {
  for (const cell of inputs) cell.readers.add(memo);
  if (memo.inputs.length > 0) {
    const present = new Set(inputs);
    for (const cell of memo.inputs) if (!present.has(cell)) cell.readers.delete(memo);
  }
  memo.inputs = inputs;
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
  const unread: Memo[] = [];
  for (const read of memo.reads) if (!unlinkRead(memo, read)) unread.push(read);
  return unread;
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
