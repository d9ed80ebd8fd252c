// Completion in GitLab Runner's config.toml: tables, settings with their types, and values that are listed.
import { RUNNER_SETTINGS, type RunnerSettingType } from "../../data/runner-settings";
import { runnerSettingText } from "../../data/runner-setting-texts";
import { EXECUTORS } from "../../settings/table";
import { lineStartAt } from "../../text/line-start";
import type { SourceFile } from "../../text/source-file";
import type { Item, Offer } from "./item";

/** What is offered at an offset; works on the lines in front of it, and on the table's own for what is set already. */
export function runnerOffer({ text }: SourceFile, offset: number): Offer | undefined {
  const line = text.slice(lineStartAt(text, offset), offset);
  if (/^\s*\[/.test(line)) return headerOffer(line, offset);
  const table = tableAt(text, offset - line.length);
  const key = /^\s*([\w-]*)$/.exec(line)?.[1];
  if (key !== undefined)
    return { items: settingItems(text, table, offset), at: { start: offset - key.length, end: offset } };
  const [, name, typed] = /^\s*([\w-]+)\s*=\s*"?([\w.-]*)$/.exec(line) ?? [];
  if (name === undefined || typed === undefined) return undefined;
  const isQuoted = line.endsWith(`"${typed}`);
  return { items: valueItems(table.path, name, isQuoted), at: { start: offset - typed.length, end: offset } };
}

const TABLES: readonly (readonly [header: string, detail: string])[] = [
  ["[[runners]]", "one runner"],
  ["[runners.docker]", "Docker executors"],
  ["[[runners.docker.services]]", "a service for every job"],
  ["[runners.kubernetes]", "Kubernetes executor"],
  ["[[runners.kubernetes.services]]", "a service for every job"],
  ["[[runners.kubernetes.volumes.empty_dir]]", "an empty volume for each pod"],
  ["[[runners.kubernetes.volumes.host_path]]", "a path of the node"],
  ["[runners.cache]", "where caches are kept"],
  ["[runners.feature_flags]", "switches of the runner"],
];

function headerOffer(line: string, offset: number): Offer | undefined {
  const typed = /^\s*(\[{1,2}[\w.]*)$/.exec(line)?.[1];
  if (typed === undefined) return undefined;
  const items = TABLES.map(([label, detail]): Item => ({ label, kind: "key", detail }));
  return { items, at: { start: offset - typed.length, end: offset } };
}

interface Table {
  /** "runners.docker"; "" for the root. */
  readonly path: string;
  /** Offset behind its header. */
  readonly start: number;
}

/** The table by the last header in front of an offset. */
function tableAt(text: string, offset: number): Table {
  const headers = [...text.slice(0, offset).matchAll(/^[ \t]*\[{1,2}\s*([\w."-]+)\s*\]{1,2}/gm)];
  const last = headers.at(-1);
  return last === undefined
    ? { path: "", start: 0 }
    : { path: last[1] ?? "", start: last.index + last[0].length };
}

const VALUES: Readonly<Record<RunnerSettingType, string>> = {
  text: '""',
  switch: "true",
  number: "0",
  texts: "[]",
};

const TYPES: Readonly<Record<RunnerSettingType, string>> = {
  text: "text",
  switch: "true or false",
  number: "number",
  texts: "list of texts",
};

/** The settings of a table that it does not have yet. */
function settingItems(text: string, { path, start }: Table, offset: number): readonly Item[] {
  const end = /^[ \t]*\[/m.exec(text.slice(offset))?.index;
  const own = text.slice(start, end === undefined ? undefined : offset + end);
  const taken = new Set([...own.matchAll(/^[ \t]*([\w-]+)[ \t]*=/gm)].map(([, name]) => name));
  return [...(RUNNER_SETTINGS.get(path) ?? [])]
    .filter(([name]) => !taken.has(name))
    .map(([label, type]): Item => {
      const documentation = runnerSettingText(path, label);
      return {
        label,
        kind: "key",
        detail: TYPES[type],
        insert: `${label} = ${VALUES[type]}`,
        ...(type === "text" || type === "texts" ? { caret: 1 } : {}),
        ...(documentation === undefined ? {} : { documentation }),
      };
    });
}

function valueItems(table: string, name: string, isQuoted: boolean): readonly Item[] {
  if (RUNNER_SETTINGS.get(table)?.get(name) === "switch")
    return ["true", "false"].map((label) => ({ label, kind: "value", detail: undefined }));
  const listed = name === "executor" ? EXECUTORS : Object.hasOwn(CHOICES, name) ? (CHOICES[name] ?? []) : [];
  return listed.map((label) => ({
    label,
    kind: "value",
    detail: undefined,
    insert: isQuoted ? label : `"${label}"`,
  }));
}

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  shell: ["bash", "sh", "pwsh", "powershell"],
  log_level: ["debug", "info", "warn", "error", "fatal", "panic"],
  log_format: ["runner", "text", "json"],
  pull_policy: ["always", "if-not-present", "never"],
};
