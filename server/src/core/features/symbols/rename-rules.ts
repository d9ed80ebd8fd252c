// What each kind of name says about its renaming, and how a place is said in a reason.
import type { QueryContext } from "../../query/query";
import type { Origin } from "../../text/located";
import { offsetOf } from "./pipelines-around";
import type { Mention } from "./symbol";

/** Why something is not renamed, as a sentence without a full stop. */
export interface Refusal {
  readonly refused: string;
}

/** What stands in the way of renaming symbols of a kind. */
export interface RenameRules {
  /** Why it can't be renamed, whatever the new name is; undefined where it can. */
  readonly blocked: (ctx: QueryContext, mention: Mention, all: readonly Mention[]) => string | undefined;
  /** Why it can't get this name. */
  readonly refuses: (
    ctx: QueryContext,
    mention: Mention,
    name: string,
    all: readonly Mention[],
  ) => string | undefined;
}

/** A place for people: `ci/build.yml:12`. */
export function placeText(ctx: QueryContext, { chunk, start }: Origin): string {
  const offset = offsetOf(ctx, chunk);
  const lines = ctx.file(chunk.file)?.lines;
  return offset === undefined || lines === undefined
    ? chunk.file
    : `${chunk.file}:${lines.positionAt(offset + start).line + 1}`;
}
