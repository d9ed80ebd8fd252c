// Which paths a runner mounts into a job's container and into the containers of its services alike.
// https://docs.gitlab.com/runner/configuration/advanced-configuration/#volumes-in-the-runnersdocker-section
import { entryOf } from "../../syntax/toml-nodes";
import { isDockerExecutor, type RunnerProfile, type Setting } from "./runner-profile";

export interface SharedPath {
  /** The path inside the containers, without a slash at its end. */
  readonly path: string;
  readonly isReadOnly: boolean;
  readonly setting: Setting<string>;
}

/** The paths, in the order of the configuration; undefined where not all of them are known. */
export function sharedPathsOf(profile: RunnerProfile): readonly SharedPath[] | undefined {
  const { executor, source, volumes, mountPaths } = profile;
  const isKubernetes = executor === "kubernetes";
  if (!isKubernetes && !isDockerExecutor(executor)) return undefined;
  const paths = isKubernetes ? mountPaths.map(mountedAt) : volumes?.map(volumeOf);
  // Who describes a runner in the settings need not name every volume.
  if (source === "settings") return paths?.length === 0 ? undefined : paths;
  return source === "config" && !(isKubernetes && mayMountMore(profile)) ? paths : undefined;
}

/** Where a volume of a Docker runner is mounted: `/path`, `host:/path`, `name:/path:ro`. */
export function volumeTarget(volume: string): string {
  const [source = "", target = source] = volume.split(":");
  return trimmed(target);
}

const volumeOf = (setting: Setting<string>): SharedPath => ({
  path: volumeTarget(setting.value),
  isReadOnly: setting.value.split(":")[2]?.split(",").includes("ro") === true,
  setting,
});

const mountedAt = (setting: Setting<string>): SharedPath => ({
  path: trimmed(setting.value),
  isReadOnly: false,
  setting,
});

const trimmed = (path: string): string => path.replace(/(.)\/+$/, "$1");

/** Patches of the pod's specification can mount volumes too; of a file with errors some may be lost. */
function mayMountMore({ section, servicesPrivileged }: RunnerProfile): boolean {
  return (
    servicesPrivileged === undefined || (section !== undefined && entryOf(section, "pod_spec") !== undefined)
  );
}

/** Whether a path lies at or below another. */
export const isWithin = (path: string, parent: string): boolean =>
  path === parent || path.startsWith(parent === "/" ? parent : `${parent}/`);

/** The runner for a message: `runner "small" (`config.toml`)`, as far as anybody named it. */
export function runnerLabel({ name, file, source }: RunnerProfile): string {
  const where = file === undefined ? (source === "settings" ? " (by the settings)" : "") : ` (\`${file}\`)`;
  return `${name === undefined ? "the runner" : `runner "${name}"`}${where}`;
}
