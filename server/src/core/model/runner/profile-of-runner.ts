// What one `[[runners]]` table says. https://docs.gitlab.com/runner/configuration/advanced-configuration/
import { EXECUTORS } from "../../settings/table";
import type { Executor } from "../../settings/settings";
import { entryOf, type TomlTable } from "../../syntax/toml-nodes";
import type { Located } from "../../text/located";
import { booleanAt, stringAt, stringsAt, tablesAt } from "./config";
import type { Runner, RunnerConfig } from "./runner";
import {
  ignoresImages,
  UNKNOWN_PROFILE,
  type RunnerProfile,
  type RunnerService,
  type Setting,
} from "./runner-profile";

/** Other spellings of the same executors in Runner. */
const EXECUTOR_ALIASES: ReadonlyMap<string, Executor> = new Map([
  ["docker-ssh", "docker"],
  ["docker-ssh+machine", "docker+machine"],
]);

/** The profile that a runner's table gives. Settings that are not written are Runner's defaults, unless the file has errors. */
export function profileOfRunner(config: RunnerConfig, runner: Runner): RunnerProfile {
  const { table } = runner;
  const executor = executorOf(runner.executor?.value);
  const section = sectionOf(table, executor);
  const isWhole = config.toml.problems.length === 0;
  const environment = environmentOf(stringsAt(table, "environment") ?? []);
  return {
    ...UNKNOWN_PROFILE,
    ...containerSettings(section, executor === "kubernetes", isWhole),
    source: "config",
    isKnown: executor !== undefined,
    isDoubtful:
      /(^|\/)(docs?|examples?|samples?|tests?|testdata|fixtures?|spec)\/|\.(example|sample|dist|tmpl|tpl|template|j2)$/i.test(
        config.path,
      ),
    file: config.path,
    name: runner.name?.value,
    runner,
    section,
    executor,
    ignoresImages: ignoresImages(executor),
    environment,
    shell: stringAt(table, "shell")?.value,
    featureFlags: featureFlagsOf(table, environment),
    evidence: runner.executor === undefined ? [runner.at] : [runner.at, runner.executor.at],
  };
}

type ContainerSettings = Pick<
  RunnerProfile,
  | "privileged"
  | "servicesPrivileged"
  | "allowedPrivilegedImages"
  | "allowedPrivilegedServices"
  | "volumes"
  | "mountPaths"
  | "services"
  | "image"
  | "runtime"
  | "extraHosts"
>;

/** What `[runners.docker]` or `[runners.kubernetes]` says. */
function containerSettings(
  section: TomlTable | undefined,
  isKubernetes: boolean,
  isWhole: boolean,
): ContainerSettings {
  return {
    privileged: booleanSetting(section, "privileged", isWhole),
    servicesPrivileged: booleanSetting(section, "services_privileged", isWhole),
    allowedPrivilegedImages: stringsAt(section, "allowed_privileged_images"),
    allowedPrivilegedServices: stringsAt(section, "allowed_privileged_services"),
    volumes: isKubernetes ? [] : (stringsAt(section, "volumes") ?? (isWhole ? [] : undefined)),
    mountPaths: isKubernetes ? mountPathsOf(section) : [],
    services: tablesAt(section, "services").flatMap(serviceOf),
    image: stringAt(section, "image"),
    runtime: stringAt(section, "runtime")?.value,
    extraHosts: (stringsAt(section, "extra_hosts") ?? []).map(({ value }) => value),
  };
}

const executorOf = (name: string | undefined): Executor | undefined =>
  EXECUTORS.find((executor) => executor === name) ?? EXECUTOR_ALIASES.get(name ?? "");

function sectionOf(table: TomlTable, executor: Executor | undefined): TomlTable | undefined {
  const value = entryOf(table, executor === "kubernetes" ? "kubernetes" : "docker")?.value;
  return value?.kind === "table" ? value.table : undefined;
}

/** A switch; false where it is not written and nothing of the file was lost to errors. */
function booleanSetting(
  section: TomlTable | undefined,
  key: string,
  isWhole: boolean,
): Setting<boolean> | undefined {
  const written = booleanAt(section, key);
  if (written !== undefined) return { value: written.value, at: written.at };
  return isWhole ? { value: false, at: undefined } : undefined;
}

/** `[[runners.kubernetes.volumes.empty_dir]]` and its kin. */
function mountPathsOf(section: TomlTable | undefined): readonly Setting<string>[] {
  const kinds = ["empty_dir", "host_path", "pvc", "config_map", "secret", "csi", "nfs"];
  return kinds
    .flatMap((kind) => tablesAt(section, "volumes", kind))
    .flatMap((volume) => stringAt(volume, "mount_path") ?? []);
}

/** `["NAME=value"]`. */
function environmentOf(entries: readonly Located<string>[]): ReadonlyMap<string, Setting<string>> {
  const environment = new Map<string, Setting<string>>();
  for (const { value, at } of entries) {
    const equals = value.indexOf("=");
    if (equals > 0) environment.set(value.slice(0, equals), { value: value.slice(equals + 1), at });
  }
  return environment;
}

function serviceOf(table: TomlTable): readonly RunnerService[] {
  const name = stringAt(table, "name");
  if (name === undefined) return [];
  const strings = (key: string): readonly string[] | undefined =>
    stringsAt(table, key)?.map(({ value }) => value);
  return [
    {
      name,
      aliases: splitAliases(stringAt(table, "alias")?.value),
      command: strings("command"),
      entrypoint: strings("entrypoint"),
      environment: environmentOf(stringsAt(table, "environment") ?? []),
    },
  ];
}

/** Runner splits an alias at commas and blanks. https://docs.gitlab.com/ci/services/#available-settings-for-services */
export const splitAliases = (alias: string | undefined): readonly string[] =>
  (alias ?? "").split(/[\s,]+/).filter((name) => name !== "");

function featureFlagsOf(
  table: TomlTable,
  environment: ReadonlyMap<string, Setting<string>>,
): ReadonlyMap<string, boolean> {
  const flags = new Map<string, boolean>();
  const section = entryOf(table, "feature_flags")?.value;
  for (const { key, value } of section?.kind === "table" ? section.table.entries : []) {
    if (value.kind === "boolean") flags.set(key, value.value);
  }
  for (const [name, { value }] of environment)
    if (name.startsWith("FF_")) flags.set(name, /^(true|1|t)$/i.test(value));
  return flags;
}
