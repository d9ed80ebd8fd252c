// Hover in the `spec:` header of a file that others include: on the name of an input, and on what is said of it.
import { inputKeywordText } from "../../data/input-keywords";
import type { QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import type { YamlPath } from "../position/yaml-path";
import { inputText } from "./input";
import { code, link, paragraphs } from "./markdown";

/** What is said of a key below `spec: inputs:`; undefined for every other key. */
export function headerKeyText(
  ctx: QueryContext,
  roots: readonly FilePath[],
  file: FilePath,
  { keys }: YamlPath,
): string | undefined {
  const [first, second, name, keyword, ...deeper] = keys;
  if (first !== "spec" || second !== "inputs" || typeof name !== "string" || deeper.length > 0)
    return undefined;
  if (keyword === undefined) return inputText(ctx, roots, file, name);
  const found = inputKeywordText(String(keyword));
  if (found === undefined) return undefined;
  return paragraphs(
    `**${code(`spec:inputs:${name}:${String(keyword)}`)}**`,
    found.text,
    link("Reference", found.url),
  );
}
