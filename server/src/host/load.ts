// Loads a workspace: lists the root, reads what is ours from the start, and then whatever the analysis asks for, until
// it asks for nothing more. Keeps each file's text as it is on disk, so that edits can be written back.
import {
  CONFIGURATION_FILE,
  GIT_CONFIG_FILE,
  createSourceFile,
  isOutside,
  outsideCheckouts,
  type Analysis,
  type FileKind,
  type FilePath,
  type Report,
  type Settings,
  type SourceFile,
  type Workspace,
} from "../core/index";
import { isCandidate, isMeant, kindOf } from "./file-kind";
import { filesAt, type Host, type Listing, type ReadResult } from "./host";
import { skipNotices, stoppedNotice, type Skipped } from "./notices";

/** A file's text that counts instead of the one on disk: an open editor, standard input, a fix that is tried out. */
export interface Overlay {
  /** As it would be on disk, or as the editor has it. */
  readonly text: string;
  /** Where the editor knows better than the name: an untitled Dockerfile. */
  readonly kind?: FileKind;
}

/** A workspace and its state. Not a view of the disk: what changed there must be said with `changed`. */
export interface Loader {
  /** Lists the root and reads what is ours; each step yields the number of files so far. */
  scan(): Generator<number, void>;
  /** Brings the analysis up to date as far as which pipelines there are: enough to ask it about one place. */
  prepare(analysis: Analysis): void;
  /** Brings the analysis up to date, reads what it wants, and reports. Calls `scan` first where nobody did. */
  settle(analysis: Analysis): Report;
  /** Reads files that a question to the analysis wanted. True where there is one that counts: then settle and ask again. */
  loadWanted(wanted: ReadonlySet<FilePath>): boolean;
  /** Everything as it stands, for a new analysis. */
  workspace(): Workspace;
  configure(settings: Settings): void;
  setOverlay(path: FilePath, overlay: Overlay | undefined): void;
  /** Says that files, or whole folders, were created, changed or deleted on disk. True where that matters to anybody. */
  changed(paths: readonly FilePath[]): boolean;
  /** The loaded version of a file. */
  file(path: FilePath): SourceFile | undefined;
  /** A loaded file's text with its own line breaks, and whether it may be written. */
  raw(path: FilePath): { readonly text: string; readonly lossless: boolean } | undefined;
  /** What the user should know about the listing as a whole. */
  remarks(): readonly string[];
}

export interface LoaderOptions {
  /** Undefined where there is no folder: then nothing can be listed or read. */
  readonly host: Host | undefined;
  readonly settings: Settings;
  /** A configuration file to use instead of the root's own: its path (below the root, or absolute) and text. */
  readonly configuration?: { readonly path: FilePath; readonly text: string };
  /** More text than this, in UTF-16 units, is not held at a time; 256 Mi unless told. */
  readonly maxText?: number;
  /** Called between rounds and steps with the number of files listed so far. */
  readonly onProgress?: (files: number) => void;
}

interface Loaded {
  readonly raw: string;
  readonly lossless: boolean;
}

/** Each round reads at least one file more; GitLab allows 150 includes, so no chain of files is longer. */
const MAX_ROUNDS = 256;

/** 512 MB, and what is made of it is several times as large. */
const MAX_TEXT = 256 * 1024 * 1024;

export function createLoader(options: LoaderOptions): Loader {
  return new WorkspaceLoader(options);
}

class WorkspaceLoader implements Loader {
  private settings: Settings;
  private listing: Listing | undefined;
  private scanned = false;
  /** Candidates and files that somebody asked for, by path. */
  private readonly loaded = new Map<FilePath, Loaded>();
  private readonly files = new Map<FilePath, SourceFile>();
  private readonly skipped = new Map<FilePath, Skipped>();
  /** UTF-16 units in all of `loaded`. */
  private size = 0;
  /** What changed while the root was being listed, and may have been passed already. */
  private readonly missed = new Set<FilePath>();
  private readonly overlays = new Map<FilePath, Overlay>();
  private readonly requested = new Set<FilePath>();

  constructor(private readonly options: LoaderOptions) {
    this.settings = options.settings;
  }

