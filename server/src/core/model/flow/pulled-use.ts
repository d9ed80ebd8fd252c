// Whether a job needs an image that it pulls, and not just the layers as a cache.
import type { QueryContext } from "../../query/query";
import type { ContainerCommand } from "../docker/command";
import type { ImageReference } from "../docker/image-reference";
import type { ImageAction, ImageUse } from "./image-use";
import { imageUsesOf } from "./uses-of-job";

const NEEDS: ReadonlySet<ImageAction> = new Set<ImageAction>(["run", "save", "push", "base"]);

/** Whether something behind a pull runs the image, builds on it or gives it another name, before a build makes it anew. */
export function isNeededBehind(
  ctx: QueryContext,
  pull: ContainerCommand,
  reference: ImageReference,
): boolean {
  const isSame = (references: readonly ImageReference[]): boolean =>
    references.some(({ key }) => key === reference.key);
  const later = imageUsesOf(ctx, pull.job).filter(({ command }) => (command?.order ?? 0) > pull.order);
  const builtAt = later.find(({ action, references }) => action === "build" && isSame(references))?.command;
  return later.some(
    (use) =>
      (use.command?.order ?? 0) <= (builtAt?.order ?? Infinity) &&
      (use.action === "tag" ? isSame(use.source ?? []) : NEEDS.has(use.action) && isSame(own(use))),
  );
}

/** A build that pushes its result does not need what it replaces. */
const own = ({ action, build, references }: ImageUse): readonly ImageReference[] =>
  action === "push" && build !== undefined ? [] : references;
