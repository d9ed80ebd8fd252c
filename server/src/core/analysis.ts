// The façade: what the editor, the command line and the tests call.
import type { PipelineCommands, ResolvedPipelines } from "./features/answers";
import type { PlaceableJob } from "./features/effective-job";
import type { Completions } from "./features/completion/complete";
import type { Hover } from "./features/hover/hover";
import type { InlayHint } from "./features/inlay-hints/hint";
import type { Lens } from "./features/lenses/lens";
import type { Structure } from "./features/outline/structure";
import type { JobInFile } from "./features/pipelines";
import type { OfferedRefactoring } from "./features/refactorings/refactoring";
import type { Symbols } from "./features/symbols/answers";
import type { Workspace } from "./query/workspace";
import type { WorkspaceProblem } from "./problems";
import type { Fault, Finding } from "./rules/rule";
import type { Place } from "./text/located";
import type { FilePath } from "./text/source-file";

export interface Report {
  /** Sorted by file, place, rule. */
  readonly findings: readonly Finding[];
  readonly problems: readonly WorkspaceProblem[];
  readonly faults: readonly Fault[];
  /** Files that were read, sorted. */
  readonly files: readonly FilePath[];
  /** Number of visible jobs over all pipelines. */
  readonly jobs: number;
  readonly suppressed: number;
}

export interface Analysis {
  /** Replaces the input. Cheap: nothing is computed until asked. */
  update(workspace: Workspace): void;
  /** Everything that is to say about the workspace as it stands. */
  report(): Report;
  /**
   * Files that decide which pipelines there are (the configuration, entries, includes) and that are not loaded yet. A host
   * loads them first: a report over half of a pipeline is thrown away.
   */
  needed(): ReadonlySet<FilePath>;
  /** Files that the analysis asked for and that are not loaded; the host loads them and calls `update` again. */
  wanted(): ReadonlySet<FilePath>;
  /** All pipelines, by their entry files. */
  pipelines(): readonly FilePath[];
  /**
   * Works out what `report` will want of one pipeline. A host that has other things to do calls it for one after the other, and
   * `report` in the end.
   */
  prepare(root: FilePath): void;
  /** The effective jobs of the repository's own pipelines: all visible ones, or those of the names. */
  resolve(names?: readonly string[]): ResolvedPipelines;
  /** The container commands of the same jobs. */
  commands(names?: readonly string[]): PipelineCommands;
  /** The jobs of the pipelines that a file is part of, templates too; none where it is part of no pipeline. */
  jobsAround(file: FilePath): readonly JobInFile<Place>[];
  /** One effective job of a pipeline, by the pipeline's entry file; undefined where it has no job of that name. */
  effectiveJob(root: FilePath, name: string): PlaceableJob | undefined;
  /** What is to say at an offset of a file, as Markdown; undefined where there is nothing. */
  hover(file: FilePath, offset: number): Hover | undefined;
  /** Where names are defined and used, and what renaming them edits. */
  readonly symbols: Symbols;
  /** Links, outline, folds and selections of a file, and names by search. */
  readonly structure: Structure;
  /** What can be done on request at a range of a file, edits included; see `features/refactorings`. */
  refactorings(file: FilePath, start: number, end: number): readonly OfferedRefactoring[];
  /** What is to say above places of a file, and what a click on it opens. */
  lenses(file: FilePath): readonly Lens<Place>[];
  /** What is to say behind values that end in a range of a file. */
  inlayHints(file: FilePath, start: number, end: number): readonly InlayHint<Place>[];
  /** What may be typed at an offset of a file. */
  complete(file: FilePath, offset: number): Completions;
  /** How often each query was computed since the start, by name. */
  computed(): ReadonlyMap<string, number>;
}

export { jsonOf } from "./features/effective-value";
export type {
  Completions,
  Hover,
  InlayHint,
  JobInFile,
  Lens,
  OfferedRefactoring,
  PipelineCommands,
  PlaceableJob,
  ResolvedPipelines,
};
export type { Occurrence, RenameTarget, Symbols } from "./features/symbols/answers";
export type { Refusal } from "./features/symbols/rename-rules";
export type { Fold } from "./features/folding/fold";
export type { DocumentLink } from "./features/links/link";
export type { OutlineItem, OutlineKind } from "./features/outline/outline-item";
export type { FoundName } from "./features/outline/search";
export type { Structure };

export type { Fault };
