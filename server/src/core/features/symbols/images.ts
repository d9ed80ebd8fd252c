// Images: where one is built or gets another name, and where that name is fetched, sent, run or built upon.
import { imageFlowOf } from "../../model/flow/image-flow";
import type { ImageAction, ImageUse } from "../../model/flow/image-use";
import { rootsOf } from "../../model/pipeline/roots";
import type { QueryContext } from "../../query/query";
import { uniqueMentions, type Mention, type SymbolProvider } from "./symbol";

const MAKING: ReadonlySet<ImageAction> = new Set(["build", "tag", "create", "copy"]);

export const images: SymbolProvider = {
  kinds: ["image"],
  around: (ctx, { file }) => mentionsOf(ctx, ({ at }) => at.at.chunk.file === file),
  all: (ctx, { name }) =>
    uniqueMentions(
      mentionsOf(ctx, ({ references }) => references.some(({ key }) => key === name)).filter(
        (each) => each.name === name,
      ),
    ),
};

/** A variant of a job may make it another image: each is a mention of its own. */
function mentionsOf(ctx: QueryContext, isMeant: (use: ImageUse) => boolean): readonly Mention[] {
  return ctx.get(rootsOf, null).flatMap((root) =>
    [...imageFlowOf(ctx, root).images.values()].flatMap(({ key, uses }) =>
      uses.filter(isMeant).map(({ action, at }): Mention => {
        const role = MAKING.has(action) ? "definition" : "reference";
        return { kind: "image", name: key, owner: "", role, at: at.at, isFixed: true };
      }),
    ),
  );
}
