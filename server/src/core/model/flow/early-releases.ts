// Images that are pushed under a name that people use (`latest`, a Git tag, the tag that is deployed) before the tests have run.
// https://docs.gitlab.com/user/packages/container_registry/build_and_push_images/#using-gitlab-cicd
import { runsTests } from "../../data/test-runners";
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { isFlagOn, surelyRuns, type ContainerCommand, type JobCommand } from "../docker/command";
import { dockerfileOf } from "../docker/dockerfile";
import { runsIn } from "../docker/dockerfile-run";
import { commandsOf, isOpaque, jobCommandsOf } from "../docker/find-commands";
import { normaliseName } from "../docker/image-reference";
import { hasSharedTag, isImageOfJobs } from "../docker/shared-tag";
import { showText, textKey } from "../docker/symbolic";
import { baseName } from "../docker/wrappers";
import type { Job } from "../pipeline/job";
import { isAwaitedBy, orderTableOf } from "../pipeline/order";
import { isDeployJob, isTestJob, stopsPipeline } from "../pipeline/test-jobs";
import { canBeTogether, runsRarely, waysTogether } from "../pipeline/together";
import { visibleJobsOf } from "../pipeline/resolve";
import { runsIn as whenRuns } from "../pipeline/when";
import { sameItems } from "../pipeline/yaml-of";
import { usesOf } from "./image-flow";
import type { ImageUse } from "./image-use";
import { tagKindOf, type TagKind } from "./tag-kind";
import { imageUsesOf } from "./uses-of-job";

export interface EarlyRelease {
  readonly push: ImageUse;
  readonly kind: Extract<TagKind, "moving" | "ref" | "git-tag">;
  /** Jobs that test, and that wait for the push; empty where the job tests by itself, behind the push. */
  readonly tests: readonly Job[];
  /** The test of the job itself that comes too late. */
  readonly lateTest: ContainerCommand | undefined;
  /** The image is only what jobs run in. */
  readonly isTool: boolean;
  /** A job that deploys the image waits for the tests: nobody else need take it before. */
  readonly isHeldBack: boolean;
}

const releases = defineQuery<FilePath, readonly EarlyRelease[]>({
  name: "earlyReleasesOf",
  compute: (ctx, root) =>
    visibleJobsOf(ctx, root).flatMap((job) => (job.isTrigger ? [] : ctx.get(releasesIn, job))),
});

const releasesIn = defineQuery<Job, readonly EarlyRelease[]>({
  name: "earlyReleasesIn",
  compute: (ctx, job) => releasesOf(ctx, job),
  equals: (a, b) => a.length === 0 && b.length === 0,
});

const testsOf = defineQuery<FilePath, readonly Job[]>({
  name: "testsOf",
  compute: (ctx, root) => firstStages(ctx, root, isTestJob),
  equals: sameItems,
});

const deploymentsOf = defineQuery<FilePath, readonly Job[]>({
  name: "deploymentsOf",
  compute: (ctx, root) => firstStages(ctx, root, isDeployJob),
  equals: sameItems,
});

/** The jobs of the first stages, not more than a person can look through: each release is compared with all of them. */
function firstStages(ctx: QueryContext, root: FilePath, isMeant: (job: Job) => boolean): readonly Job[] {
  const { stages } = ctx.get(orderTableOf, root);
  const sorted = visibleJobsOf(ctx, root)
    .filter((job) => !job.isTrigger && isMeant(job))
    .map((job) => ({ job, stage: stages.indexOf(job.stage.value) }))
    .sort((a, b) => a.stage - b.stage);
  return sorted.slice(0, MOST_JOBS).map(({ job }) => job);
}

const MOST_JOBS = 100;

/** The releases of a pipeline that come before its tests. */
export const earlyReleasesOf = (ctx: QueryContext, root: FilePath): readonly EarlyRelease[] =>
  ctx.get(releases, root);

interface Release {
  readonly push: ImageUse;
  readonly kind: EarlyRelease["kind"];
}

function releasesOf(ctx: QueryContext, job: Job): readonly EarlyRelease[] {
  if (!job.isClosed || isTestJob(job)) return [];
  const uses = imageUsesOf(ctx, job);
  const pushed = uses.flatMap((push): readonly Release[] => {
    const kind = isSurePush(push) ? releaseKindOf(ctx, push) : undefined;
    return kind === undefined || isTestedHere(ctx, push) ? [] : [{ push, kind }];
  });
  if (pushed.length === 0 || isOpaque(ctx, job)) return [];
  const others = ctx.get(testsOf, job.root).filter((other) => other !== job);
  if (others.some((other) => isTestedBefore(ctx, other, job))) return [];
  const between = ctx
    .get(deploymentsOf, job.root)
    .filter((deploy) => isAwaitedBy(ctx, deploy, job) === "yes");
  const later = others.filter((other) => isGateBehind(ctx, other, job) && !followsOne(ctx, other, between));
  return pushed.flatMap(({ push, kind }) => {
    const lateTest = testBehind(push, uses);
    if (lateTest === undefined && later.length === 0) return [];
    const isHeldBack = kind === "ref" && deploysOf(ctx, push).every((each) => waitsForAll(ctx, each, later));
    return [{ push, kind, tests: later, lateTest, isTool: isToolImage(ctx, push), isHeldBack }];
  });
}

