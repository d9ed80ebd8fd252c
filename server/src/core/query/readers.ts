// Who read a value. Most values have one or two readers, some have one in every job: a list while they are few, a set then.
import type { Memo, Readers } from "./memo";

const MANY = 12;

/** Gives what holds the readers from now on. INVARIANT: the reader is none yet. */
export function withReader(readers: Readers, reader: Memo): Readers {
  if (!Array.isArray(readers)) return readers.add(reader);
  if (readers.length === MANY) return new Set(readers).add(reader);
  readers.push(reader);
  return readers;
}

export function removeReader(readers: Readers, reader: Memo): void {
  if (!Array.isArray(readers)) {
    readers.delete(reader);
    return;
  }
  const at = readers.indexOf(reader);
  const last = at === -1 ? undefined : readers.pop();
  if (last !== undefined && at < readers.length) readers[at] = last;
}

export const isRead = (readers: Readers): boolean =>
  Array.isArray(readers) ? readers.length > 0 : readers.size > 0;

/** Whether there are readers, and all of them are to be computed again. */
export function isReadByDirty({ readers }: Memo): boolean {
  for (const reader of readers) if (!reader.isDirty) return false;
  return isRead(readers);
}
