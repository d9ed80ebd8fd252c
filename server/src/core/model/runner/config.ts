// Reads GitLab Runner's configuration: config.toml, its examples and templates, and the values of the Helm chart.
import { defineQuery, type QueryContext } from "../../query/query";
import { parseToml, parseTomlFile } from "../../syntax/toml";
import { entryOf, type TomlTable, type TomlValue } from "../../syntax/toml-nodes";
import type { Located, Origin } from "../../text/located";
import { identityText } from "../../text/mapped-text";
import type { FilePath } from "../../text/source-file";
import { yamlOf } from "../pipeline/yaml-of";
import { helmRunnersOf, mayBeHelmValues } from "./helm";
import type { Runner, RunnerConfig } from "./runner";

const configs = defineQuery<FilePath, RunnerConfig | undefined>({
  name: "runnerConfigOf",
  compute: (ctx, path) => {
    const file = ctx.file(path);
    if (file === undefined) return undefined;
    if (/\.ya?ml$/i.test(path)) return mayBeHelmValues(file.text) ? helmConfig(ctx, path) : undefined;
    if (!/^\s*\[\[\s*runners\s*\]\]/m.test(file.text)) return undefined;
    const toml = parseTomlFile(file);
    return { path, toml, runners: runnersIn(toml.root), helm: undefined };
  },
});

/** The first chart values of a file. Without `runners.config` the configuration is empty, and only its keys can be judged. */
function helmConfig(ctx: QueryContext, path: FilePath): RunnerConfig | undefined {
  const yaml = ctx.get(yamlOf, path);
  const [helm] = yaml === undefined ? [] : helmRunnersOf(yaml);
  if (helm === undefined) return undefined;
  const toml = parseToml(helm.config ?? identityText(helm.runners.at.chunk, 0, 0));
  return { path, toml, runners: runnersIn(toml.root), helm };
}

/** A runner configuration; undefined where the file is not there, not loaded, or holds none. */
export const runnerConfigOf = (ctx: QueryContext, path: FilePath): RunnerConfig | undefined =>
  ctx.get(configs, path);

/** Files that can be runner configurations, by name: what they hold decides. */
const isCandidate = (path: FilePath): boolean =>
  (/(^|\/)([^/]*runner[^/]*|config|[^/]*[-_.]config)\.toml(\.\w+)?$/i.test(path) ||
    /(^|\/)[^/]*values[^/]*\.ya?ml$/i.test(path)) &&
  !/(^|\/)(\.cargo|node_modules|vendor)\//.test(path);

const candidates = defineQuery<null, readonly FilePath[]>({
  name: "runnerConfigCandidates",
  compute: (ctx) => [...(ctx.paths() ?? [])].filter(isCandidate).sort(),
  equals: (a, b) => a.length === b.length && a.every((path, index) => path === b[index]),
});

/** The workspace's runner configurations, by path. Empty where nothing can be listed. */
export const runnerConfigsOf = (ctx: QueryContext): readonly RunnerConfig[] =>
  ctx.get(candidates, null).flatMap((path) => {
    const config = runnerConfigOf(ctx, path);
    return config === undefined ? [] : [config];
  });

function runnersIn(root: TomlTable): readonly Runner[] {
  const value = root.entries.find(({ key }) => key === "runners")?.value;
  if (value?.kind !== "array") return [];
  return value.items.flatMap((item) => {
    if (item.kind !== "table") return [];
    const { table } = item;
    return [
      {
        name: stringAt(table, "name"),
        executor: stringAt(table, "executor"),
        table,
        at: table.headerAt ?? item.at,
      },
    ];
  });
}

// ---- Settings of a table, with places; of no table nothing is known

export function stringAt(
  table: TomlTable | undefined,
  ...path: readonly string[]
): Located<string> | undefined {
  const value = valueAt(table, path);
  return value?.kind === "string" ? located(value.value, value.at) : undefined;
}

export function booleanAt(
  table: TomlTable | undefined,
  ...path: readonly string[]
): Located<boolean> | undefined {
  const value = valueAt(table, path);
  return value?.kind === "boolean" ? located(value.value, value.at) : undefined;
}

/** The strings of an array; undefined where the key is absent or no array. */
export function stringsAt(
  table: TomlTable | undefined,
  ...path: readonly string[]
): readonly Located<string>[] | undefined {
  const value = valueAt(table, path);
  if (value?.kind !== "array") return undefined;
  return value.items.flatMap((item) => (item.kind === "string" ? [located(item.value, item.at)] : []));
}

/** The tables of an array of tables (`[[runners.docker.services]]`), or the one table that stands in its place. */
export function tablesAt(table: TomlTable | undefined, ...path: readonly string[]): readonly TomlTable[] {
  const value = valueAt(table, path);
  const items: readonly TomlValue[] =
    value?.kind === "array" ? value.items : value === undefined ? [] : [value];
  return items.flatMap((item) => (item.kind === "table" ? [item.table] : []));
}

const valueAt = (table: TomlTable | undefined, path: readonly string[]): TomlValue | undefined =>
  table && entryOf(table, ...path)?.value;

const located = <T>(value: T, at: Origin): Located<T> => ({ value, at, via: [] });
