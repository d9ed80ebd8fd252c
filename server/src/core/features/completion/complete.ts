// Completion: what may be typed at a place of a file. One entry for all kinds of files; ready-made configurations are
// `features/snippets.ts`.
import type { QueryContext } from "../../query/query";
import type { FilePath, SourceFile } from "../../text/source-file";
import { configurationOffer } from "./configuration";
import { dockerfileOffer } from "./dockerfile";
import type { Item, Offer, TextRange } from "./item";
import { pipelineOffer } from "./pipeline";
import { runnerOffer } from "./runner";
import { suppressionOffer } from "./suppression";

export type { Item, ItemKind } from "./item";

export interface Completions {
  /** In the order in which a list shows them. */
  readonly items: readonly Item[];
  /** The text that an item takes the place of. */
  readonly at: TextRange;
}

/** What may be typed at an offset of a file; no items where nothing is known. */
export function completeAt(ctx: QueryContext, path: FilePath, offset: number): Completions {
  const file = ctx.file(path);
  const offer = file && (suppressionOffer(file, offset) ?? offerOfKind(ctx, file, offset));
  return offer ?? { items: [], at: { start: offset, end: offset } };
}

function offerOfKind(ctx: QueryContext, file: SourceFile, offset: number): Offer | undefined {
  switch (file.kind) {
    case "gitlab-ci":
      return pipelineOffer(ctx, file, offset);
    case "dockerfile":
      return dockerfileOffer(ctx, file, offset);
    case "runner-config":
      return /\.toml(?:\.\w+)?$/.test(file.path) ? runnerOffer(file, offset) : undefined;
    case "configuration":
      return configurationOffer(file, offset);
    default:
      return undefined;
  }
}
