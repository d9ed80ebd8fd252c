// One workspace folder (or one document without a folder): its files, the open ones above those on disk, its analysis,
// and what was published last.
import {
  DEFAULT_SETTINGS,
  type Analysis,
  type FileKind,
  type FilePath,
  type Finding,
  type Report,
  type Workspace,
} from "../core/index";
import { kindByName } from "../host/file-kind";
import type { Host } from "../host/host";
import { createLoader, type Loader } from "../host/load";
import { locationOf, type Speech } from "./convert";
import type { OpenDocument } from "./document";
import { errorText, type Log } from "./guard";
import type { EditorSettings } from "./handlers/configuration";
import type { IsLeft } from "./neighbours";
import { pauseAfter } from "./pause";
import { createPublisher, type PublishedDiagnostics, type Publisher } from "./publisher";
import { readAnew, type Look } from "./read-anew";
import type { CheckReason, SessionEvent } from "./session-event";

export interface SessionOptions {
  /** Undefined: nothing but open documents. */
  readonly host: Host | undefined;
  readonly createAnalysis: (workspace: Workspace) => Analysis;
  readonly publish: (diagnostics: PublishedDiagnostics) => void;
  readonly log: Log;
  /** How the client wants to be spoken to. */
  readonly speech: Omit<Speech, "file" | "uriOf">;
  /** The address of a file that is not open. */
  readonly uriOf: (path: FilePath) => string;
  /** Milliseconds to wait after an edit for the next one; undefined: by how long an analysis takes. */
  readonly debounce: number | undefined;
  /** Called now and then during the first scan, with the number of files so far; undefined when it has ended. */
  readonly onScan: (files: number | undefined) => void;
  /** Which problems others say; undefined: none. */
  readonly isLeft?: IsLeft;
  /** Told what became of the session: for those who show or log it. */
  readonly onEvent?: ((event: SessionEvent) => void) | undefined;
}

/** Milliseconds of work between two looks at what the client wants. */
const SLICE = 10;

export class Session {
  private loader: Loader;
  private analysis: Analysis;
  /** What is read anew beside it, to take its place. */
  private next: Loader | undefined;
  /** As they were given last: what is shown beside the text is up to them. */
  settings: EditorSettings = DEFAULT_SETTINGS;
  private reason: CheckReason = "start";
  private readonly open = new Map<FilePath, OpenDocument>();
  /** Documents that were edited since they were published. */
  private readonly touched = new Set<FilePath>();
  private readonly publisher: Publisher;
  private timer: NodeJS.Timeout | undefined;
  private report: Report | undefined;
  /** Milliseconds of the last analysis. */
  private lastTook = Infinity;
  /** Whether the report is out of date. */
  private isDirty = true;
  /** Whether the analysis has not heard of the last change yet. */
  private isBehind = true;
  private isClosed = false;
  private isReady = false;

  constructor(private readonly options: SessionOptions) {
    this.loader = createLoader({ host: options.host, settings: DEFAULT_SETTINGS });
    this.analysis = options.createAnalysis(this.loader.workspace());
    this.publisher = createPublisher({
      send: options.publish,
      document: (path) => this.open.get(path),
      isLeft: options.isLeft ?? (() => false),
    });
  }

  /** How places of this folder are said. */
  get speech(): Speech {
    return {
      ...this.options.speech,
      file: (path) => this.loader.file(path),
      uriOf: (path) => this.uriOf(path),
    };
  }

  /** Reads the folder and publishes. Lets the client speak in between. */
  async start(settings: EditorSettings): Promise<void> {
    this.settings = settings;
    this.loader.configure(settings);
    this.options.onEvent?.({ kind: "busy" });
    try {
      await this.scan();
    } finally {
      this.options.onScan(undefined);
    }
    if (this.isClosed) return;
    this.loader.remarks().forEach((remark) => this.options.log(remark));
    this.isReady = true;
    this.refresh();
  }

  /**
   * Reads the folder again from the beginning, forgetting all that is known of it, and publishes. False where `look` stopped it, or
   * where there is no folder: then everything stays as it was. Answers questions and follows edits meanwhile.
   */
  async recheck(look: Look): Promise<boolean> {
    const { host, createAnalysis, onEvent } = this.options;
    if (host === undefined || !this.isReady || this.isClosed || this.next !== undefined) return false;
    const loader = createLoader({ host, settings: this.settings });
    for (const [path, { text }] of this.open) loader.setOverlay(path, { text });
    const analysis = createAnalysis(loader.workspace());
    this.next = loader;
    onEvent?.({ kind: "busy" });
    try {
      if (!(await readAnew(loader, analysis, look)) || this.isGone()) return false;
      this.loader = loader;
      this.analysis = analysis;
      this.reason = "recheck";
    } finally {
      this.next = undefined;
      this.refresh();
    }
    return true;
  }

  /** Asked behind a pause, in which anything may have happened. */
  private isGone(): boolean {
    return this.isClosed;
  }

