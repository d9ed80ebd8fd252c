// All sessions: one for each workspace folder, and one for each of our documents that lies in none.
import { dirname, resolve } from "node:path";
import type { FileKind, FilePath } from "../core/index";
import type { Host } from "../host/host";
import { createNodeHost } from "../host/node-host";
import type { OpenDocument } from "./document";
import { errorText } from "./guard";
import type { EditorSettings } from "./handlers/configuration";
import { fsPathOf, looseName, pathInFolder, uriOfPath } from "./place-document";
import { createPublications, type Publications } from "./publications";
import type { Look } from "./read-anew";
import { Session, type SessionOptions } from "./session";

/** Settings of the editor for a folder; undefined: for documents in no folder. */
export type SettingsFor = (folder: string | undefined) => Promise<EditorSettings>;

export interface SharedOptions extends Omit<SessionOptions, "host" | "uriOf" | "onScan" | "onEvent"> {
  /** What is told of the scan of one folder. */
  readonly createScanProgress: () => SessionOptions["onScan"];
  /** What is told of everything that becomes of a session; `root`: the path of its folder, undefined for a document without one. */
  readonly createListener?: (root: string | undefined) => SessionOptions["onEvent"];
  /** False where only what lies in a folder may be read, whatever its configuration names. */
  readonly readsCheckouts?: boolean;
}

/** An open document in its session. */
export interface Placed {
  readonly session: Session;
  readonly path: FilePath;
}

interface Folder {
  readonly uri: string;
  readonly root: string;
  readonly session: Session;
  readonly ready: Promise<void>;
}

interface Loose extends Placed {
  readonly kind: FileKind;
  readonly ready: Promise<void>;
}

export class Folders {
  private readonly folders = new Map<string, Folder>();
  private readonly byRoot = new Map<string, Folder>();
  private readonly loose = new Map<string, Loose>();
  private readonly documents = new Map<string, OpenDocument>();
  private readonly publications: Publications<Session>;

  constructor(
    private readonly options: SharedOptions,
    private readonly settingsFor: SettingsFor,
  ) {
    this.publications = createPublications((uri) => this.find(uri)?.session, options.publish);
  }

  /** Adds a folder; one that is no `file:` folder can't be read, its documents stand alone. */
  addFolder(uri: string): void {
    const root = fsPathOf(uri);
    if (root === undefined || this.folders.has(uri)) return;
    const host = createNodeHost(root);
    const allowed = this.options.readsCheckouts === false ? withoutCheckouts(host) : host;
    const session = this.createSession(allowed, (path) => uriOfPath(resolve(root, path)));
    const moved = [...this.documents.values()].filter((document) => this.takesOver(root, document.uri));
    for (const document of moved) this.leave(document.uri);
    const ready = this.start(session, uri, (settings) => settings);
    const folder = { uri, root, session, ready };
    this.folders.set(uri, folder);
    this.byRoot.set(rootKey(root), folder);
    for (const document of moved) this.place(document);
    this.publications.reassign();
  }

  removeFolder(uri: string): void {
    const folder = this.folders.get(uri);
    if (folder === undefined) return;
    const moved = [...this.documents.values()].filter(
      (document) => this.find(document.uri)?.session === folder.session,
    );
    this.folders.delete(uri);
    if (this.byRoot.get(rootKey(folder.root)) === folder) this.byRoot.delete(rootKey(folder.root));
    folder.session.dispose();
    for (const document of moved) this.place(document);
    this.publications.reassign();
  }

  setDocument(document: OpenDocument): void {
    this.documents.set(document.uri, document);
    this.place(document);
  }

  document(uri: string): OpenDocument | undefined {
    return this.documents.get(uri);
  }

  closeDocument(uri: string): void {
    this.leave(uri);
    this.documents.delete(uri);
  }

  filesChanged(uris: readonly string[]): void {
    for (const { root, session } of this.folders.values()) {
      const paths = uris.flatMap((uri) => pathInFolder(root, uri) ?? []);
      if (paths.length > 0) session.filesChanged(paths);
    }
  }

  /** Asks for all settings again. */
  async configure(): Promise<void> {
    const folders = [...this.folders.values()].map(async ({ uri, session }) =>
      session.configure(await this.settingsFor(uri)),
    );
    const loose = [...this.loose.values()].map(async ({ session, path, kind }) =>
      session.configure(looseSettings(await this.settingsFor(undefined), path, kind)),
    );
    await Promise.all([...folders, ...loose]);
  }

  /** The session of an open document, once it has read its folder; undefined where the document is none of ours. */
  async placed(uri: string): Promise<Placed | undefined> {
    for (;;) {
      const found = this.find(uri);
      await found?.ready;
      // A folder may have come or gone while that one was read.
      if (found !== undefined && !this.holds(uri, found)) continue;
      return found?.session.isForeign(found.path) === true ? undefined : found;
    }
  }

