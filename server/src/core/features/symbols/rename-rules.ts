// What each kind of name says about its renaming, and how a place is said in a reason.
import type { QueryContext } from "../../query/query";
import type { Origin } from "../../text/located";
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
export function placeText(ctx: QueryContext, at: Origin): string {
  const file = ctx.file(at.chunk.file);
  const start = file?.text.indexOf(at.chunk.text) ?? -1;
  return start === -1 || file === undefined
    ? at.chunk.file
    : `${at.chunk.file}:${file.lines.positionAt(start + at.start).line + 1}`;
}
