// "Push a commit tag here and promote it after the tests": the build pushes the commit's tag, the tests use that one, and a job behind
// them gives the tested image the name that people use.
// https://docs.gitlab.com/user/packages/container_registry/build_and_push_images/#using-gitlab-cicd
import type { ContainerCommand } from "../../model/docker/command";
import { plainPlace } from "../../model/docker/reference-grammar";
import { earlyReleasesOf, type EarlyRelease } from "../../model/flow/early-releases";
import { usesOf } from "../../model/flow/image-flow";
import type { ImageUse } from "../../model/flow/image-use";
import type { Job } from "../../model/pipeline/job";
import { stagesOf } from "../../model/pipeline/order";
import type { QueryContext } from "../../query/query";
import { replaceText } from "../../rules/edits";
import { promotionOf } from "../../rules/promotion-fixes";
import type { ChunkEdit } from "../../text/edit";
import { sameOrigin, type Origin } from "../../text/located";
import { asWritten, jsonOf } from "../effective-value";
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
  if (release === undefined || promotion === undefined) return undefined;
  const { pin, job } = promotion;
  const followed = followers(ctx, release);
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
function followers(ctx: QueryContext, { push, tests }: EarlyRelease): Followers | undefined {
  const { job, references } = push;
  const stages = ctx.get(stagesOf, job.root);
  const stageOf = (each: Job): number => stages.indexOf(each.stage.value);
  const last = Math.max(...tests.map(stageOf));
  const others = usesOf(ctx, job.root, references).filter((use) => use.job !== job);
  const places: Origin[] = [];
  for (const use of others) {
    if (stageOf(use.job) > last && !use.job.keywords.has("needs")) continue;
    // Where the build does not run, nobody makes the commit's tag.
    const place = tests.includes(use.job) && runSame(use.job, job) ? tagOf(use) : undefined;
    if (place === undefined) return undefined;
    if (!places.some((other) => sameOrigin(other, place))) places.push(place);
  }
  return {
    jobs: others.map((use) => use.job.name),
    edits: places.map((place) => replaceText(place, TAG)),
  };
}

/** Whether two jobs run in the same pipelines, as they say the same about that. */
const runSame = (a: Job, b: Job): boolean => conditionsOf(a) === conditionsOf(b);

const conditionsOf = ({ keywords }: Job): string =>
  JSON.stringify(
    ["rules", "only", "except"].map((key) => {
      const value = keywords.get(key)?.value;
      return value === undefined ? null : jsonOf(new Map([[key, asWritten(value)]]));
    }),
  );

/** The tag where it is written out; undefined in single quotes of a command, where nothing is filled in. */
function tagOf({ references, command }: ImageUse): Origin | undefined {
  const [reference, ...variants] = references;
  const [part, ...more] = (reference?.tag.known === true ? reference.tag.value : undefined)?.parts ?? [];
  const at = part?.kind === "literal" && more.length + variants.length === 0 ? plainPlace(part) : undefined;
  return at === undefined || (command !== undefined && at.chunk.text[at.end] === "'") ? undefined : at;
}
