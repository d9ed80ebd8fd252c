// Says which of the files that were named are none that are checked: nothing found in them would otherwise look as if
// all was well.
import { resolve } from "node:path";
import type { FilePath, Report } from "../core/index";
import type { Loader } from "../host/load";
import { pathBelow, type Target } from "./targets";

/** One sentence without a full stop for each such file, in the order of their names, which are told as seen from `cwd`. */
export function unreadRemarks(
  { root, files }: Target,
  report: Report,
  loader: Loader,
  cwd: string,
): readonly string[] {
  const told = new Set([...report.files, ...report.problems.map(({ at }) => at.file)]);
  return [...files]
    .filter((path) => !told.has(path) && !isReadBeside(path, loader))
    .sort()
    .map((path) => `\`${shownName(resolve(root, path), cwd)}\` was not checked: ${reasonFor(path, loader)}`);
}

function shownName(full: string, cwd: string): string {
  const path = pathBelow(cwd, full);
  return path.startsWith("../") ? full : path;
}

/** What is read for the sake of other files, and only where one asks for it. */
function isReadBeside(path: FilePath, loader: Loader): boolean {
  const kind = loader.file(path)?.kind;
  return kind === "configuration" || kind === "shell" || kind === "dockerignore";
}

function reasonFor(path: FilePath, loader: Loader): string {
  if (loader.file(path) !== undefined) return "the configuration ignores it";
  if (/\.ya?ml$/i.test(path)) return "no pipeline includes it";
  return "it is no pipeline, no Dockerfile and no runner's config.toml";
}
