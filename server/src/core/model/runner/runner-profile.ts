// The shape of what is known of a runner.
import type { Executor } from "../../settings/settings";
import type { TomlTable } from "../../syntax/toml-nodes";
import type { Located, Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import type { Runner } from "./runner";

export interface RunnerService {
  readonly name: Located<string>;
  readonly aliases: readonly string[];
  readonly command: readonly string[] | undefined;
  readonly entrypoint: readonly string[] | undefined;
  readonly environment: ReadonlyMap<string, Setting<string>>;
}

export type ProfileSource =
  /** The project configuration or the editor's settings, by tags. */
  | "settings"
  /** The only `[[runners]]` of the workspace. */
  | "config"
  /** The only `gitlab-runner register` in scripts of the workspace. */
  | "register"
  /** GitLab's own runners, by tag. */
  | "preset"
  | "unknown";

export interface RunnerProfile {
  readonly source: ProfileSource;
  /** False: nothing is known; every other field is then empty or undefined. */
  readonly isKnown: boolean;
  /** True where the configuration may be an example (below docs/, examples/, test*; `.example`) or a script: findings drop one step. */
  readonly isDoubtful: boolean;
  /** The configuration file, for messages; undefined for settings, presets and unknown. */
  readonly file: FilePath | undefined;
  readonly name: string | undefined;
  /** The `[[runners]]` table; undefined unless `source` is "config". */
  readonly runner: Runner | undefined;
  /** `[runners.docker]` or `[runners.kubernetes]`: where settings can be added. */
  readonly section: TomlTable | undefined;
  readonly executor: Executor | undefined;
  /** Shell, ssh, instance, virtualbox, parallels: `image` and `services` mean nothing. Undefined: not known. */
  readonly ignoresImages: boolean | undefined;
  /** Where it is not written in a file that could be read whole, this is Runner's default (false). Undefined: not known. */
  readonly privileged: Setting<boolean> | undefined;
  readonly servicesPrivileged: Setting<boolean> | undefined;
  /** Undefined where there is no such list: everything is allowed. */
  readonly allowedPrivilegedImages: readonly Located<string>[] | undefined;
  readonly allowedPrivilegedServices: readonly Located<string>[] | undefined;
  /** `volumes` of Docker runners, as written. Undefined: not known. */
  readonly volumes: readonly Setting<string>[] | undefined;
  /** Paths inside the containers that Kubernetes volumes of every kind are mounted at. */
  readonly mountPaths: readonly Setting<string>[];
  /** The runner's `environment`. */
  readonly environment: ReadonlyMap<string, Setting<string>>;
  readonly services: readonly RunnerService[];
  readonly image: Located<string> | undefined;
  /** `runtime = "sysbox-runc"`, which runs dind without privileges. */
  readonly runtime: string | undefined;
  /** `shell = "pwsh"`. */
  readonly shell: string | undefined;
  readonly extraHosts: readonly string[];
  /** `FF_…` of `environment` and `[runners.feature_flags]`. */
  readonly featureFlags: ReadonlyMap<string, boolean>;
  /** Where the conclusion rests: the `[[runners]]` header, the executor. */
  readonly evidence: readonly Origin[];
}

/** A setting; `at` is undefined for presets, settings and Runner's defaults. */
export interface Setting<T> {
  readonly value: T;
  readonly at: Origin | undefined;
}

export const UNKNOWN_PROFILE: RunnerProfile = Object.freeze({
  source: "unknown",
  isKnown: false,
  isDoubtful: false,
  file: undefined,
  name: undefined,
  runner: undefined,
  section: undefined,
  executor: undefined,
  ignoresImages: undefined,
  privileged: undefined,
  servicesPrivileged: undefined,
  allowedPrivilegedImages: undefined,
  allowedPrivilegedServices: undefined,
  volumes: undefined,
  mountPaths: [],
  environment: new Map<string, Setting<string>>(),
  services: [],
  image: undefined,
  runtime: undefined,
  shell: undefined,
  extraHosts: [],
  featureFlags: new Map<string, boolean>(),
  evidence: [],
});

/** Executors that know neither `image` nor `services`; undefined where it is not known. */
export function ignoresImages(executor: Executor | undefined): boolean | undefined {
  switch (executor) {
    case "shell":
    case "ssh":
    case "instance":
    case "virtualbox":
    case "parallels":
      return true;
    case "docker":
    case "docker+machine":
    case "docker-autoscaler":
    case "docker-windows":
    case "kubernetes":
      return false;
    default:
      return undefined;
  }
}

/** Executors that start containers through Docker. */
export const isDockerExecutor = (executor: Executor | undefined): boolean =>
  executor === "docker" || executor === "docker+machine" || executor === "docker-autoscaler";
