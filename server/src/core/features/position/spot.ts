// A place in a file as a cursor gives it, said in the terms of the trees: the chunk that holds it, and the offset there.
import { dockerfileTreeOf } from "../../model/docker/dockerfile";
import { yamlOf } from "../../model/pipeline/yaml-of";
import { runnerConfigOf } from "../../model/runner/config";
import type { QueryContext } from "../../query/query";
import type { Chunk, Origin } from "../../text/located";
import type { FileKind, FilePath, SourceFile } from "../../text/source-file";

export interface Spot {
  readonly file: SourceFile;
  readonly kind: FileKind;
  /** Offset in the file. */
  readonly offset: number;
  readonly chunk: Chunk;
  /** Offset in the chunk. */
  readonly at: number;
}

/** Undefined where the file is not loaded, or is of a kind that has no tree. */
export function spotAt(ctx: QueryContext, path: FilePath, offset: number): Spot | undefined {
  const file = ctx.file(path);
  if (file === undefined) return undefined;
  const chunk = chunkAt(ctx, file, offset);
  return chunk && { file, kind: file.kind, offset, chunk: chunk.chunk, at: offset - chunk.start };
}

interface Placed {
  readonly chunk: Chunk;
  readonly start: number;
}

function chunkAt(ctx: QueryContext, file: SourceFile, offset: number): Placed | undefined {
  if (file.kind === "dockerfile") return whole(dockerfileTreeOf(ctx, file.path)?.chunk);
  if (/\.ya?ml$/i.test(file.path) || file.kind === "gitlab-ci" || file.kind === "configuration")
    return yamlChunkAt(ctx, file.path, offset);
  return file.kind === "runner-config" ? whole(runnerConfigOf(ctx, file.path)?.toml.chunk) : undefined;
}

const whole = (chunk: Chunk | undefined): Placed | undefined => chunk && { chunk, start: 0 };

/** The last chunk that begins in front of the offset or at it. */
function yamlChunkAt(ctx: QueryContext, path: FilePath, offset: number): Placed | undefined {
  let best: Placed | undefined;
  for (const [chunk, start] of ctx.get(yamlOf, path)?.chunks ?? [])
    if (start <= offset && (best === undefined || start >= best.start)) best = { chunk, start };
  return best;
}

/** Whether a place holds the spot; its end counts, where a cursor stands behind the last character. */
export const isIn = ({ chunk, at }: Pick<Spot, "chunk" | "at">, origin: Origin | undefined): boolean =>
  origin !== undefined && origin.chunk === chunk && origin.start <= at && at <= origin.end;
