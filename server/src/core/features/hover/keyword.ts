// Hover on keywords of a pipeline that matter to builds.
import { keywordText } from "../../data/keywords";
import { jobNamesOf } from "../../model/pipeline/resolve";
import type { QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import type { YamlPath } from "../position/yaml-path";
import { code, link, paragraphs } from "./markdown";

/** What is said of a key; undefined for keys that are names, and for keywords without a text. */
export function keywordHoverText(
  ctx: QueryContext,
  roots: readonly FilePath[],
  path: YamlPath,
): string | undefined {
  const names = keywordPath(ctx, roots, path.keys);
  const found = names.length === 0 ? undefined : keywordText(names.join(":"));
  if (found === undefined) return undefined;
  return paragraphs(`**${code(names.join(":"))}**`, found.text, link("Reference", found.url));
}

/** The keywords of a path, without the job and without indexes: `build: services: - alias:` is `services:alias`. */
export function keywordPath(
  ctx: QueryContext,
  roots: readonly FilePath[],
  keys: readonly (string | number)[],
): readonly string[] {
  const names = keys.filter((key): key is string => typeof key === "string");
  const [first = "", ...rest] = names;
  const isJob =
    first === "default" ||
    first.startsWith(".") ||
    roots.some((root) => ctx.get(jobNamesOf, root).includes(first));
  return isJob && rest.length > 0 ? rest : names;
}
