// Anchors and their aliases, which hold for one file.
import { aliasTarget } from "../../model/pipeline/yaml-of";
import type { QueryContext } from "../../query/query";
import { sameOrigin } from "../../text/located";
import { mentionsOfBlock } from "./block-mentions";
import { blocksAt, blocksNaming, blocksOf } from "./pipelines-around";
import { uniqueMentions, type Mention, type SymbolProvider } from "./symbol";

export const anchors: SymbolProvider = {
  kinds: ["anchor"],
  around: (ctx, spot) => {
    const mentions = blocksAt(ctx, spot).flatMap((block) => ctx.get(mentionsOfBlock, block));
    return mentions.filter(({ kind }) => kind === "anchor");
  },
  all: (ctx, { name, owner }) =>
    uniqueMentions(
      blocksNaming(ctx, owner, name)
        .flatMap((block) => ctx.get(mentionsOfBlock, block))
        .filter((each) => each.kind === "anchor" && each.name === name),
    ),
};

/** The definition that an alias means, where its anchor is defined more than once: the nearest before it. */
export function anchorOfAlias(
  ctx: QueryContext,
  alias: Mention,
  all: readonly Mention[],
): readonly Mention[] {
  const definitions = all.filter(({ role }) => role === "definition");
  const node = blocksOf(ctx, alias.owner)
    .flatMap(({ aliases }) => aliases)
    .find(({ at }) => at.chunk === alias.at.chunk && at.start === alias.at.start - 1);
  const target = node && aliasTarget(ctx, node);
  if (target === undefined || definitions.length < 2) return definitions;
  const before = definitions.filter(({ at }) => at.chunk === target.at.chunk && at.end <= target.at.start);
  const nearest = before.at(-1);
  return nearest === undefined ? definitions : definitions.filter(({ at }) => sameOrigin(at, nearest.at));
}
