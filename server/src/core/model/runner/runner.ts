// GitLab Runner configuration as written in config.toml or in a Helm chart's values: runners and settings, with places.
import type { FilePath } from "../../text/source-file";
import type { TomlFile, TomlTable } from "../../syntax/toml-nodes";
import type { HelmRunners } from "./helm";
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
  /** Set where the TOML stands in the values of the Helm chart. */
  readonly helm: HelmRunners | undefined;
}
