// Remembers what was computed, and from what: a value is computed again only when something it read has changed.
//
// An update marks the readers of what changed, and nothing else. `settle` then works out the marked values from below, and
// marks the readers of those that came out different: an edit costs what it changes, not what is known. Who asks without
// settling gets the right answer as well: what was asked for is checked down to what changed.
import type { FilePath } from "../text/source-file";
import { Inputs } from "./inputs";
import { keep, linkInputs, linkReads, raiseReaders, unlink, type ReadList } from "./links";
import { createMemo, NO_PARTS, NO_READS, type Cell, type Memo, type Part } from "./memo";
import { isSame, outcomeOf, valueOf } from "./outcome";
import type { Query, QueryContext } from "./query";
import { isRead, isReadByDirty } from "./readers";
import type { Workspace } from "./workspace";

/** A computation that runs. */
interface Run {
  readonly id: number;
  readonly memo: Memo;
  /** Where what it has read begins in the list of all reads that are under way; it ends where that list does. */
  readonly from: number;
  inputs: Cell[] | undefined;
  /** What runs is a part: what is part of it again is kept with it. */
  readonly isPart: boolean;
  parts: (Part | undefined)[] | undefined;
}

export class Database {
  private readonly inputs: Inputs;
  private readonly memos = new Map<Query<unknown, unknown>, Map<unknown, Memo>>();
  private readonly context = this.createContext();
  private revision = 0;
  /** The revision for which everything kept is up to date. */
  private settled = -1;
  /** While settling: kept values of a smaller height are up to date. */
  private floor = 0;
  /** Kept values that are marked, by height. */
  private queue: Memo[][] = [];
  /** Asked for from outside, or read by nobody any more: where `sweep` looks. */
  private readonly loose = new Set<Memo>();
  private swept = -1;
  /** A query reads itself, which is a fault of ours. */
  private hasLoop = false;
  private run: Run | undefined;
  /** What the computations under way have read, the innermost last: one list for all, so that none has to grow its own. */
  private reads: Memo[] = [];
  private readsEnd = 0;
  private runs = 0;
  /** How often each query was computed, by name: for tests and the bench. */
  readonly computed = new Map<string, number>();

  constructor(workspace: Workspace) {
    this.inputs = new Inputs(workspace);
  }

  /** Replaces the input. Nothing is computed until it is asked for. */
  update(workspace: Workspace): void {
    this.revision += 1;
    this.inputs.update(workspace, ({ readers }) => this.mark(readers));
    if (this.hasLoop) this.reset();
  }

  /** Begins anew: heights mean nothing in a graph that has a loop. */
  private reset(): void {
    this.memos.clear();
    this.inputs.clear();
    this.loose.clear();
    this.queue = [];
    this.hasLoop = false;
  }

  /** Files that were asked for and are not loaded, although the repository has them (or may have them). */
  wanted(): ReadonlySet<FilePath> {
    return this.inputs.wanted();
  }

  /** Brings up to date what was asked for before the last `sweep`: to be called before all of it is asked for again. */
  settle(): void {
    for (this.floor = 0; this.floor < this.queue.length && !this.hasLoop; this.floor += 1) {
      const marked = this.queue[this.floor] ?? [];
      for (let memo = marked.pop(); memo !== undefined; memo = marked.pop()) this.settleOne(memo);
    }
    this.floor = 0;
    this.queue = [];
    if (this.hasLoop) this.reset();
    this.settled = this.revision;
  }

  private settleOne(memo: Memo): void {
    memo.isQueued = false;
    // Readers that run again anyway ask for it if they still need it: often it is about something that is no more.
    if (memo.isGone || !memo.isDirty || isReadByDirty(memo)) return;
    if (memo.height > this.floor) this.enqueue(memo);
    else this.refresh(memo);
  }

  /**
   * Forgets what was not asked for since the last update but one. To be called when everything that counts was asked for:
   * then memory does not grow with edits, and what an edit made old is soon garbage.
   */
  sweep(): void {
    const unread = [...this.loose];
    for (let memo = unread.pop(); memo !== undefined; memo = unread.pop()) {
      if (memo.isGone || isRead(memo.readers)) this.loose.delete(memo);
      else if (memo.asked < this.swept || memo.asked < 0) unread.push(...this.forget(memo));
      else {
        this.loose.add(memo); // Its last reader may just have been forgotten.
        if (memo.asked === this.revision) keep(memo);
      }
    }
    this.swept = this.revision;
    this.reads = [];
    for (const marked of this.queue) remove(marked, ({ isGone, isDirty }) => isGone || !isDirty);
  }

  private forget(memo: Memo): readonly Memo[] {
    memo.isGone = true;
    this.loose.delete(memo);
    const byKey = this.memos.get(memo.query);
    byKey?.delete(memo.key);
    return unlink(memo);
  }

  /** Number of values that are remembered. */
  get size(): number {
    return [...this.memos.values()].reduce((sum, byKey) => sum + byKey.size, 0);
  }

  get<K, V>(query: Query<K, V>, key: K): V {
    const memo = this.memoOf(query as Query<unknown, unknown>, key);
    this.askedOutside(memo);
    this.refresh(memo);
    return valueOf(memo.outcome) as V;
  }

  private askedOutside(memo: Memo): void {
    memo.asked = this.revision;
    this.loose.add(memo);
  }

  private memoOf(query: Query<unknown, unknown>, key: unknown): Memo {
    let byKey = this.memos.get(query);
    if (byKey === undefined) this.memos.set(query, (byKey = new Map<unknown, Memo>()));
    let memo = byKey.get(key);
    if (memo === undefined) byKey.set(key, (memo = createMemo(query, key)));
    return memo;
  }

