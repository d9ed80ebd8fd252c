// One workspace folder (or one document without a folder): its files, the open ones above those on disk, its analysis,
// and what was published last.
import type { Diagnostic } from "vscode-languageserver";
import {
  DEFAULT_SETTINGS,
  type Analysis,
  type FileKind,
  type FilePath,
  type Finding,
  type Report,
  type Settings,
  type Workspace,
} from "../core/index";
import type { Host } from "../host/host";
import { createLoader, type Loader } from "../host/load";
import { findingDiagnostic, problemDiagnostic, type Speech } from "./convert";
import type { OpenDocument } from "./document";
import { errorText, type Log } from "./guard";

export interface PublishedDiagnostics {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: Diagnostic[];
}

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
  /** Milliseconds to wait after an edit for the next one. */
  readonly debounce: number;
  /** Called now and then during the first scan, with the number of files so far; undefined when it has ended. */
  readonly onScan: (files: number | undefined) => void;
}

/** Milliseconds of work between two looks at what the client wants. */
const SLICE = 10;

export class Session {
  private readonly loader: Loader;
  private analysis: Analysis;
  private readonly open = new Map<FilePath, OpenDocument>();
  /** Documents that were edited since they were published. */
  private readonly touched = new Set<FilePath>();
  private readonly published = new Map<FilePath, { readonly uri: string; readonly text: string }>();
  private timer: NodeJS.Timeout | undefined;
  private report: Report | undefined;
  private isDirty = true;
  private isClosed = false;
  private isReady = false;

  constructor(private readonly options: SessionOptions) {
    this.loader = createLoader({ host: options.host, settings: DEFAULT_SETTINGS });
    this.analysis = options.createAnalysis(this.loader.workspace());
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
  async start(settings: Settings): Promise<void> {
    this.loader.configure(settings);
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
    this.loader.setOverlay(path, { text: document.text, ...(kind === undefined ? {} : { kind }) });
    this.touched.add(path);
    this.schedule(isNew ? 0 : this.options.debounce);
  }

  closeDocument(path: FilePath): void {
    this.open.delete(path);
    this.touched.delete(path);
    this.loader.setOverlay(path, undefined);
    this.schedule(0);
  }

  document(path: FilePath): OpenDocument | undefined {
    return this.open.get(path);
  }

  /** Files or folders were created, changed or deleted on disk. */
  filesChanged(paths: readonly FilePath[]): void {
    if (this.loader.changed(paths)) this.schedule(this.options.debounce);
  }

  configure(settings: Settings): void {
    this.loader.configure(settings);
    this.schedule(0);
  }

  /** The findings of a file as it stands now, edits of this moment included. */
  findingsOf(path: FilePath): readonly Finding[] {
    if (this.isDirty) this.refresh();
    return this.report?.findings.filter((finding) => finding.at.file === path) ?? [];
  }

  /** Whether the analysis reads a file: as a pipeline, or because one includes it. */
  isRead(path: FilePath): boolean {
    if (this.isDirty) this.refresh();
    return this.report?.files.includes(path) ?? false;
  }

  /** Asks the analysis about everything as it stands now, edits of this moment included. */
  ask<T>(question: (analysis: Analysis) => T): T {
    if (this.isDirty) this.refresh();
    return question(this.analysis);
  }

  /** The same, once the files have been read that the question itself wants: those that no report asks for. */
  askWhole<T>(question: (analysis: Analysis) => T): T {
    for (;;) {
      const answer = this.ask(question);
      if (!this.loader.loadWanted(this.analysis.wanted())) return answer;
      this.isDirty = true;
    }
  }

  /** Takes back everything that was published. */
  dispose(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    for (const { uri } of this.published.values()) this.options.publish({ uri, diagnostics: [] });
    this.published.clear();
  }

  private uriOf(path: FilePath): string {
    return this.open.get(path)?.uri ?? this.options.uriOf(path);
  }

  private schedule(delay: number): void {
    this.isDirty = true;
    clearTimeout(this.timer);
    if (!this.isClosed) this.timer = setTimeout(() => this.refresh(), delay);
  }

  /** Analyses and publishes now. Keeps what was published where the analysis fails. */
  private refresh(): void {
    if (!this.isReady || this.isClosed) return;
    clearTimeout(this.timer);
    this.isDirty = false;
    try {
      this.report = this.loader.settle(this.analysis);
      this.publishAll(this.report);
    } catch (error) {
      this.options.log(`analysis failed: ${errorText(error)}`);
      // What was half computed is not to be trusted, and the places of the last report are those of another text.
      this.report = undefined;
      this.analysis = this.options.createAnalysis(this.loader.workspace());
    }
  }

  private publishAll(report: Report): void {
    for (const { rule, subject, error } of report.faults)
      this.options.log(`rule ${rule} failed on ${subject}: ${error}`);
    const byFile = this.diagnosticsByFile(report);
    for (const path of new Set([...this.published.keys(), ...this.touched, ...byFile.keys()])) {
      this.publishFile(path, byFile.get(path) ?? []);
    }
    this.touched.clear();
  }

  private diagnosticsByFile(report: Report): ReadonlyMap<FilePath, Diagnostic[]> {
    const { speech } = this;
    const byFile = new Map<FilePath, Diagnostic[]>();
    const add = (path: FilePath, diagnostic: Diagnostic): void => {
      const list = byFile.get(path);
      if (list === undefined) byFile.set(path, [diagnostic]);
      else list.push(diagnostic);
    };
    for (const problem of report.problems) add(problem.at.file, problemDiagnostic(problem, speech));
    for (const finding of report.findings) add(finding.at.file, findingDiagnostic(finding, speech));
    return byFile;
  }

  /** An edited document is always published: the client has moved its marks with the text, and they may be wrong now. */
  private publishFile(path: FilePath, diagnostics: Diagnostic[]): void {
    const uri = this.uriOf(path);
    const text = JSON.stringify(diagnostics);
    const before = this.published.get(path);
    if (before !== undefined && before.uri !== uri)
      this.options.publish({ uri: before.uri, diagnostics: [] });
    const isSame = before?.uri === uri && before.text === text;
    if (diagnostics.length === 0) this.published.delete(path);
    else this.published.set(path, { uri, text });
    if (isSame && !this.touched.has(path)) return;
    const version = this.open.get(path)?.version;
    this.options.publish({ uri, diagnostics, ...(version === undefined ? {} : { version }) });
  }
}