  *scan(): Generator<number, void> {
    this.scanned = true;
    if (this.options.host !== undefined) this.listing = yield* this.options.host.list("");
    this.placeConfigurations();
    let count = this.listing?.paths.size ?? 0;
    for (const path of this.listing?.paths ?? []) {
      if (!isCandidate(path) || this.files.has(path)) continue;
      this.load(path);
      count += 1;
      if (count % 20 === 0) yield count;
    }
    for (const path of this.overlays.keys()) {
      this.load(path);
      this.list(path, true);
    }
    const missed = [...this.missed];
    this.missed.clear();
    this.changed(missed);
  }

  prepare(analysis: Analysis): void {
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      analysis.update(this.workspace());
      if (!this.loadWanted(analysis.needed())) return;
    }
  }

  settle(analysis: Analysis): Report {
    if (!this.scanned) for (const files of this.scan()) this.options.onProgress?.(files);
    for (let round = 1; ; round += 1) {
      analysis.update(this.workspace());
      if (round < MAX_ROUNDS && this.loadWanted(analysis.needed())) continue;
      const report = analysis.report();
      this.options.onProgress?.(this.files.size);
      const isStopped = round >= MAX_ROUNDS;
      if (!isStopped && this.loadWanted(analysis.wanted())) continue;
      const unread = isStopped ? [...analysis.wanted()].filter((path) => !this.requested.has(path)) : [];
      const notices = [...skipNotices(this.skipped), ...stoppedNotice(unread, MAX_ROUNDS)];
      return { ...report, problems: [...notices, ...report.problems] };
    }
  }

  workspace(): Workspace {
    // The map is the loader's own and goes on changing; an analysis looks at it only between `update` and the next one.
    const paths = this.listing?.truncated === true ? undefined : this.listing?.paths;
    return { files: this.files, paths, settings: this.settings };
  }

  configure(settings: Settings): void {
    this.settings = settings;
  }

  setOverlay(path: FilePath, overlay: Overlay | undefined): void {
    const before = this.overlays.get(path);
    if (overlay === undefined) this.overlays.delete(path);
    else this.overlays.set(path, overlay);
    if (!this.scanned) return;
    if (overlay === undefined && before === undefined) return;
    this.load(path);
    this.list(path, overlay !== undefined || this.options.host?.exists(path) === "file");
  }

  changed(paths: readonly FilePath[]): boolean {
    const { host } = this.options;
    if (host === undefined || !this.scanned) return false;
    if (this.listing === undefined) {
      paths.forEach((path) => this.missed.add(path));
      return paths.length > 0;
    }
    const gone = new Set<FilePath>();
    const come = new Set<FilePath>();
    let matters = false;
    for (const path of paths.filter((each) => host.isListed(each))) {
      const now = filesAt(host, path);
      const before = now.includes(path) ? [] : this.listedAt(path);
      before.forEach((each) => gone.add(each));
      for (const each of now) {
        gone.delete(each);
        if (!this.listing.paths.has(each)) come.add(each);
      }
      for (const each of new Set([...now, ...before])) matters = this.reload(each) || matters;
    }
    for (const each of this.overlays.keys()) gone.delete(each);
    if (gone.size + come.size === 0) return matters;
    const left = [...this.listing.paths].filter((each) => !gone.has(each));
    this.listing = { paths: new Set([...left, ...come]), truncated: this.listing.truncated };
    return true;
  }

  file(path: FilePath): SourceFile | undefined {
    return this.files.get(path);
  }

  raw(path: FilePath): { readonly text: string; readonly lossless: boolean } | undefined {
    const loaded = this.loaded.get(path);
    return loaded === undefined ? undefined : { text: loaded.raw, lossless: loaded.lossless };
  }

  remarks(): readonly string[] {
    if (this.listing?.truncated !== true) return [];
    return [
      `The folder holds more than ${this.listing.paths.size} files; nothing is said about files that are missing`,
    ];
  }

  /** The listed file of this path, or else all that lie below it. */
  private listedAt(path: FilePath): readonly FilePath[] {
    const paths = this.listing?.paths ?? new Set();
    return paths.has(path) ? [path] : [...paths].filter((each) => each.startsWith(`${path}/`));
  }

  /** Reads a file again where it is one of ours. What is open in an editor is not looked for on disk. */
  private reload(path: FilePath): boolean {
    const isOurs =
      this.loaded.has(path) || this.requested.has(path) || this.skipped.has(path) || isCandidate(path);
    if (!isOurs || this.overlays.has(path)) return false;
    this.load(path);
    return true;
  }

  /** A file that is only in an editor yet counts as being there. */
  private list(path: FilePath, isThere: boolean): void {
    if (this.listing === undefined || this.listing.paths.has(path) === isThere) return;
    const paths = new Set(this.listing.paths);
    if (isThere) paths.add(path);
    else paths.delete(path);
    this.listing = { ...this.listing, paths };
  }

  loadWanted(wanted: ReadonlySet<FilePath>): boolean {
    // A file of a checkout is looked for again: nobody watches folders outside the root, and settings may change.
    const left = [...wanted].filter((path) => !this.requested.has(path) || isOutside(path));
    left.forEach((path) => this.requested.add(path));
    return left.map((path) => this.load(path)).includes(true);
  }

  /** Takes a file's text from its overlay or the disk. True where there is one that counts. */
  private load(path: FilePath): boolean {
    if (path === CONFIGURATION_FILE && this.options.configuration !== undefined) return false;
    this.forget(path);
    const overlay = this.overlays.get(path);
    const read = overlay === undefined ? this.readFromDisk(path) : { text: overlay.text, lossless: true };
    if (read === undefined) return false;
    if ("text" in read) return this.accept(path, read.text, read.lossless, overlay?.kind);
    // A job may call any program of the repository (`bin/tool`): that one of them can't be read is no news.
    const isNews = read.skipped !== "absent" && (isCandidate(path) || /\.(?:ya?ml|toml)$/i.test(path));
    if (isNews) this.skipped.set(path, read.skipped);
    return false;
  }

  private readFromDisk(path: FilePath): ReadResult | undefined {
    const { host } = this.options;
    return host !== undefined && isOutside(path) ? this.readOutside(host, path) : host?.read(path);
  }

  /**
   * A pipeline file of a checkout that the user named; nothing else outside the root is ever read. It does not count as
   * lossless, so it is never written.
   */
  private readOutside(host: Host, path: FilePath): ReadResult | undefined {
    const folders = outsideCheckouts(this.settings, this.files.get(CONFIGURATION_FILE));
    const folder = folders.find((each) => path.startsWith(`${each}/`));
    if (folder === undefined || !/\.ya?ml$/i.test(path)) return undefined;
    const read = host.checkout(folder).read(path.slice(folder.length + 1));
    return "text" in read ? { ...read, lossless: false } : read;
  }

  /** Takes a file in, unless nobody asked for it and its text says that it is none of ours. */
  private accept(path: FilePath, text: string, lossless: boolean, given: FileKind | undefined): boolean {
    const kind = given ?? kindOf(path, text);
    const isOurs = kind !== "other" && isMeant(path, text);
    if (given === undefined && !isOurs && !this.requested.has(path)) return false;
    if (this.size + text.length > (this.options.maxText ?? MAX_TEXT)) {
      this.skipped.set(path, "no-room");
      return false;
    }
    const file = createSourceFile(path, kind, text);
    this.loaded.set(path, { raw: text, lossless });
    this.size += text.length;
    this.files.set(path, file);
    return true;
  }

  private forget(path: FilePath): void {
    this.size -= this.loaded.get(path)?.raw.length ?? 0;
    this.loaded.delete(path);
    this.files.delete(path);
    this.skipped.delete(path);
  }

  /** Git's own is listed. One from elsewhere stands in for the root's, and keeps its own name in messages. */
  private placeConfigurations(): void {
    const { configuration, host } = this.options;
    if (host?.exists(GIT_CONFIG_FILE) === "file") this.list(GIT_CONFIG_FILE, true);
    if (configuration === undefined) return;
    const file = createSourceFile(configuration.path, "configuration", configuration.text);
    this.files.set(CONFIGURATION_FILE, file);
    this.files.set(configuration.path, file);
    if (this.listing === undefined) return;
    this.listing = { ...this.listing, paths: new Set([...this.listing.paths, CONFIGURATION_FILE]) };
  }
}