  /** Makes a value right for the workspace as it is. What a computation throws is kept as its result. */
  private refresh(memo: Memo): void {
    if (memo.verified === this.revision) return;
    if (!memo.isDirty && !this.isSettled(memo)) this.refreshReads(memo);
    if (memo.isDirty) this.compute(memo);
    memo.verified = this.revision;
  }

  private isSettled(memo: Memo): boolean {
    return memo.isKept && (memo.height < this.floor || this.settled === this.revision);
  }

  /** A read that comes out different marks the memo. */
  private refreshReads(memo: Memo): void {
    memo.isRunning = true;
    for (const read of memo.reads) {
      if (read.isRunning)
        memo.isDirty = true; // It reads itself: computing it says so.
      else this.refresh(read);
      if (memo.isDirty) break;
    }
    memo.isRunning = false;
  }

  private compute(memo: Memo): void {
    const { query, key, outcome: old } = memo;
    const outer = this.run;
    const run = this.runOf(memo, false);
    this.computed.set(query.name, (this.computed.get(query.name) ?? 0) + 1);
    this.run = run;
    memo.isRunning = true;
    const found = outcomeOf(() => query.compute(this.context, key, old?.value));
    memo.isRunning = false;
    memo.isDirty = false;
    memo.isQueued = false; // Where it waits it may be too high from now on: its readers would be thought settled.
    this.run = outer;
    memo.computed = ++this.runs;
    memo.parts = run.parts ?? NO_PARTS;
    linkInputs(memo, run.inputs);
    const reads: ReadList = { list: this.reads, from: run.from, end: this.readsEnd };
    for (const unread of linkReads(memo, reads, memo.computed)) this.loose.add(unread);
    this.readsEnd = run.from;
    if (!raiseReaders(memo)) this.hasLoop = true;
    if (memo.isKept) for (const read of memo.reads) if (!read.isKept) keep(read);
    if (old !== undefined && isSame(query, old, found)) return;
    memo.outcome = found;
    memo.changed = memo.computed;
    this.mark(memo.readers);
  }

  private runOf(memo: Memo, isPart: boolean): Run {
    return { id: ++this.runs, memo, from: this.readsEnd, inputs: undefined, isPart, parts: undefined };
  }

  private noteRead(run: Run, memo: Memo): void {
    if (memo.seenBy === run.id) return;
    memo.seenBy = run.id;
    this.reads[this.readsEnd] = memo;
    this.readsEnd += 1;
  }

  private readsSince({ from }: Run): readonly Memo[] {
    return from === this.readsEnd ? NO_READS : this.reads.slice(from, this.readsEnd);
  }

  private part(what: unknown, compute: () => unknown): unknown {
    const { run } = this;
    if (run === undefined || run.isPart) return compute();
    const parts = (run.parts ??= []);
    const old = run.memo.parts[parts.length];
    if (old !== undefined && old.what === what && this.isUnchanged(old, run.memo)) {
      parts.push(old);
      for (const read of old.reads) this.noteRead(run, read);
      return old.value;
    }
    const inner = this.runOf(run.memo, true);
    const index = parts.push(undefined) - 1;
    this.run = inner;
    try {
      const value = compute();
      // Inputs do not tell when they changed: who reads one runs again.
      if (inner.inputs === undefined) parts[index] = { what, value, reads: this.readsSince(inner) };
      return value;
    } finally {
      // What it read stays in the list, as read by the whole.
      this.run = run;
      if (inner.inputs !== undefined) (run.inputs ??= []).push(...inner.inputs);
    }
  }

  /** Whether all that a part read is as it was when its memo was computed. */
  private isUnchanged({ reads }: Part, memo: Memo): boolean {
    return reads.every((read) => {
      if (read.isRunning) return false;
      this.refresh(read);
      return read.changed <= memo.computed;
    });
  }

  /** Whoever read what is another now has to be computed again. */
  private mark(readers: Iterable<Memo>): void {
    for (const reader of readers) {
      if (reader.isDirty) continue; // Also what runs: it reads the new value.
      reader.isDirty = true;
      this.enqueue(reader);
    }
  }

  private enqueue(memo: Memo): void {
    if (!memo.isKept || memo.isQueued) return;
    memo.isQueued = true;
    while (this.queue.length <= memo.height) this.queue.push([]);
    this.queue[memo.height]?.push(memo);
  }

  /** What a computation reads through, whichever it is: reads are noted for the one that runs. */
  private createContext(): QueryContext {
    const input = <T>(cell: Cell<T>): T => {
      if (this.run !== undefined) (this.run.inputs ??= []).push(cell);
      return cell.value;
    };
    return {
      file: (path) => input(this.inputs.file(path)),
      exists: (path) => input(this.inputs.exists(path)),
      filesOfKind: (kind) => input(this.inputs.listing(kind)),
      paths: () => input(this.inputs.paths),
      settings: () => input(this.inputs.settings),
      get: <K, V>(query: Query<K, V>, key: K): V => {
        const memo = this.memoOf(query as Query<unknown, unknown>, key);
        const { run } = this;
        if (memo.isRunning) {
          this.hasLoop = true;
          throw new Error(`query ${query.name} reads itself`);
        }
        // Noted before it is refreshed: what throws has to run again when what made it throw changes.
        if (run === undefined) this.askedOutside(memo);
        else this.noteRead(run, memo);
        this.refresh(memo);
        return valueOf(memo.outcome) as V;
      },
      part: <V>(what: unknown, compute: () => V): V => this.part(what, compute) as V,
    };
  }
}

function remove<T>(list: T[], isUnwanted: (item: T) => boolean): void {
  const rest = list.filter((item) => !isUnwanted(item));
  list.splice(0, list.length, ...rest);
}
