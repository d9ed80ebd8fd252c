// Jobs and pipeline stages: names that hold for a pipeline and all its files, and so for every pipeline that shares a file
// which says them.
import type { QueryContext } from "../../query/query";
import { mentionsOfBlock } from "./block-mentions";
import { blocksAt, blocksNaming, followName, parentsOf, rootsOfFile, type Linked } from "./pipelines-around";
import { uniqueMentions, type Mention, type SymbolProvider } from "./symbol";

const KINDS = ["job", "stage"] as const;

export const pipelineNames: SymbolProvider = {
  kinds: KINDS,
  around: (ctx, spot) => {
    const mentions = blocksAt(ctx, spot).flatMap((block) => ctx.get(mentionsOfBlock, block));
    return mentions.filter(({ kind }) => kind === "job" || kind === "stage");
  },
  all: (ctx, mention) => uniqueMentions(linkedNames(ctx, mention).mentions),
};

/** The mentions of a job or a stage, and the pipelines that they are part of. */
export function linkedNames(ctx: QueryContext, mention: Mention): Linked {
  const { kind, name } = mention;
  const own = rootsOfFile(ctx, mention.at.chunk.file);
  const starts = mention.isInParent === true ? own.flatMap((root) => parentsOf(ctx, root)) : own;
  return followName(ctx, starts, (file, isChild) =>
    blocksNaming(ctx, file, name)
      .flatMap((block) => ctx.get(mentionsOfBlock, block))
      .filter((each) => each.kind === kind && each.name === name && (each.isInParent === true) === isChild),
  );
}
