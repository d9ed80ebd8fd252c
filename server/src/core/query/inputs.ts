// What queries read of the workspace itself, one cell for each thing that was read, present or absent: so a file that
// appears is noticed like one that changes.
import { isOutside } from "../text/paths";
import type { FileKind, FilePath, SourceFile } from "../text/source-file";
import type { Settings } from "../settings/settings";
import type { Cell } from "./memo";
import type { Workspace } from "./workspace";

export class Inputs {
  private readonly files = new Map<FilePath, Cell<SourceFile | undefined>>();
  private readonly existing = new Map<FilePath, Cell<boolean | undefined>>();
  private readonly listings = new Map<FileKind, Cell<readonly FilePath[]>>();
  readonly paths: Cell<Workspace["paths"]>;
  readonly settings: Cell<Settings>;

  constructor(private current: Workspace) {
    this.paths = cell(current.paths);
    this.settings = cell(current.settings);
  }

  /** Replaces the workspace; calls `changed` for each cell whose value is another now. */
  update(workspace: Workspace, changed: (cell: Cell) => void): void {
    const old = this.current;
    this.current = workspace;
    const set = <T>(cell: Cell<T>, value: T): void => {
      if (cell.value === value) return;
      cell.value = value;
      changed(cell);
    };
    refresh(this.files, (path, file) => set(file, workspace.files.get(path)));
    refresh(this.listings, (kind, listing) => set(listing, this.list(kind, listing.value)));
    if (old.paths !== workspace.paths) {
      refresh(this.existing, (path, known) => set(known, workspace.paths?.has(path)));
      set(this.paths, workspace.paths);
    }
    set(this.settings, workspace.settings);
  }

  file = (path: FilePath): Cell<SourceFile | undefined> =>
    cellIn(this.files, path, () => this.current.files.get(path));

  exists = (path: FilePath): Cell<boolean | undefined> =>
    cellIn(this.existing, path, () => this.current.paths?.has(path));

  listing = (kind: FileKind): Cell<readonly FilePath[]> =>
    cellIn(this.listings, kind, () => this.list(kind, undefined));

  /** Forgets who read what. */
  clear(): void {
    this.files.clear();
    this.existing.clear();
    this.listings.clear();
    this.paths.readers.clear();
    this.settings.readers.clear();
  }

  /** Files that are read, that are not loaded, and that the repository has or may have. */
  wanted(): ReadonlySet<FilePath> {
    const wanted = new Set<FilePath>();
    for (const [path, { value, readers }] of this.files) {
      // The listing is of the repository alone; of what lies outside, the host knows.
      const mayExist = isOutside(path) || this.current.paths?.has(path) !== false;
      if (value === undefined && readers.size > 0 && mayExist) wanted.add(path);
    }
    return wanted;
  }

  /** The same array as long as the same files are there. */
  private list(kind: FileKind, known: readonly FilePath[] | undefined): readonly FilePath[] {
    const found: FilePath[] = [];
    for (const file of this.current.files.values()) if (file.kind === kind) found.push(file.path);
    found.sort();
    const isSame = known?.length === found.length && found.every((path, at) => path === known[at]);
    return isSame ? known : found;
  }
}

const cell = <T>(value: T): Cell<T> => ({ value, readers: new Set() });

function cellIn<K, T>(cells: Map<K, Cell<T>>, key: K, valueOf: () => T): Cell<T> {
  let found = cells.get(key);
  if (found === undefined) cells.set(key, (found = cell(valueOf())));
  return found;
}

/** Looks at each cell again; forgets those that nobody reads. */
function refresh<K, T>(cells: Map<K, Cell<T>>, look: (key: K, cell: Cell<T>) => void): void {
  for (const [key, each] of cells) {
    if (each.readers.size === 0) cells.delete(key);
    else look(key, each);
  }
}
