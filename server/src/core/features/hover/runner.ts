// Hover in GitLab Runner's config.toml (and in the TOML of its Helm chart): what a setting or a table is for.
import { RUNNER_SETTINGS, type RunnerSettingType } from "../../data/runner-settings";
import { RUNNER_PAGE, runnerSettingText } from "../../data/runner-setting-texts";
import { runnerConfigOf } from "../../model/runner/config";
import type { QueryContext } from "../../query/query";
import type { TomlEntry, TomlTable } from "../../syntax/toml-nodes";
import { isIn, type Spot } from "../position/spot";
import { hoverText, type HoverText } from "./hover-text";
import { code, link, paragraphs } from "./markdown";

export const SETTING_TYPES: Readonly<Record<RunnerSettingType, string>> = {
  text: "text",
  switch: "`true` or `false`",
  number: "number",
  texts: "list of texts",
};

/** What is said of the key at a spot. */
export function runnerHover(ctx: QueryContext, spot: Spot): HoverText | undefined {
  const config = runnerConfigOf(ctx, spot.file.path);
  const found = config && settingAt(config.toml.root, spot, []);
  if (found === undefined) return undefined;
  const { entry, table } = found;
  const text = runnerSettingText(table, entry.key);
  if (text === undefined) return undefined;
  const type = RUNNER_SETTINGS.get(table)?.get(entry.key);
  return hoverText(
    paragraphs(
      `**${code(entry.key)}**${type === undefined ? "" : ` — ${SETTING_TYPES[type]}`}${table === "" ? "" : `, in ${code(`[${table}]`)}`}`,
      `${text}.`,
      link("Settings of the runner", RUNNER_PAGE),
    ),
    entry.keyAt,
  );
}

interface Setting {
  readonly entry: TomlEntry;
  /** Path of the table that holds it, joined with dots. */
  readonly table: string;
}

function settingAt(table: TomlTable, spot: Spot, path: readonly string[]): Setting | undefined {
  for (const entry of table.entries) {
    if (isIn(spot, entry.keyAt) && entry.value.kind !== "table") return { entry, table: path.join(".") };
    for (const inner of tablesOf(entry)) {
      const found = settingAt(inner, spot, [...path, entry.key]) ?? headerOf(inner, entry, spot, path);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

const headerOf = (
  inner: TomlTable,
  entry: TomlEntry,
  spot: Spot,
  path: readonly string[],
): Setting | undefined =>
  isIn(spot, inner.headerAt)
    ? { entry: { ...entry, keyAt: inner.headerAt ?? entry.keyAt }, table: path.join(".") }
    : undefined;

function tablesOf({ value }: TomlEntry): readonly TomlTable[] {
  if (value.kind === "table") return [value.table];
  return value.kind === "array"
    ? value.items.flatMap((item) => (item.kind === "table" ? [item.table] : []))
    : [];
}
