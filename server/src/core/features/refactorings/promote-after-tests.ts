// "Push a commit tag here and promote it after the tests": the build pushes the commit's tag, the tests use that one, and a job behind
// them gives the tested image the name that people use.
// https://docs.gitlab.com/user/packages/container_registry/build_and_push_images/#using-gitlab-cicd
import type { ContainerCommand } from "../../model/docker/command";
import { plainPlace } from "../../model/docker/reference-grammar";
import { earlyReleasesOf, type EarlyRelease } from "../../model/flow/early-releases";
import { imageFlowOf, usesOf } from "../../model/flow/image-flow";
import type { ImageUse } from "../../model/flow/image-use";
import { stagesOf } from "../../model/pipeline/order";
import type { QueryContext } from "../../query/query";
import { replaceText } from "../../rules/edits";
import { promotionOf } from "../../rules/promotion-fixes";
import type { ChunkEdit } from "../../text/edit";
import { sameOrigin, type Origin } from "../../text/located";
import { commandsAtCursor } from "./at-cursor";
import { defineRefactoring, type RefactoringDraft } from "./refactoring";

const TAG = "$CI_COMMIT_SHORT_SHA";

export const promoteAfterTests = defineRefactoring({
  id: "promote-after-tests",
  kind: "refactor.rewrite",
  offer(ctx, cursor) {
    const [command, ...others] = commandsAtCursor(ctx, cursor);
    const draft = command === undefined || others.length > 0 ? undefined : draftFor(ctx, command);
    return draft === undefined ? [] : [draft];
  },
});

function draftFor(ctx: QueryContext, command: ContainerCommand): RefactoringDraft | undefined {
  const release = earlyReleasesOf(ctx, command.job.root).find(({ push }) => push.command === command);
  const promotion = release && promotionOf({ ...ctx, options: {} }, release);
  console.log(release?.tests.map(t=>t.name), promotion);
  if (release === undefined || promotion === undefined) return undefined;
  const { pin, job } = promotion;
  const stage = /^ +stage: (.+)$/m.exec(job.edits.map(({ newText }) => newText).join("\n"))?.[1];
  const followed = followers(ctx, release, stage);
  if (followed === undefined) return undefined;
  return {
    title: "Push a commit tag here and promote it after the tests",
    edits: [...pin, ...followed.edits, ...job.edits],
    changes: [command.job.name, ...followed.jobs],
    adds: [job.name],
  };
}

interface Followers {
  readonly jobs: readonly string[];
  readonly edits: readonly ChunkEdit[];
}

/** The tests come to use the commit's tag; undefined where another job uses the old one before the tested image has it. */
function followers(
  ctx: QueryContext,
  { push, tests }: EarlyRelease,
  stage: string | undefined,
): Followers | undefined {
  const { job, references } = push;
  const stages = ctx.get(stagesOf, job.root);
  const others = usesOf(imageFlowOf(ctx, job.root), references).filter((use) => use.job !== job);
  const places: Origin[] = [];
  for (const use of others) {
    const waits = stages.indexOf(use.job.stage.value) > stages.indexOf(stage ?? "") && !use.job.keywords.has("needs");
    if (waits) continue;
    const place = tests.includes(use.job) ? tagOf(use) : undefined;
    if (place === undefined) return undefined;
    if (!places.some((other) => sameOrigin(other, place))) places.push(place);
  }
  return {
    jobs: others.map((use) => use.job.name),
    edits: places.map((place) => replaceText(place, TAG)),
  };
}

/** The tag where it is written out; undefined in single quotes of a command, where nothing is filled in. */
function tagOf({ references, command }: ImageUse): Origin | undefined {
  const [reference, ...variants] = references;
  const [part, ...more] = (reference?.tag.known === true ? reference.tag.value : undefined)?.parts ?? [];
  const at = part?.kind === "literal" && more.length + variants.length === 0 ? plainPlace(part) : undefined;
  return at === undefined || (command !== undefined && at.chunk.text[at.end] === "'") ? undefined : at;
}
