// Images that pass from job to job under a tag that the next pipeline overwrites: what is tested may not be what is released.
// https://docs.gitlab.com/user/packages/container_registry/build_and_push_images/#using-gitlab-cicd
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import type { ImageReference } from "../docker/image-reference";
import type { Job } from "../pipeline/job";
import { isAwaitedBy } from "../pipeline/order";
import { canBeTogether, runsRarely, waysTogether } from "../pipeline/together";
import type { ImageAction, ImageUse } from "./image-use";
import { earlyReleasesOf } from "./early-releases";
import { firstOfJobs, sharedImagesOf, type SharedImage } from "./shared-images";
import { tagKindOf } from "./tag-kind";

export interface MovingImage {
  readonly reference: ImageReference;
  /** "ref": each branch has its own. "moving": one for all. */
  readonly kind: "ref" | "moving";
  readonly push: ImageUse;
  /** Uses in jobs that wait for the push, the first of each job. */
  readonly users: readonly ImageUse[];
  /** Jobs only run in it, and builds start from it. */
  readonly isTool: boolean;
  /** It is pushed where certain files changed, on a schedule, or by hand. */
  readonly isRare: boolean;
  /** All jobs that touch it share a `resource_group`. */
  readonly isGuarded: boolean;
  /** It is pushed before the tests, which is said of it already. */
  readonly isReleasedEarly: boolean;
}

const moving = defineQuery<FilePath, readonly MovingImage[]>({
  name: "movingImagesOf",
  compute: (ctx, root) => {
    const found = sharedImagesOf(ctx, root).images.flatMap((image) => movingOf(ctx, image));
    if (found.length === 0) return [];
    const early = new Set(
      earlyReleasesOf(ctx, root)
        .filter(({ isTool, kind }) => !isTool && kind === "moving")
        .flatMap(({ push }) => push.references.map(({ key }) => key)),
    );
    return found.map((each) => ({ ...each, isReleasedEarly: early.has(each.reference.key) }));
  },
});

/** The images of a pipeline that pass from job to job under a tag that moves. */
export const movingImagesOf = (ctx: QueryContext, root: FilePath): readonly MovingImage[] =>
  ctx.get(moving, root);

const TOOL_USES: ReadonlySet<ImageAction> = new Set<ImageAction>(["job-image", "service", "base"]);

/** More than this push no image that a person wrote: nothing is compared then. */
const MOST_PUSHERS = 30;

function movingOf(ctx: QueryContext, image: SharedImage): readonly MovingImage[] {
  const { reference, users } = image;
  const pushers = [...image.pushers, ...image.barePushes];
  const kind = tagKindOf(reference);
  if ((kind !== "ref" && kind !== "moving") || pushers.length > MOST_PUSHERS) return [];
  for (const push of pushers) {
    const later = firstOfJobs(users.filter((use) => isPassedOn(ctx, push, use)));
    if (later.length === 0) continue;
    const jobs = [push.job, ...later.map(({ job }) => job)];
    return [
      {
        reference,
        kind,
        push,
        users: later,
        isTool: users.every(({ action }) => TOOL_USES.has(action)),
        isRare: runsRarely(ctx, push.job),
        isGuarded: sharedGroup(jobs),
        isReleasedEarly: false,
      },
    ];
  }
  return [];
}

/** The user waits for the push in a pipeline that is not for a Git tag, whose name comes but once. */
function isPassedOn(ctx: QueryContext, push: ImageUse, use: ImageUse): boolean {
  if (push.job === use.job || isAwaitedBy(ctx, use.job, push.job) !== "yes") return false;
  if (canBeTogether(ctx, push.job, use.job) !== "yes") return false;
  return waysTogether(ctx, push.job, use.job).some(({ refs }) => refs.some((ref) => ref !== "tag"));
}

/** https://docs.gitlab.com/ci/resource_groups/ */
function sharedGroup(jobs: readonly Job[]): boolean {
  const groups = jobs.map(({ keywords }) => {
    const value = keywords.get("resource_group")?.value;
    return value?.kind === "scalar" ? value.node.text : undefined;
  });
  return groups[0] !== undefined && groups.every((group) => group === groups[0]);
}
