// Images that are not where a job looks for them: only in another job's daemon, only in the registry, not pushed yet, or not pushed
// at all in some of the pipelines.
import { OFFICIAL_IMAGES } from "../../data/official-images";
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { literalText } from "../docker/symbolic";
import type { ImageReference } from "../docker/image-reference";
import { isUniquePerCommit, isUniquePerPipeline } from "../docker/reference-properties";
import { commandsOf } from "../docker/find-commands";
import type { Job } from "../pipeline/job";
import { isAwaitedBy, orderTableOf } from "../pipeline/order";
import { canBeTogether, waysWithout, type Lasting } from "../pipeline/together";
import type { Way } from "../pipeline/when";
import type { ImageAction, ImageUse } from "./image-use";
import { areSurelyDifferent, imagesAfter, localImagesOf, mayBeLocal } from "./local-images";
import { tagKindOf } from "./tag-kind";
import { firstOfJobs, sharedImagesOf, type SharedImage, type SharedImages } from "./shared-images";
import { mayPushUnseen } from "./unseen-pushes";

export interface MissingImage {
  /**
   * "not-pushed": it is in another job's daemon alone. "not-pulled": it is in the registry, and `tag` or `save` do not fetch it.
   * "not-awaited": the job may start before the one that pushes. "not-together": the job also runs in pipelines in which no job
   * pushes it.
   */
  readonly kind: "not-pushed" | "not-pulled" | "not-awaited" | "not-together";
  readonly reference: ImageReference;
  /** The use that fails first. */
  readonly use: ImageUse;
  /** Further uses, in the same or other jobs. */
  readonly others: readonly ImageUse[];
  /** What makes the image, or what pushes it. */
  readonly source: ImageUse;
  /** False where one host may keep the images of all jobs. */
  readonly isSure: boolean;
  /** For "not-together": one of the pipelines. */
  readonly way: Way | undefined;
}

const missing = defineQuery<FilePath, readonly MissingImage[]>({
  name: "missingImagesOf",
  compute: (ctx, root) => {
    if (!ctx.get(orderTableOf, root).isClosed) return [];
    const shared = sharedImagesOf(ctx, root);
    return shared.images.flatMap((image) => missingOf(ctx, shared, image));
  },
});

/** The images that jobs of a pipeline do not find; each image at most once for each kind and job. */
export const missingImagesOf = (ctx: QueryContext, root: FilePath): readonly MissingImage[] =>
  ctx.get(missing, root);

function missingOf(ctx: QueryContext, shared: SharedImages, image: SharedImage): readonly MissingImage[] {
  if (image.pushers.length === 0) {
    const found = notPushed(ctx, shared, image);
    if (found.length > 0 || image.barePushes.length === 0) return found;
  }
  // More jobs than this push no image that a person wrote: nothing is compared then.
  if (image.pushers.length > MOST_PUSHERS) return [];
  const local = notPulled(ctx, image);
  const found = new Set(local.map(({ use }) => use));
  const rest = firstOfJobs(
    image.users.filter((use) => !found.has(use) && readsRegistry(use) && !mayBeKept(ctx, image, use)),
  );
  return [...local, ...rest.flatMap((use) => notThere(ctx, shared, image, use))];
}

const MOST_PUSHERS = 30;

// ---- In another job's daemon alone

function notPushed(ctx: QueryContext, shared: SharedImages, image: SharedImage): readonly MissingImage[] {
  const { reference } = image;
  const makers = image.makers.filter((use) => use.command?.tool === "docker" && staysInDaemon(use));
  const [source] = makers;
  if (source === undefined || makers.some(({ job }) => mayHandOver(ctx, job))) return [];
  const users = [...image.barePushes, ...image.users.filter((use) => !isPushedFirst(ctx, image, use))].filter(
    (use) =>
      makers.every(({ job }) => job !== use.job) &&
      canFail(ctx, shared, reference, use) &&
      areTogether(ctx, makers, use),
  );
  const [use, ...others] = users;
  // Compared with all that is pushed only where there is something to report: that keeps the whole linear.
  if (use === undefined || !isPushedOnce(shared, reference)) return [];
  const isSure = [...makers, ...users].every(
    ({ command }) => command === undefined || imagesAfter(ctx, command) === "gone",
  );
  return [{ kind: "not-pushed", reference, use, others, source, isSure, way: undefined }];
}

/** A build that goes nowhere but into the daemon; `tag` and `commit` always do. */
const staysInDaemon = ({ build }: ImageUse): boolean => build === undefined || (build.loads && !build.pushes);

/** `docker save` with artifacts, a call that may push. */
const mayHandOver = (ctx: QueryContext, job: Job): boolean =>
  mayPushUnseen(ctx, job) ||
  commandsOf(ctx, job).some(({ verb, isOpen }) => verb === "save" || (verb === "push" && isOpen));

/** A push on a daemon that keeps its images brings it into the registry. */
const isPushedFirst = (ctx: QueryContext, { barePushes }: SharedImage, use: ImageUse): boolean =>
  readsRegistry(use) && keptPushes(ctx, barePushes).length > 0;

const keptPushes = (ctx: QueryContext, uses: readonly ImageUse[]): readonly ImageUse[] =>
  uses.filter(({ command }) => command !== undefined && imagesAfter(ctx, command) !== "gone");

/** `tag`, `save` and `push` look into the daemon alone; what else is pulled may be in the registry since another day. */
function canFail(ctx: QueryContext, shared: SharedImages, reference: ImageReference, use: ImageUse): boolean {
  const { action, job, command } = use;
  if (command !== undefined && (command.tool !== "docker" || localImagesOf(ctx, job).isOpen)) return false;
  if (LOCAL.has(action)) return !mayBeLocal(ctx, job, [reference]);
  return !shared.mayPushMore && (isUniquePerCommit(reference.text) || isNameHere(reference));
}

