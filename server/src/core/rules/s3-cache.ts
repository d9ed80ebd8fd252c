// Settings of a cache on S3 where Runner no longer reads them, and the edit that moves them.
// https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnerscaches3-section
import { stringAt } from "../model/runner/config";
import { entryOf, type TomlEntry, type TomlTable } from "../syntax/toml-nodes";
import { insertAt, type ChunkEdit } from "../text/edit";
import { textAt, type Origin } from "../text/located";
import { replaceText } from "./edits";
import type { Report } from "./rule";

/** What stood below `[runners.cache]` until 11.3 and was read there until 12.0. https://gitlab.com/gitlab-org/gitlab-runner/-/issues/4070 */
const S3_SETTINGS: ReadonlySet<string> = new Set([
  "ServerAddress",
  "AccessKey",
  "SecretKey",
  "BucketName",
  "BucketLocation",
  "Insecure",
]);

/** The settings of S3 that stand directly below `[runners.cache]` of a runner's table. */
export function* s3Cache(table: TomlTable): Iterable<Report> {
  const cache = entryOf(table, "cache")?.value;
  if (cache?.kind !== "table") return;
  // A bucket for another storage was never read here.
  if (/^(?:gcs|azure)$/i.test(stringAt(cache.table, "Type")?.value ?? "")) return;
  const settings = cache.table.entries.filter(({ key }) => S3_SETTINGS.has(key));
  const [first, ...others] = settings;
  if (first === undefined) return;
  const names = settings.map(({ key }) => `\`${key}\``).join(", ");
  const [are, them] = others.length > 0 ? ["are", "them"] : ["is", "it"];
  const edits = intoS3(cache.table, settings);
  yield {
    at: first.at,
    message: `${names} moved to \`[runners.cache.s3]\` in Runner 11.3, and ${are} ignored here since 12.0; write ${them} there, or remove ${them}`,
    related: others.map(({ at }) => ({ at, message: "and here" })),
    fixes:
      edits === undefined
        ? []
        : [{ title: `Move ${them} to \`[runners.cache.s3]\``, safety: "suggested", edits }],
  };
}

/** The lines of settings below a header of their own. Undefined where that exists, or a setting is not alone on its line. */
function intoS3(cache: TomlTable, settings: readonly TomlEntry[]): readonly ChunkEdit[] | undefined {
  const { headerAt, insertAt: end } = cache;
  if (headerAt === undefined || entryOf(cache, "s3") !== undefined) return undefined;
  const lines = settings.map(({ at }) => lineOf(at));
  if (lines.some((line, index) => !isAlone(line, settings[index]?.at))) return undefined;
  const indent = /^[ \t]*/.exec(textAt(lineOf(headerAt)))?.[0] ?? "";
  const written = [`  [runners.cache.s3]`, ...lines.map((line) => `    ${textAt(line).trim()}`)];
  // Each line goes with the break in front of it, so that what is added behind the last one does not overlap.
  const removed = lines.map((line) => replaceText({ ...line, start: Math.max(line.start - 1, 0) }, ""));
  return [...removed, insertAt(end.chunk, end.end, written.map((line) => `\n${indent}${line}`).join(""))];
}

const isAlone = (line: Origin, at: Origin | undefined): boolean =>
  at !== undefined &&
  at.end <= line.end &&
  line.chunk.text.slice(line.start, at.start).trim() === "" &&
  /^\s*(?:#.*)?$/.test(line.chunk.text.slice(at.end, line.end));

/** The line on which something begins, without its break. */
function lineOf({ chunk, start }: Origin): Origin {
  const end = chunk.text.indexOf("\n", start);
  return {
    chunk,
    start: chunk.text.lastIndexOf("\n", start - 1) + 1,
    end: end === -1 ? chunk.text.length : end,
  };
}
