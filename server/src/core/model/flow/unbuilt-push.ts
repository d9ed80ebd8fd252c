// Pushes of images that the job never made: what is pushed must lie in the daemon.
// https://docs.docker.com/reference/cli/docker/image/push/
import type { QueryContext } from "../../query/query";
import { isFlagOn } from "../docker/command";
import { surelyEndsJob } from "../docker/certain-commands";
import { normaliseName } from "../docker/image-reference";
import { isOwnRegistry } from "../docker/registry-use";
import { textKey, variablesIn } from "../docker/symbolic";
import type { Job } from "../pipeline/job";
import { imageFlowOf, usesOf } from "./image-flow";
import type { ImageUse } from "./image-use";
import { imagesAfter, localImagesOf, mayBeOneOf } from "./local-images";
import { mayPushUnseen } from "./unseen-pushes";
import { imageUsesOf } from "./uses-of-job";

export interface UnbuiltPush {
  readonly push: ImageUse;
  /** "gone": the daemon starts empty. Otherwise other pipelines may have left the image there. */
  readonly daemon: "gone" | "kept" | "unknown";
  /** What the job makes and pushes nowhere, of the same name; undefined where there is none or more than one. */
  readonly closest: ImageUse | undefined;
  /** Builds, `tag` and `commit` of the job. */
  readonly made: readonly ImageUse[];
  /** Where another job pushes the image. */
  readonly pushedBy: ImageUse | undefined;
}

/** The pushes of a job for which nothing in it makes the image, and no other job keeps it to itself. */
export function unbuiltPushesOf(ctx: QueryContext, job: Job): readonly UnbuiltPush[] {
  const uses = imageUsesOf(ctx, job);
  const pushes = uses.filter((use) => use.action === "push" && isPlainPush(use));
  if (pushes.length === 0 || localImagesOf(ctx, job).isOpen) return [];
  return pushes.flatMap((push) => unbuilt(ctx, push, uses));
}

function unbuilt(ctx: QueryContext, push: ImageUse, uses: readonly ImageUse[]): readonly UnbuiltPush[] {
  const { command, references, job } = push;
  if (command === undefined || !isReadable(push)) return [];
  if (command.shell === 0 && !surelyEndsJob(ctx, command)) return [];
  const others = usesOf(ctx, job.root, references).filter((use) => use.job !== job);
  const pushedBy = others.find(({ action }) => action === "push" || action === "copy");
  const daemon = imagesAfter(ctx, command);
  if (isBrought(ctx, push, pushedBy) || isOfOthers(ctx, job, daemon, others, pushedBy)) return [];
  const made = uses.filter(({ action }) => MAKES.has(action));
  return [{ push, daemon, closest: closestTo(push, made, uses), made, pushedBy }];
}

/** Whether the job may have the image. A pull that may fail finds what another job pushes, or somebody else. */
function isBrought(
  ctx: QueryContext,
  { job, references }: ImageUse,
  pushedBy: ImageUse | undefined,
): boolean {
  const tried = localImagesOf(ctx, job).brought.filter((use) => mayBeOneOf(use.references, references));
  if (tried.length === 0) return false;
  return (
    tried.some((use) => !isTried(use)) ||
    pushedBy !== undefined ||
    isHidden(ctx, job) ||
    !references.every(isOwnRegistry)
  );
}

/** What another job makes and nobody pushes is that job's matter; where daemons are shared it may be there. */
function isOfOthers(
  ctx: QueryContext,
  job: Job,
  daemon: UnbuiltPush["daemon"],
  others: readonly ImageUse[],
  pushedBy: ImageUse | undefined,
): boolean {
  const isMade = others.some(({ action }) => MAKES.has(action));
  if (daemon === "gone") return isMade && pushedBy === undefined;
  return isMade || pushedBy !== undefined || isHidden(ctx, job);
}

const MAKES: ReadonlySet<string> = new Set(["build", "tag", "create"]);

/** `docker pull X || true` */
const isTried = ({ action, command }: ImageUse): boolean =>
  action === "pull" && command?.use.tolerated === true;

const isPlainPush = ({ command, build }: ImageUse): boolean =>
  command?.tool === "docker" &&
  command.verb === "push" &&
  build === undefined &&
  command.operands.length === 1 &&
  !command.isOpen &&
  !command.use.conditional &&
  !isFlagOn(command, "all-tags");

/** What the script works out may be anything that lies there. */
const isReadable = ({ references }: ImageUse): boolean =>
  references.every(({ text }) =>
    variablesIn(text).every(({ reason }) => ["predefined", "unknown", "external"].includes(reason)),
  );

/** A job that is not read may have made the image, or pushed it. */
const isHidden = (ctx: QueryContext, { root }: Job): boolean =>
  imageFlowOf(ctx, root).jobs.some((other) => localImagesOf(ctx, other).isOpen || mayPushUnseen(ctx, other));

/** The image that is meant: the same name under another tag, and not pushed itself. */
function closestTo(
  push: ImageUse,
  made: readonly ImageUse[],
  uses: readonly ImageUse[],
): ImageUse | undefined {
  const pushed = new Set(
    uses.flatMap(({ action, references }) => (action === "push" ? references.map(({ key }) => key) : [])),
  );
  const names = new Set(push.references.map((reference) => textKey(normaliseName(reference))));
  const found = made.filter(
    ({ references }) =>
      references.every(({ key }) => !pushed.has(key)) &&
      references.some((reference) => names.has(textKey(normaliseName(reference)))),
  );
  return found.length === 1 ? found[0] : undefined;
}
