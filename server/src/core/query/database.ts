// Remembers what was computed, and from what: a value is computed again only when something it read has changed.
//
// An update marks the readers of what changed, and nothing else. `settle` then works out the marked values from below, and
// marks the readers of those that came out different: an edit costs what it changes, not what is known. Who asks without
// settling gets the right answer as well: what was asked for is checked down to what changed.
import type { FilePath } from "../text/source-file";
import { Inputs } from "./inputs";
import { createMemo, keep, link, raiseReaders, unlink, type Cell, type Memo, type Outcome } from "./memo";
import type { Query, QueryContext } from "./query";
import type { Workspace } from "./workspace";

/** A computation that runs, and what it has read so far. */
interface Run {
  readonly id: number;
  readonly memo: Memo;
  readonly reads: Memo[];
  readonly inputs: Cell[];
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
    if (memo.isGone || !memo.isDirty) return;
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
      if (memo.readers.size > 0 || memo.isGone) this.loose.delete(memo);
      else if (memo.asked < this.swept || memo.asked < 0) unread.push(...this.forget(memo));
      else {
        this.loose.add(memo); // Its last reader may just have been forgotten.
        if (memo.asked === this.revision) keep(memo);
      }
    }
    this.swept = this.revision;
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
    memo.asked = this.revision;
    this.loose.add(memo);
    this.refresh(memo);
    return valueOf(memo) as V;
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
    const run: Run = { id: ++this.runs, memo, reads: [], inputs: [] };
    this.computed.set(query.name, (this.computed.get(query.name) ?? 0) + 1);
    this.run = run;
    memo.isRunning = true;
    const found = outcomeOf(() => query.compute(this.context, key, old?.value));
    memo.isRunning = false;
    memo.isDirty = false;
    memo.isQueued = false; // Where it waits it may be too high from now on: its readers would be thought settled.
    this.run = outer;
    for (const unread of link(memo, run.reads, run.inputs, run.id)) this.loose.add(unread);
    if (!raiseReaders(memo)) this.hasLoop = true;
    if (memo.isKept) run.reads.forEach(keep);
    if (old !== undefined && isSame(query, old, found)) return;
    memo.outcome = found;
    this.mark(memo.readers);
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
      this.run?.inputs.push(cell);
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
        if (run !== undefined && memo.seenBy !== run.id) {
          memo.seenBy = run.id;
          run.reads.push(memo);
        }
        this.refresh(memo);
        return valueOf(memo) as V;
      },
    };
  }
}

function outcomeOf(compute: () => unknown): Outcome {
  try {
    return { value: compute() };
  } catch (thrown) {
    return { value: undefined, thrown };
  }
}

const isSame = ({ equals }: Query<unknown, unknown>, old: Outcome, found: Outcome): boolean =>
  !("thrown" in old || "thrown" in found) &&
  (old.value === found.value || equals?.(old.value, found.value) === true);

function valueOf({ outcome }: Memo): unknown {
  // Thrown on as it came, whatever it is.

  if (outcome !== undefined && "thrown" in outcome) throw outcome.thrown;
  return outcome?.value;
}

function remove<T>(list: T[], isUnwanted: (item: T) => boolean): void {
  const rest = list.filter((item) => !isUnwanted(item));
  list.splice(0, list.length, ...rest);
}