const LOCAL: ReadonlySet<ImageAction> = new Set<ImageAction>(["tag", "save", "push"]);

/** A name of one word, which Docker Hub has only for official images: nobody else can have pushed it. */
function isNameHere({ registry, repository }: ImageReference): boolean {
  const name = literalText(repository);
  const isHub = registry.known && registry.value === undefined;
  return isHub && name !== undefined && !name.includes("/") && !OFFICIAL_IMAGES.has(name);
}

const areTogether = (ctx: QueryContext, sources: readonly ImageUse[], use: ImageUse): boolean =>
  sources.some(({ job }) => canBeTogether(ctx, job, use.job) === "yes");

// ---- In the registry, and not here

/** `docker tag` and `docker save` never pull. https://docs.docker.com/reference/cli/docker/image/tag/ */
function notPulled(ctx: QueryContext, image: SharedImage): readonly MissingImage[] {
  const { reference } = image;
  const users = image.users.filter(
    ({ action, job, command }) =>
      (action === "tag" || action === "save") &&
      command?.tool === "docker" &&
      imagesAfter(ctx, command) === "gone" &&
      !mayBeLocal(ctx, job, [reference]),
  );
  return firstOfJobs(users).flatMap((use): readonly MissingImage[] => {
    const source = image.pushers.find(
      ({ job }) => job !== use.job && canBeTogether(ctx, job, use.job) === "yes",
    );
    if (source === undefined) return [];
    return [{ kind: "not-pulled", reference, use, others: [], source, isSure: true, way: undefined }];
  });
}

// ---- Not there yet, or not in this pipeline

/** On a daemon that keeps its images, `run` finds what another job built there. */
const mayBeKept = (ctx: QueryContext, { makers }: SharedImage, { action, command }: ImageUse): boolean =>
  command !== undefined &&
  (action === "run" || action === "base") &&
  makers.length > 0 &&
  imagesAfter(ctx, command) !== "gone";

const readsRegistry = ({ action, source }: ImageUse): boolean =>
  action !== "save" && (source === undefined || action === "copy");

function notThere(
  ctx: QueryContext,
  shared: SharedImages,
  { reference, pushers: sure, barePushes }: SharedImage,
  use: ImageUse,
): readonly MissingImage[] {
  const pushers = [...sure, ...keptPushes(ctx, barePushes)];
  const lasting = lastingOf(reference);
  if (pushers.length === 0 || pushers.some(({ job }) => job === use.job)) return [];
  if (lasting === undefined || shared.mayPushMore || isStartedByHand(use.job)) return [];
  const found = faultOf(ctx, pushers, use, lasting);
  if (found === undefined || !isPushedOnce(shared, reference)) return [];
  return [{ ...found, reference, use, others: [], isSure: true }];
}

/** What is wrong with a use of an image that other jobs push; undefined where nothing is. */
function faultOf(
  ctx: QueryContext,
  pushers: readonly ImageUse[],
  use: ImageUse,
  lasting: Lasting,
): Pick<MissingImage, "kind" | "source" | "way"> | undefined {
  const [source] = pushers;
  const together = pushers.filter(({ job }) => canBeTogether(ctx, job, use.job) !== "no");
  const [first] = together;
  if (first !== undefined && together.every(({ job }) => isAwaitedBy(ctx, use.job, job) === "no")) {
    const isSure = canBeTogether(ctx, first.job, use.job) === "yes";
    return isSure ? { kind: "not-awaited", source: first, way: undefined } : undefined;
  }
  if (source === undefined || isRejected(ctx, use.job, pushers)) return undefined;
  const jobs = pushers.map(({ job }) => job);
  const [way] = waysWithout(ctx, use.job, jobs, lasting);
  return way === undefined ? undefined : { kind: "not-together", source, way };
}

/** Which later pipelines find an image; undefined for one that is there since the first day, and where it is not known. */
function lastingOf(reference: ImageReference): Lasting | undefined {
  if (isUniquePerPipeline(reference.text)) return "pipeline";
  if (isUniquePerCommit(reference.text)) return "commit";
  return tagKindOf(reference) === "ref" ? "ref" : undefined;
}

/** No other reference that is pushed may turn out to be the same. */
const isPushedOnce = ({ pushed }: SharedImages, reference: ImageReference): boolean =>
  pushed.every((other) => other.key === reference.key || areSurelyDifferent(other, reference));

/** Somebody starts the job when everything is there. */
const isStartedByHand = ({ keywords }: Job): boolean => {
  const when = keywords.get("when")?.value;
  return (when?.kind === "scalar" && /^(?:manual|delayed)$/.test(when.node.text)) || mentionsManual(keywords);
};

const mentionsManual = (keywords: Job["keywords"]): boolean => {
  const rules = keywords.get("rules")?.value;
  if (rules?.kind !== "list") return rules !== undefined;
  return rules.items.some((rule) => {
    const when = rule.kind === "map" ? rule.entries.get("when")?.value : undefined;
    return rule.kind !== "map" || (when?.kind === "scalar" && /^(?:manual|delayed)$/.test(when.node.text));
  });
};

/** GitLab refuses a pipeline in which a job that is needed is missing: the job never runs there. */
function isRejected(ctx: QueryContext, job: Job, others: readonly ImageUse[]): boolean {
  const needs = ctx.get(orderTableOf, job.root).jobs.get(job.name)?.needs ?? [];
  return needs.some((need) => !need.optional && others.some((other) => other.job.name === need.job));
}
