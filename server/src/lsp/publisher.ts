// Publishes reports as diagnostics, file by file, and only what changed. Remembers what the client was told.
import type { Diagnostic } from "vscode-languageserver";
import type { FilePath, Report } from "../core/index";
import { findingDiagnostic, problemDiagnostic, type Speech } from "./convert";
import type { OpenDocument } from "./document";
import type { IsLeft } from "./neighbours";

export interface PublishedDiagnostics {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: Diagnostic[];
}

export interface PublisherOptions {
  readonly send: (diagnostics: PublishedDiagnostics) => void;
  readonly document: (path: FilePath) => OpenDocument | undefined;
  readonly isLeft: IsLeft;
}

export interface Publisher {
  /**
   * Publishes what is new. `touched`: documents that are published in any case, because they were edited: the client has moved
   * its marks with the text, and they may be wrong now.
   */
  publish(report: Report, speech: Speech, touched: ReadonlySet<FilePath>): void;
  /** Takes back everything that was published. */
  withdraw(): void;
}

export function createPublisher({ send, document, isLeft }: PublisherOptions): Publisher {
  const published = new Map<FilePath, { readonly uri: string; readonly text: string }>();
  const publishFile = (path: FilePath, uri: string, diagnostics: Diagnostic[], isTouched: boolean): void => {
    const text = JSON.stringify(diagnostics);
    const before = published.get(path);
    if (before !== undefined && before.uri !== uri) send({ uri: before.uri, diagnostics: [] });
    const isSame = before?.uri === uri && before.text === text;
    if (diagnostics.length === 0) published.delete(path);
    else published.set(path, { uri, text });
    if (isSame && !isTouched) return;
    const version = document(path)?.version;
    send({ uri, diagnostics, ...(version === undefined ? {} : { version }) });
  };
  return {
    publish(report, speech, touched) {
      const byFile = diagnosticsByFile(report, speech, (problem) =>
        isLeft(problem, document(problem.at.file)),
      );
      for (const path of new Set([...published.keys(), ...touched, ...byFile.keys()])) {
        publishFile(path, speech.uriOf(path), byFile.get(path) ?? [], touched.has(path));
      }
    },
    withdraw() {
      for (const { uri } of published.values()) send({ uri, diagnostics: [] });
      published.clear();
    },
  };
}

function diagnosticsByFile(
  { problems, findings }: Report,
  speech: Speech,
  isLeft: (problem: Report["problems"][number]) => boolean,
): ReadonlyMap<FilePath, Diagnostic[]> {
  const byFile = new Map<FilePath, Diagnostic[]>();
  const add = (path: FilePath, diagnostic: Diagnostic): void => {
    const list = byFile.get(path);
    if (list === undefined) byFile.set(path, [diagnostic]);
    else list.push(diagnostic);
  };
  for (const problem of problems)
    if (!isLeft(problem)) add(problem.at.file, problemDiagnostic(problem, speech));
  for (const finding of findings) add(finding.at.file, findingDiagnostic(finding, speech));
  return byFile;
}
