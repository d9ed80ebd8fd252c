// GitLab Runner configuration as written in config.toml: runners and their settings, with places.
import type { FilePath } from "../../text/source-file";
import type { TomlFile, TomlTable } from "../../syntax/toml-nodes";
import type { Located, Origin } from "../../text/located";

/** One `[[runners]]` table. */
export interface Runner {
  readonly name: Located<string> | undefined;
  readonly executor: Located<string> | undefined;
  readonly table: TomlTable;
  /** The `[[runners]]` header. */
  readonly at: Origin;
}

export interface RunnerConfig {
  readonly path: FilePath;
  readonly toml: TomlFile;
  readonly runners: readonly Runner[];
}