  /** Whether a document is still where it was found. */
  holds(uri: string, { session }: Placed): boolean {
    return this.find(uri)?.session === session;
  }

  /** Reads all folders again from the beginning, one after the other, until `look` says no. True where all were read. */
  async recheck(look: Look): Promise<boolean> {
    for (const { uri, session, ready } of [...this.folders.values()]) {
      await ready;
      const isDone = await session.recheck(look);
      // One that was closed meanwhile stops nobody.
      if (!isDone && this.folders.get(uri)?.session === session) return false;
    }
    return true;
  }

  /** All sessions, once each has read its folder. */
  async sessions(): Promise<readonly Session[]> {
    await Promise.all(this.all().map(({ ready }) => ready));
    return this.all().map(({ session }) => session);
  }

  dispose(): void {
    for (const { session } of this.all()) session.dispose();
  }

  private all(): readonly { readonly session: Session; readonly ready: Promise<void> }[] {
    return [...this.folders.values(), ...this.loose.values()];
  }

  private createSession(host: Host | undefined, uriOf: SessionOptions["uriOf"]): Session {
    const { createScanProgress, createListener } = this.options;
    const onEvent = createListener?.(host?.root);
    const session: Session = new Session({
      ...this.options,
      host,
      uriOf,
      publish: (diagnostics) => this.publications.publish(session, diagnostics),
      onScan: createScanProgress(),
      onEvent,
    });
    return session;
  }

  /** Never rejects: nobody may be waiting for it. */
  private async start(
    session: Session,
    folder: string | undefined,
    adapt: (settings: EditorSettings) => EditorSettings,
  ): Promise<void> {
    try {
      await session.start(adapt(await this.settingsFor(folder)));
    } catch (error) {
      this.options.log(`reading ${folder ?? "a document"} failed: ${errorText(error)}`);
    }
  }

  private find(uri: string): (Placed & { readonly ready: Promise<void> }) | undefined {
    const folder = this.folderOf(uri);
    const path = folder === undefined ? undefined : pathInFolder(folder.root, uri);
    return folder !== undefined && path !== undefined
      ? { session: folder.session, path, ready: folder.ready }
      : this.loose.get(uri);
  }

  /** The innermost folder that holds an address: asked for each file that is published, so not by looking at all folders. */
  private folderOf(uri: string): Folder | undefined {
    const full = fsPathOf(uri);
    if (full === undefined) return undefined;
    for (let below = full; ;) {
      const above = dirname(below);
      if (above === below) return undefined;
      const found = this.byRoot.get(rootKey(above));
      if (found !== undefined) return found;
      below = above;
    }
  }

  private takesOver(root: string, uri: string): boolean {
    return pathInFolder(root, uri) !== undefined && (this.folderOf(uri)?.root.length ?? 0) < root.length;
  }

  private place(document: OpenDocument): void {
    const folder = this.folderOf(document.uri);
    const path = folder === undefined ? undefined : pathInFolder(folder.root, document.uri);
    if (folder !== undefined && path !== undefined) folder.session.setDocument(path, document);
    else this.placeLoose(document);
  }

  private placeLoose(document: OpenDocument): void {
    const known = this.loose.get(document.uri);
    const name = looseName(document);
    if (known !== undefined && name?.path === known.path) {
      known.session.setDocument(known.path, document, known.kind);
      return;
    }
    this.leave(document.uri);
    if (name === undefined) return;
    const session = this.createSession(undefined, () => document.uri);
    const ready = this.start(session, undefined, (settings) => looseSettings(settings, name.path, name.kind));
    this.loose.set(document.uri, { session, ...name, ready });
    session.setDocument(name.path, document, name.kind);
  }

  private leave(uri: string): void {
    const found = this.find(uri);
    if (found === undefined) return;
    if (this.loose.delete(uri)) found.session.dispose();
    else found.session.closeDocument(found.path);
  }
}

/** Equal for two ways of writing one folder. */
const rootKey = (root: string): string =>
  process.platform === "win32" ? resolve(root).toLowerCase() : resolve(root);

/** A pipeline that stands alone is its own entry, whatever it is called. */
function looseSettings(settings: EditorSettings, path: FilePath, kind: FileKind): EditorSettings {
  return kind === "gitlab-ci" ? { ...settings, entry: [path] } : settings;
}

/** A host that finds nothing outside of its root, not even where the configuration in the root sends it. */
const withoutCheckouts = (host: Host): Host => ({
  ...host,
  checkout: (folder) => ({
    ...host.checkout(folder),
    read: () => ({ skipped: "absent" }),
    exists: () => undefined,
  }),
});
