// What a query is and what it may read. Values are remembered together with what they were computed from; see `database.ts`.
import type { FileKind, FilePath, SourceFile } from "../text/source-file";
import type { Settings } from "../settings/settings";

export interface Query<K, V> {
  readonly name: string;
  /** Pure: reads only through `ctx`. `previous` is the value of an older revision, for reuse of its parts. */
  readonly compute: (ctx: QueryContext, key: K, previous: V | undefined) => V;
  /** A new value that equals the old one is dropped for it, so that readers need not run again. */
  readonly equals?: (a: V, b: V) => boolean;
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
  /**
   * A part of a query's computation, which is skipped when the query runs again and nothing that the part read has changed.
   * INVARIANT: it reads nothing but `ctx`, and `what` tells it from every other part that may stand at its place in the order.
   */
  part<V>(what: unknown, compute: () => V): V;
}

export const defineQuery = <K, V>(query: Query<K, V>): Query<K, V> => query;
