// Writes what a person knows about a runner into the repository's configuration file.
import type { QueryContext } from "../../query/query";
import { CONFIGURATION_FILE } from "../../settings/table";
import { appendItem } from "../../syntax/yaml-edit";
import { keyText } from "../../syntax/yaml-nodes";
import { insertAt, type ChunkEdit } from "../../text/edit";
import type { FilePath } from "../../text/source-file";
import { yamlOf } from "../pipeline/yaml-of";

export interface Taught {
  readonly edits: readonly ChunkEdit[];
  readonly creates: readonly { readonly file: FilePath; readonly text: string }[];
}

/**
 * An entry below `runners:` for jobs of these tags, with the given lines behind `tags:`. Undefined where the file is there
 * but can't be extended, or the tags are not known as text.
 */
export function runnerEntry(
  ctx: QueryContext,
  tags: readonly string[],
  lines: readonly string[],
): Taught | undefined {
  if (tags.some((tag) => tag.includes("$"))) return undefined;
  const item = [
    `tags: [${tags.map((tag) => (/^[\w.-]+$/.test(tag) ? tag : JSON.stringify(tag))).join(", ")}]`,
    ...lines,
  ].join("\n");
  const listed = `- ${item.replaceAll("\n", "\n  ")}`;
  const yaml = ctx.exists(CONFIGURATION_FILE) === false ? undefined : ctx.get(yamlOf, CONFIGURATION_FILE);
  if (yaml === undefined) {
    return {
      edits: [],
      creates: [{ file: CONFIGURATION_FILE, text: `runners:\n  ${listed.replaceAll("\n", "\n  ")}\n` }],
    };
  }
  const blocks = yaml.documents[0]?.blocks ?? [];
  const runners = blocks.flatMap((block) => block.pairs).find((pair) => keyText(pair) === "runners");
  if (runners?.value.kind === "seq") return { edits: appendItem(runners.value, item), creates: [] };
  const last = blocks.at(-1);
  if (runners !== undefined || last === undefined) return undefined;
  const gap = last.chunk.text.endsWith("\n") ? "" : "\n";
  return {
    edits: [
      insertAt(last.chunk, last.chunk.text.length, `${gap}runners:\n  ${listed.replaceAll("\n", "\n  ")}\n`),
    ],
    creates: [],
  };
}
