// Remembers what was computed, and from what: a value is computed again only when something it read has changed.
// Reads are recorded whether the thing read was present or absent, so a file that appears is noticed like one that
// changes. There is nothing to invalidate by hand.
import { isOutside } from "../text/paths";
import type { FileKind, FilePath, SourceFile } from "../text/source-file";
import type { Settings } from "../settings/settings";
import type { Workspace } from "./workspace";

export interface Query<K, V> {
  readonly name: string;
  /** Pure: reads only through `ctx`. `previous` is the value of an older revision, for reuse of its parts. */
  readonly compute: (ctx: QueryContext, key: K, previous: V | undefined) => V;
  /** A new value that equals the old one is dropped for it, so that readers need not run again. */
  readonly equals?: (a: V, b: V) => boolean;
  /** The value while it is being computed already (a cycle in the user's files). Without it a cycle is our fault. */
  readonly cycle?: (key: K) => V;
}

export interface QueryContext {
  /** A loaded file; undefined when it is not loaded, which also says that it is wanted if it exists. */
  file(path: FilePath): SourceFile | undefined;
  /** Whether the repository has the file; undefined where nothing can be listed. */
  exists(path: FilePath): boolean | undefined;
  /** Paths of the loaded files of a kind, sorted. The host loads every Dockerfile and runner configuration it finds. */
  filesOfKind(kind: FileKind): readonly FilePath[];
  /** All paths of the repository, for globs and directories; undefined where nothing can be listed. */
  paths(): ReadonlySet<FilePath> | undefined;
  /** Settings of the editor or the command line. */
  settings(): Settings;
  get<K, V>(query: Query<K, V>, key: K): V;
}

export const defineQuery = <K, V>(query: Query<K, V>): Query<K, V> => query;

type Read =
  | { readonly kind: "file"; readonly path: FilePath; readonly value: SourceFile | undefined }
  | { readonly kind: "exists"; readonly path: FilePath; readonly value: boolean | undefined }
  | { readonly kind: "listing"; readonly of: FileKind; readonly value: readonly FilePath[] }
  | { readonly kind: "paths"; readonly value: ReadonlySet<FilePath> | undefined }
  | { readonly kind: "settings"; readonly value: Settings }
  | { readonly kind: "query"; readonly memo: Memo; readonly value: unknown };

interface Memo {
  readonly query: Query<unknown, unknown>;
  readonly key: unknown;
  value: unknown;
  reads: readonly Read[];
  /** Revision at which the value was last known to be right. */
  verified: number;
  running: boolean;
}

export class Database {
  private current: Workspace;
  private revision = 0;
  /** Of the computation that runs. */
  private reads: Read[] = [];
  private readonly context = this.createContext();
  private readonly memos = new Map<Query<unknown, unknown>, Map<unknown, Memo>>();
  private readonly missing = new Set<FilePath>();
  private readonly listings = new Map<FileKind, { revision: number; paths: readonly FilePath[] }>();
  /** How often each query was computed, by name: for tests and the bench. */
  readonly computed = new Map<string, number>();

  constructor(workspace: Workspace) {
    this.current = workspace;
  }

  /** Replaces the input. Nothing is computed until it is asked for. */
  update(workspace: Workspace): void {
    this.current = workspace;
    this.missing.clear();
    this.revision += 1;
  }

  /** Files that were asked for and are not loaded, although the repository has them (or may have them). */
  wanted(): ReadonlySet<FilePath> {
    return this.missing;
  }

  /**
   * Forgets what was not asked for since the last update. To be called when everything that counts was asked for: then
   * memory does not grow with edits, and what an edit made old is soon garbage.
   */
  sweep(): void {
    for (const byKey of this.memos.values()) {
      for (const [key, memo] of byKey) if (memo.verified !== this.revision) byKey.delete(key);
    }
  }

  /** Number of values that are remembered. */
  get size(): number {
    return [...this.memos.values()].reduce((sum, byKey) => sum + byKey.size, 0);
  }

