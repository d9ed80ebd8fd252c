// Outlines of Dockerfiles and of runner configurations: stages with what they are made from, runners with their executor.
import { dockerfileOf } from "../../model/docker/dockerfile";
import { runnerConfigOf } from "../../model/runner/config";
import type { QueryContext } from "../../query/query";
import type { TomlTable, TomlValue } from "../../syntax/toml-nodes";
import { spanning, textAt, type Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { joined } from "./detail";
import type { UngroupedEntry } from "./outline-item";

export const dockerfileEntries = (ctx: QueryContext, path: FilePath): readonly UngroupedEntry[] =>
  (dockerfileOf(ctx, path)?.stages ?? []).map(({ name, written, from, at, index }) => ({
    kind: "build-stage",
    name: name?.value ?? `stage ${index}`,
    detail: joined([`FROM ${written.value}`]),
    at,
    nameAt: name?.at ?? from.keywordAt,
    group: undefined,
  }));

/** The runners of a `config.toml`, or of the TOML in a Helm chart's values. */
export const runnerEntries = (ctx: QueryContext, path: FilePath): readonly UngroupedEntry[] =>
  (runnerConfigOf(ctx, path)?.runners ?? []).map(({ name, executor, table, at }, index) => ({
    kind: "runner",
    name: name?.value === undefined || name.value === "" ? `runner ${index + 1}` : name.value,
    detail: executor?.value,
    at: lastOf(table).reduce(spanning, at),
    nameAt: headerOf(at),
    group: undefined,
  }));

/** A header may be followed by a comment in its line: only the brackets count as the name. */
function headerOf(at: Origin): Origin {
  const length = /^\[\[[^\]\n]*\]\]/.exec(textAt(at))?.[0].length;
  return length === undefined ? at : { ...at, end: at.start + length };
}

/** Where the entries and the tables of a table end. */
function lastOf(table: TomlTable): readonly Origin[] {
  const header = table.headerAt === undefined ? [] : [table.headerAt];
  return [...header, ...table.entries.flatMap(({ at, value }) => [at, ...lastOfValue(value)])];
}

function lastOfValue(value: TomlValue): readonly Origin[] {
  if (value.kind === "table") return lastOf(value.table);
  return value.kind === "array" ? value.items.flatMap(lastOfValue) : [];
}
