// Images that one job makes and another one uses: whether they are where they are looked for. By image, in one pass over what all
// jobs do with images.
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { surelyEndsJob } from "../docker/certain-commands";
import { isFlagOn } from "../docker/command";
import { normaliseName, type ImageReference } from "../docker/image-reference";
import { textKey } from "../docker/symbolic";
import type { Job } from "../pipeline/job";
import { visibleJobsOf } from "../pipeline/resolve";
import { distinctReferences } from "./image-flow";
import type { ImageAction, ImageUse } from "./image-use";
import { localImagesOf, mayBeLocal, mayBeOneOf } from "./local-images";
import { isSameInAllJobs } from "./tag-kind";
import { mayPushUnseen } from "./unseen-pushes";
import { imageUsesOf } from "./uses-of-job";

/** What the jobs of a pipeline do with one image. */
export interface SharedImage {
  readonly reference: ImageReference;
  /** Builds into a daemon, `tag`, `commit`. */
  readonly makers: readonly ImageUse[];
  /** Pushes of what the job has, and copies from registry to registry. */
  readonly pushers: readonly ImageUse[];
  /** Pushes in jobs that do not make the image: they work where a daemon keeps what other jobs made. */
  readonly barePushes: readonly ImageUse[];
  /** Uses that fail where the image is not there, in jobs that do not make it themselves. */
  readonly users: readonly ImageUse[];
}

export interface SharedImages {
  /** The images that a job makes or pushes and another one uses. */
  readonly images: readonly SharedImage[];
  /** Something that is not read may push images: a program, a bake or compose file, a child pipeline. */
  readonly mayPushMore: boolean;
  /** Everything that is pushed, each image once. */
  readonly pushed: readonly ImageReference[];
}

const MAKES: ReadonlySet<ImageAction> = new Set<ImageAction>(["build", "tag", "create"]);
const SENDS: ReadonlySet<ImageAction> = new Set<ImageAction>(["push", "copy"]);
/** What can only work with the image. */
const NEEDS: ReadonlySet<ImageAction> = new Set<ImageAction>([
  "pull",
  "run",
  "save",
  "base",
  "job-image",
  "service",
]);

interface Entry {
  readonly reference: ImageReference;
  readonly makers: ImageUse[];
  readonly pushers: ImageUse[];
  readonly barePushes: ImageUse[];
  readonly users: ImageUse[];
}

const shared = defineQuery<FilePath, SharedImages>({
  name: "sharedImagesOf",
  compute: (ctx, root) => {
    const all = visibleJobsOf(ctx, root);
    const jobs = all.filter(({ isTrigger }) => !isTrigger);
    const entries = new Map<string, Entry>();
    for (const { role, use, reference } of jobs.flatMap((job) => ctx.get(partsOf, job)))
      entryOf(entries, reference)[role].push(use);
    const images = [...entries.values()];
    return {
      images: images.filter(isShared),
      mayPushMore: jobs.length < all.length || jobs.some((job) => mayPushUnseen(ctx, job)),
      pushed: images.flatMap(({ reference, pushers, barePushes }) =>
        pushers.length + barePushes.length > 0 ? [reference] : [],
      ),
    };
  },
});

/** The images that jobs of a pipeline share. */
export const sharedImagesOf = (ctx: QueryContext, root: FilePath): SharedImages => ctx.get(shared, root);

const isShared = ({ makers, pushers, barePushes, users }: Entry): boolean =>
  (users.length > 0 && makers.length + pushers.length + barePushes.length > 0) ||
  (barePushes.length > 0 && makers.length > 0);

type Role = "makers" | "pushers" | "barePushes" | "users";

interface Part {
  readonly role: Role;
  readonly use: ImageUse;
  readonly reference: ImageReference;
}