/** What `--all-tags` pushes is not the `latest` that its operand stands for elsewhere. */
const isSurePush = ({ action, command }: ImageUse): boolean =>
  action === "push" &&
  command !== undefined &&
  surelyRuns(command) &&
  command.shell === 0 &&
  !isFlagOn(command, "all-tags");

// ---- Which pushes are releases

function releaseKindOf(ctx: QueryContext, push: ImageUse): EarlyRelease["kind"] | undefined {
  const [reference] = push.references;
  if (reference === undefined) return undefined;
  const kind = tagKindOf(reference);
  if (kind === "git-tag") return "git-tag";
  if (kind === "moving") return hasSharedTag(reference) ? "moving" : undefined;
  if (kind !== "ref") return undefined;
  if (isForTagsAlone(ctx, push.job)) return "git-tag";
  return deploysOf(ctx, push).length > 0 ? "ref" : undefined;
}

/** The name of the ref then is the Git tag's. */
const isForTagsAlone = (ctx: QueryContext, job: Job): boolean =>
  whenRuns(ctx, job).ways.every(({ refs }) => refs.every((ref) => ref === "tag"));

/** The jobs that deploy the image, as far as their commands name it. */
const deploysOf = (ctx: QueryContext, { job, references }: ImageUse): readonly Job[] =>
  usesOf(ctx, job.root, references).flatMap((use) =>
    use.job !== job && isDeployJob(use.job) ? [use.job] : [],
  );

const waitsForAll = (ctx: QueryContext, job: Job, tests: readonly Job[]): boolean =>
  tests.length > 0 && tests.every((test) => isAwaitedBy(ctx, job, test) === "yes");

/** An image of tools is made now and then, is named like one, or is what jobs run in and builds start from. */
const isToolImage = (ctx: QueryContext, { job, references }: ImageUse): boolean =>
  runsRarely(ctx, job) ||
  references.some(
    (reference) => isImageOfJobs(ctx, job, reference) || TOOL_NAME.test(showText(reference.repository)),
  ) ||
  usesOf(ctx, job.root, references, "base").some((use) => use.job !== job);

/** The last words of a path that say that an image is for the pipeline itself. */
const TOOL_NAME =
  /(?:^|[/_-])(?:ci|tools?|toolchain|builders?|build-?env|base|deps|dependencies|runner|env|dev|devcontainer|tests?|testing|lint(?:er)?)(?:-image)?$/i;

// ---- Which tests come before, and which behind

/** A test in front of the job, or one of which that is not known. */
const isTestedBefore = (ctx: QueryContext, test: Job, job: Job): boolean =>
  isAwaitedBy(ctx, job, test) !== "no" && waysTogether(ctx, test, job).length > 0;

const isGateBehind = (ctx: QueryContext, test: Job, job: Job): boolean =>
  stopsPipeline(test) &&
  isAwaitedBy(ctx, test, job) === "yes" &&
  canBeTogether(ctx, test, job) === "yes" &&
  test.isClosed;

/** A job between the two deploys: the test is one of what is deployed. */
const followsOne = (ctx: QueryContext, test: Job, deploys: readonly Job[]): boolean =>
  deploys.some((deploy) => deploy !== test && isAwaitedBy(ctx, test, deploy) === "yes");

/** Tests in front of the push in its own script, or in the Dockerfile that it builds. */
function isTestedHere(ctx: QueryContext, { job, command }: ImageUse): boolean {
  const order = command?.order ?? 0;
  return (
    jobCommandsOf(ctx, job).some((each) => each.order < order && isTest(each)) ||
    commandsOf(ctx, job).some((each) => each.order < order && RUNS.test(each.verb)) ||
    imageUsesOf(ctx, job).some(
      ({ build }) => build?.dockerfile.known === true && hasTests(ctx, build.dockerfile.value),
    )
  );
}

/** A container that runs in front of the push is nearly always the test. */
const RUNS = /^(?:run|compose (?:run|up))$/;

const isTest = ({ argv: [name, ...words] }: JobCommand): boolean =>
  name !== undefined &&
  runsTests(
    baseName(name.text),
    words.map(({ text }) => text),
  );

function hasTests(ctx: QueryContext, path: FilePath): boolean {
  const stages = dockerfileOf(ctx, path)?.stages ?? [];
  return stages.some((stage) =>
    runsIn(ctx, stage.instructions).some(({ commands }) =>
      commands.some(({ words: [name, ...words] }) => name !== undefined && runsTests(baseName(name), words)),
    ),
  );
}

/** `docker run IMAGE npm test` behind the push, of the image that was pushed, whatever its tag. */
function testBehind(push: ImageUse, uses: readonly ImageUse[]): ContainerCommand | undefined {
  const names = new Set(push.references.map((reference) => textKey(normaliseName(reference))));
  const late = uses.find(
    ({ action, command, references }) =>
      action === "run" &&
      command !== undefined &&
      command.shell === 0 &&
      command.order > (push.command?.order ?? Infinity) &&
      surelyRuns(command) &&
      references.some((reference) => names.has(textKey(normaliseName(reference)))) &&
      testsInside(command),
  );
  return late?.command;
}

function testsInside({ operands }: ContainerCommand): boolean {
  const words = operands.slice(1).map(({ text }) => text);
  const [name = "", ...rest] = words;
  return runsTests(baseName(name), rest) || /(?:^|[/_-])tests?(?:$|[._-])/.test(baseName(name));
}
