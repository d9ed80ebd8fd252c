// Places for people: "ci/docker.yml:5".
import { yamlOf } from "../../model/pipeline/yaml-of";
import type { QueryContext } from "../../query/query";
import type { Origin } from "../../text/located";

/** File and line, the line counted from 1. */
export function placeText(ctx: QueryContext, { chunk, start }: Origin): string {
  const file = ctx.file(chunk.file);
  if (file === undefined) return chunk.file;
  const offset = file.text === chunk.text ? 0 : ctx.get(yamlOf, chunk.file)?.chunks.get(chunk);
  return offset === undefined
    ? chunk.file
    : `${chunk.file}:${file.lines.positionAt(offset + start).line + 1}`;
}