  private async scan(): Promise<void> {
    let sliceEnd = performance.now() + SLICE;
    for (const files of this.loader.scan()) {
      if (performance.now() < sliceEnd) continue;
      this.options.onScan(files);
      await new Promise((resume) => setImmediate(resume));
      if (this.isClosed) return;
      sliceEnd = performance.now() + SLICE;
    }
  }

  setDocument(path: FilePath, document: OpenDocument, kind?: FileKind): void {
    const isNew = !this.open.has(path);
    this.open.set(path, document);
    const overlay = { text: document.text, ...(kind === undefined ? {} : { kind }) };
    this.loader.setOverlay(path, overlay);
    this.next?.setOverlay(path, overlay);
    this.touched.add(path);
    this.schedule(isNew ? 0 : this.pause());
  }

  closeDocument(path: FilePath): void {
    this.open.delete(path);
    this.touched.delete(path);
    this.loader.setOverlay(path, undefined);
    this.next?.setOverlay(path, undefined);
    this.schedule(0);
  }

  document(path: FilePath): OpenDocument | undefined {
    return this.open.get(path);
  }

  /** Files or folders were created, changed or deleted on disk. */
  filesChanged(paths: readonly FilePath[]): void {
    this.next?.changed(paths);
    if (this.loader.changed(paths)) this.schedule(this.pause());
  }

  configure(settings: EditorSettings): void {
    this.settings = settings;
    this.loader.configure(settings);
    this.next?.configure(settings);
    this.schedule(0);
  }

  /** The findings of a file as it stands now, edits of this moment included. */
  findingsOf(path: FilePath): readonly Finding[] {
    if (this.isDirty) this.refresh();
    return this.report?.findings.filter((finding) => finding.at.file === path) ?? [];
  }

  /** Whether the analysis reads a file: as a pipeline, or because one includes it. */
  isRead(path: FilePath): boolean {
    // An edit of this moment, in another file, may change that; the report behind it will tell.
    if (this.report === undefined && this.isDirty) this.refresh();
    return this.report?.files.includes(path) ?? false;
  }

  /** Whether a file is YAML that no pipeline reads, and that is not called like one: a manifest, a playbook. */
  isForeign(path: FilePath): boolean {
    const isYaml = this.loader.file(path)?.kind === "gitlab-ci";
    return isYaml && kindByName(path) !== "gitlab-ci" && !this.isRead(path);
  }

  /** Asks the analysis about everything as it stands now, edits of this moment included. Waits for no report. */
  ask<T>(question: (analysis: Analysis) => T): T {
    for (;;) {
      if (this.isBehind && this.isReady) this.loader.prepare(this.analysis);
      this.isBehind = false;
      const answer = question(this.analysis);
      // The report that is still to come would have asked for these files.
      if (!this.isDirty || !this.loader.loadWanted(this.analysis.wanted())) return answer;
      this.isBehind = true;
    }
  }

  /** The same, once the files have been read that the question itself wants: those that no report asks for. */
  askWhole<T>(question: (analysis: Analysis) => T): T {
    for (;;) {
      const answer = this.ask(question);
      if (!this.loader.loadWanted(this.analysis.wanted())) return answer;
      this.isDirty = true;
      this.isBehind = true;
    }
  }

  /** Takes back everything that was published. */
  dispose(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.options.onEvent?.({ kind: "closed" });
    this.publisher.withdraw();
  }

  private uriOf(path: FilePath): string {
    return this.open.get(path)?.uri ?? this.options.uriOf(path);
  }

  private pause(): number {
    return this.options.debounce ?? pauseAfter(this.lastTook);
  }

  private schedule(delay: number): void {
    this.isDirty = true;
    this.isBehind = true;
    clearTimeout(this.timer);
    if (!this.isClosed) this.timer = setTimeout(() => this.refresh(), delay);
  }

  /** Analyses and publishes now. Keeps what was published where the analysis fails. */
  private refresh(): void {
    if (!this.isReady || this.isClosed) return;
    clearTimeout(this.timer);
    this.isDirty = false;
    this.isBehind = false;
    const started = performance.now();
    try {
      this.report = this.loader.settle(this.analysis);
      for (const { rule, subject, error } of this.report.faults)
        this.options.log(`rule ${rule} failed on ${subject}: ${error}`);
      this.publisher.publish(this.report, this.speech, this.touched);
      this.touched.clear();
      this.lastTook = performance.now() - started;
      this.tell(this.report, this.lastTook);
    } catch (error) {
      this.options.onEvent?.({ kind: "failed" });
      this.options.log(`analysis failed: ${errorText(error)}`);
      // What was half computed is not to be trusted, and the places of the last report are those of another text.
      this.report = undefined;
      this.analysis = this.options.createAnalysis(this.loader.workspace());
    }
  }

  private tell(report: Report, milliseconds: number): void {
    const { onEvent } = this.options;
    if (onEvent === undefined) return;
    const { reason, speech } = this;
    this.reason = "change";
    const pipelines = this.analysis.pipelines();
    onEvent({
      kind: "checked",
      reason,
      report,
      pipelines,
      milliseconds,
      locate: (at) => locationOf(at, speech),
    });
  }
}
