// What a job does with the result of a build afterwards, in the same daemon.
import type { QueryContext } from "../../query/query";
import type { Build } from "../docker/image-build";
import { meansSame, type ImageAction, type ImageUse } from "./image-use";
import { imageUsesOf } from "./uses-of-job";

const NEEDS_LOCAL: ReadonlySet<ImageAction> = new Set<ImageAction>(["push", "run", "save"]);
const BRINGS: ReadonlySet<ImageAction> = new Set<ImageAction>(["build", "tag", "create", "pull"]);

/** The uses behind a build that want its tags among the daemon's images: pushes, runs, further names. */
export function laterUsesOf(ctx: QueryContext, build: Build): readonly ImageUse[] {
  const tags = build.tags.flatMap(({ references }) => references);
  return imageUsesOf(ctx, build.command.job).filter(({ action, command, references, source, build: own }) => {
    if (command === undefined || own !== undefined) return false;
    // A function runs where it is called.
    if (command.order <= build.command.order && command.use.inFunction === undefined) return false;
    return action === "tag"
      ? meansSame(source ?? [], tags)
      : NEEDS_LOCAL.has(action) && meansSame(references, tags);
  });
}

/** Whether something else than a build brings the image of a use to the daemon before it: another build, a pull, a tag. */
export function isBroughtOtherwise(ctx: QueryContext, build: Build, use: ImageUse): boolean {
  const wanted = use.action === "tag" ? (use.source ?? []) : use.references;
  return imageUsesOf(ctx, use.job).some(
    ({ action, command, references }) =>
      BRINGS.has(action) &&
      command !== undefined &&
      command !== build.command &&
      command.order < (use.command?.order ?? 0) &&
      meansSame(references, wanted),
  );
}