/** What one job brings into the table: an edit in another one leaves it as it is. */
const partsOf = defineQuery<Job, readonly Part[]>({
  name: "sharedImageParts",
  compute: (ctx, job) =>
    imageUsesOf(ctx, job).flatMap((written) => {
      const use = withAllTags(ctx, written);
      return [
        ...distinctReferences(use.references)
          .filter(isSameInAllJobs)
          .flatMap((reference) => rolesOf(ctx, use, reference).map((role) => ({ role, use, reference }))),
        ...distinctReferences(use.source ?? [])
          .filter(isSameInAllJobs)
          .flatMap((reference): readonly Part[] =>
            isUser(ctx, use, [reference]) ? [{ role: "users", use, reference }] : [],
          ),
      ];
    }),
});

/**
 * `docker push --all-tags NAME` sends every tag that the job gave this name, not only `latest`.
 * https://docs.docker.com/reference/cli/docker/image/push/#all-tags
 */
function withAllTags(ctx: QueryContext, use: ImageUse): ImageUse {
  const { action, job, command } = use;
  if (action !== "push" || command === undefined || !isFlagOn(command, "all-tags")) return use;
  const names = new Set(use.references.map(nameKey));
  const made = imageUsesOf(ctx, job).flatMap((other) =>
    MAKES.has(other.action) ? other.references.filter((reference) => names.has(nameKey(reference))) : [],
  );
  return made.length === 0 ? use : { ...use, references: made };
}

const nameKey = (reference: ImageReference): string => textKey(normaliseName(reference));

function rolesOf(ctx: QueryContext, use: ImageUse, reference: ImageReference): readonly Role[] {
  if (MAKES.has(use.action)) return ["makers"];
  if (SENDS.has(use.action)) return [isBarePush(ctx, use) ? "barePushes" : "pushers"];
  return isUser(ctx, use, [reference]) ? ["users"] : [];
}

function entryOf(entries: Map<string, Entry>, reference: ImageReference): Entry {
  const found = entries.get(reference.key);
  if (found !== undefined) return found;
  const entry: Entry = { reference, makers: [], pushers: [], barePushes: [], users: [] };
  entries.set(reference.key, entry);
  return entry;
}

/** A `docker push` in a job that cannot have the image from itself. */
const isBarePush = (ctx: QueryContext, { job, command, build, references }: ImageUse): boolean =>
  command?.tool === "docker" &&
  command.verb === "push" &&
  build === undefined &&
  surelyEndsJob(ctx, command) &&
  !mayBeLocal(ctx, job, references);

/** A use that stops the job where the image is not there, of an image that the job does not make itself. */
function isUser(ctx: QueryContext, use: ImageUse, references: readonly ImageReference[]): boolean {
  const { action, job, command } = use;
  if (!NEEDS.has(action) && use.source === undefined) return false;
  if (command !== undefined && !surelyEndsJob(ctx, command)) return false;
  return !makesItself(ctx, job, references) && !isOnlyCache(ctx, use, references);
}

/** Whether a job builds, names or loads the image: then it uses its own. */
const makesItself = (ctx: QueryContext, job: Job, references: readonly ImageReference[]): boolean =>
  ctx.get(madeBy, job).some((use) => mayBeOneOf(use.references, references));

const madeBy = defineQuery<Job, readonly ImageUse[]>({
  name: "imagesMadeBy",
  compute: (ctx, job) => localImagesOf(ctx, job).brought.filter(({ action }) => MAKES.has(action)),
});

/** A pull that warms the cache of a build. */
const isOnlyCache = (ctx: QueryContext, use: ImageUse, references: readonly ImageReference[]): boolean =>
  use.action === "pull" &&
  imageUsesOf(ctx, use.job).some(
    (other) =>
      other.action === "cache-from" && other.references.some(({ key }) => key === references[0]?.key),
  );

/** The first use of each job. */
export function firstOfJobs(uses: readonly ImageUse[]): readonly ImageUse[] {
  const first = new Map<Job, ImageUse>();
  for (const use of uses) if (!first.has(use.job)) first.set(use.job, use);
  return [...first.values()];
}
