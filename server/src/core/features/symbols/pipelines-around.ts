// Which pipelines a file is part of, and the blocks of a pipeline's files: the ground that names in YAML are followed on.
import { childPipelinesOf, rootsOf } from "../../model/pipeline/roots";
import { pipelineFilesOf } from "../../model/pipeline/include";
import { yamlOf } from "../../model/pipeline/yaml-of";
import { defineQuery, type QueryContext } from "../../query/query";
import type { YamlBlock } from "../../syntax/yaml-nodes";
import type { Chunk, Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import type { Mention, Spot } from "./symbol";

const rootsByFile = defineQuery<null, ReadonlyMap<FilePath, readonly FilePath[]>>({
  name: "rootsByFile",
  compute: (ctx) => {
    const byFile = new Map<FilePath, FilePath[]>();
    for (const root of ctx.get(rootsOf, null)) {
      for (const file of ctx.get(pipelineFilesOf, root).files) {
        const roots = byFile.get(file);
        if (roots === undefined) byFile.set(file, [root]);
        else roots.push(root);
      }
    }
    return byFile;
  },
});

/** The pipelines that a file is part of, by their entry files. */
export const rootsOfFile = (ctx: QueryContext, file: FilePath): readonly FilePath[] =>
  ctx.get(rootsByFile, null).get(file) ?? [];

/** The pipelines whose trigger jobs start a pipeline. */
export const parentsOf = (ctx: QueryContext, root: FilePath): readonly FilePath[] =>
  ctx.get(rootsOf, null).filter((each) => ctx.get(childPipelinesOf, each).includes(root));

export const childrenOf = (ctx: QueryContext, root: FilePath): readonly FilePath[] =>
  ctx.get(childPipelinesOf, root).filter((child) => child !== root);

/** The blocks of a file in all its documents, in order. */
export const blocksOf = (ctx: QueryContext, file: FilePath): readonly YamlBlock[] =>
  ctx.get(yamlOf, file)?.documents.flatMap((document) => document.blocks) ?? [];

/** The blocks of a file whose text holds a name as it is written. Most don't, and are not looked at any closer. */
export const blocksNaming = (ctx: QueryContext, file: FilePath, name: string): readonly YamlBlock[] =>
  blocksOf(ctx, file).filter((block) => block.chunk.text.includes(name));

/** The blocks of a pipeline's file at a place: between two of them, both. */
export function blocksAt(ctx: QueryContext, { file, offset }: Spot): readonly YamlBlock[] {
  if (rootsOfFile(ctx, file).length === 0) return [];
  const chunks = ctx.get(yamlOf, file)?.chunks;
  return blocksOf(ctx, file).filter(({ chunk }) => {
    const start = chunks?.get(chunk);
    return start !== undefined && start <= offset && offset <= start + chunk.text.length;
  });
}

/** Where a chunk begins in its file; undefined where the file has no such chunk (any more). */
export function offsetOf(ctx: QueryContext, chunk: Chunk): number | undefined {
  return ctx.file(chunk.file)?.text === chunk.text ? 0 : ctx.get(yamlOf, chunk.file)?.chunks.get(chunk);
}

/** Whether a place covers a spot, its end included: a cursor behind a name means the name. */
export function covers(ctx: QueryContext, at: Origin, { file, offset }: Spot): boolean {
  if (at.chunk.file !== file) return false;
  const start = offsetOf(ctx, at.chunk);
  return start !== undefined && start + at.start <= offset && offset <= start + at.end;
}

/** Pipelines that are looked at together, because a name goes from one to the other. */
export interface Linked {
  readonly roots: readonly FilePath[];
  readonly mentions: readonly Mention[];
}

/**
 * Follows a name from pipeline to pipeline: the files of a pipeline that mention it, the other pipelines that these files are
 * part of, and so on. A file that is shared and does not mention the name links nothing.
 */
export function followName(
  ctx: QueryContext,
  starts: readonly FilePath[],
  mentionsIn: (file: FilePath, isChild: boolean) => readonly Mention[],
): Linked {
  const roots = new Set<FilePath>(starts);
  const mentions: Mention[] = [];
  for (const root of roots) {
    for (const file of ctx.get(pipelineFilesOf, root).files) {
      const found = mentionsIn(file, false);
      if (found.length === 0) continue;
      mentions.push(...found);
      for (const other of rootsOfFile(ctx, file)) roots.add(other);
    }
    for (const child of childrenOf(ctx, root)) {
      const files = ctx.get(pipelineFilesOf, child).files;
      mentions.push(...files.flatMap((file) => mentionsIn(file, true)));
    }
  }
  return { roots: [...roots], mentions };
}
