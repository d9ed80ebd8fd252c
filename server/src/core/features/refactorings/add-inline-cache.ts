// "Add inline cache metadata": a pushed image then tells BuildKit which layer came from which instruction, so that it can be named in
// `--cache-from`. https://docs.docker.com/build/cache/backends/inline/
import { buildOf, type Build } from "../../model/docker/build";
import type { ContainerCommand } from "../../model/docker/command";
import { builderOf } from "../../model/flow/builder";
import { writtenCaches } from "../../model/flow/cache-metadata";
import { meansSame } from "../../model/flow/image-use";
import { stagesBehind } from "../../model/flow/uncached-stages";
import { imageUsesOf } from "../../model/flow/uses-of-job";
import type { QueryContext } from "../../query/query";
import { commandsAtCursor, forAllJobs } from "./at-cursor";
import { withFlags } from "./command-lines";
import { defineRefactoring, type RefactoringDraft } from "./refactoring";

export const addInlineCache = defineRefactoring({
  id: "add-inline-cache",
  kind: "refactor.rewrite",
  offer(ctx, cursor) {
    const draft = forAllJobs(commandsAtCursor(ctx, cursor), (command) => draftFor(ctx, command));
    return draft === undefined ? [] : [draft];
  },
});

function draftFor(ctx: QueryContext, command: ContainerCommand): RefactoringDraft | undefined {
  const build = buildOf(ctx, command);
  if (build === undefined || command.isOpen || builderOf(ctx, command).kind !== "buildkit") return undefined;
  if (writtenCaches(build).length > 0 || build.cacheTo.length > 0 || !isPushed(ctx, build)) return undefined;
  // It holds the last stage alone: where others do the work, it is not what is wanted.
  if (stagesBehind(ctx, build).length > 0) return undefined;
  const edits = withFlags(command, ["--build-arg BUILDKIT_INLINE_CACHE=1"]);
  return edits && { title: "Add inline cache metadata", edits };
}

/** In the same job: nobody else can read it out of the local images. */
function isPushed(ctx: QueryContext, { command, pushes, tags }: Build): boolean {
  const references = tags.flatMap((tag) => tag.references);
  return (
    pushes ||
    imageUsesOf(ctx, command.job).some(
      (use) => use.action === "push" && meansSame(use.references, references),
    )
  );
}