  get<K, V>(query: Query<K, V>, key: K): V {
    const memo = this.memoOf(query as Query<unknown, unknown>, key);
    this.refresh(memo);
    return memo.value as V;
  }

  private memoOf(query: Query<unknown, unknown>, key: unknown): Memo {
    let byKey = this.memos.get(query);
    if (byKey === undefined) this.memos.set(query, (byKey = new Map<unknown, Memo>()));
    let memo = byKey.get(key);
    if (memo === undefined) {
      memo = { query, key, value: undefined, reads: [], verified: -1, running: false };
      byKey.set(key, memo);
    }
    return memo;
  }

  private refresh(memo: Memo): void {
    if (memo.running) {
      if (memo.query.cycle === undefined) throw new Error(`query ${memo.query.name} reads itself`);
      memo.value = memo.query.cycle(memo.key);
      return;
    }
    if (memo.verified === this.revision) return;
    const first = memo.verified === -1;
    memo.running = true;
    try {
      if (first || !memo.reads.every((read) => this.isFresh(read))) this.compute(memo, first);
      memo.verified = this.revision;
    } finally {
      memo.running = false;
    }
  }

  private compute(memo: Memo, first: boolean): void {
    const previous = memo.value;
    const outer = this.reads;
    const reads: Read[] = [];
    this.computed.set(memo.query.name, (this.computed.get(memo.query.name) ?? 0) + 1);
    let value: unknown;
    this.reads = reads;
    try {
      value = memo.query.compute(this.context, memo.key, first ? undefined : previous);
    } finally {
      this.reads = outer;
    }
    memo.reads = reads;
    memo.value = !first && memo.query.equals?.(previous, value) === true ? previous : value;
  }

  private isFresh(read: Read): boolean {
    switch (read.kind) {
      case "file":
        return this.readFile(read.path) === read.value;
      case "exists":
        return this.current.paths?.has(read.path) === read.value;
      case "listing":
        return this.listing(read.of) === read.value;
      case "paths":
        return this.current.paths === read.value;
      case "settings":
        return this.current.settings === read.value;
      case "query":
        this.refresh(read.memo);
        return read.memo.value === read.value;
    }
  }

  private readFile(path: FilePath): SourceFile | undefined {
    const file = this.current.files.get(path);
    // The listing is of the repository alone; of what lies outside, the host knows.
    const mayExist = isOutside(path) || this.current.paths?.has(path) !== false;
    if (file === undefined && mayExist) this.missing.add(path);
    return file;
  }

  /** The same array as long as the same files are there. */
  private listing(kind: FileKind): readonly FilePath[] {
    const known = this.listings.get(kind);
    if (known?.revision === this.revision) return known.paths;
    const found = [...this.current.files.values()]
      .filter((file) => file.kind === kind)
      .map((file) => file.path);
    found.sort();
    const isSame =
      known !== undefined &&
      known.paths.length === found.length &&
      found.every((path, at) => path === known.paths[at]);
    const paths = isSame ? known.paths : found;
    this.listings.set(kind, { revision: this.revision, paths });
    return paths;
  }

  /** What a computation reads through, whichever it is: reads are noted for the one that runs. */
  private createContext(): QueryContext {
    return {
      file: (path) => {
        const value = this.readFile(path);
        this.reads.push({ kind: "file", path, value });
        return value;
      },
      exists: (path) => {
        const value = this.current.paths?.has(path);
        this.reads.push({ kind: "exists", path, value });
        return value;
      },
      filesOfKind: (kind) => {
        const value = this.listing(kind);
        this.reads.push({ kind: "listing", of: kind, value });
        return value;
      },
      paths: () => {
        this.reads.push({ kind: "paths", value: this.current.paths });
        return this.current.paths;
      },
      settings: () => {
        this.reads.push({ kind: "settings", value: this.current.settings });
        return this.current.settings;
      },
      get: <K, V>(query: Query<K, V>, key: K): V => {
        const memo = this.memoOf(query as Query<unknown, unknown>, key);
        this.refresh(memo);
        this.reads.push({ kind: "query", memo, value: memo.value });
        return memo.value as V;
      },
    };
  }
}
