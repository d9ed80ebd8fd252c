// What a report covers.
import type { FilePath } from "./text/source-file";

/** Everything that is looked at: pipelines, their files, Dockerfiles, runner configurations. */
export interface Scope {
  readonly roots: readonly FilePath[];
  readonly ciFiles: readonly FilePath[];
  readonly dockerfiles: readonly FilePath[];
  readonly runnerConfigs: readonly FilePath[];
  /** Files that may hold command lines which register a runner. */
  readonly registering: readonly FilePath[];
}
