// The façade: what the editor, the command line and the tests call.
import type { Workspace } from "./query/workspace";
import type { Finding, Problem } from "./rules/rule";
import type { FilePath } from "./text/source-file";

/** An error of ours inside one rule on one subject; everything else is still reported. */
export interface Fault {
  readonly rule: string;
  readonly subject: string;
  readonly error: string;
}

export interface Report {
  /** Sorted by file, place, rule. */
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
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
  /** Files that the analysis asked for and that are not loaded; the host loads them and calls `update` again. */
  wanted(): ReadonlySet<FilePath>;
  /** How often each query was computed since the start, by name. */
  computed(): ReadonlyMap<string, number>;
}
