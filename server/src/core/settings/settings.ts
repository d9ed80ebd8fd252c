// What a user can set, the same in the repository's `.gitlab-ci-docker.yml`, in the editor and on the command line.
import type { FilePath } from "../text/source-file";

export type Severity = "error" | "warning" | "info" | "hint";

export type Executor =
  | "docker"
  | "docker+machine"
  | "docker-autoscaler"
  | "docker-windows"
  | "kubernetes"
  | "shell"
  | "ssh"
  | "instance"
  | "virtualbox"
  | "parallels"
  | "custom";

export interface RuleSetting {
  readonly severity: Severity | "off" | undefined;
  readonly options: Readonly<Record<string, unknown>>;
}

/** What no file of the repository can say about a runner. */
export interface RunnerSetting {
  /** Tags that a job must have, all of them; empty: jobs without tags. */
  readonly tags: readonly string[];
  /** Undefined: not said. */
  readonly executor: Executor | undefined;
  readonly privileged: boolean | undefined;
  readonly volumes: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
}

export interface Settings {
  readonly rules: ReadonlyMap<string, RuleSetting>;
  readonly runners: readonly RunnerSetting[];
  readonly variables: { readonly known: readonly string[]; readonly protected: readonly string[] };
  /** Checkouts that stand in for `include:project` and `include:component`: project path -> folder. */
  readonly includeProjects: ReadonlyMap<string, string>;
  /** Pipeline files to start from; empty: found by name. */
  readonly entry: readonly FilePath[];
  /** The docker version that fixes insert. */
  readonly dockerVersion: string;
  /** Globs of paths that are not checked. */
  readonly ignore: readonly string[];
}

export const DEFAULT_SETTINGS: Settings = Object.freeze({
  rules: new Map<string, RuleSetting>(),
  runners: [],
  variables: { known: [], protected: [] },
  includeProjects: new Map<string, string>(),
  entry: [],
  dockerVersion: "29.6.2",
  ignore: [],
});
