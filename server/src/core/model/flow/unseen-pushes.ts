// Whether images may reach a registry that nobody sees here: by a program that is not read, a bake or compose file, a child
// pipeline, a part that could not be read. What is said to be missing may then be there.
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { holdsClient, jobImageOf } from "../docker/client-image";
import { commandsOf, isOpaque } from "../docker/find-commands";
import { filePushesOf } from "../docker/registry-use";
import type { Job } from "../pipeline/job";
import { visibleJobsOf } from "../pipeline/resolve";
import { isTestJob } from "../pipeline/test-jobs";
import { profileOf } from "../runner/profile";

const unseenPushes = defineQuery<Job, boolean>({
  name: "unseenPushes",
  compute: (ctx, job) =>
    !job.isClosed || filePushesOf(ctx, job).length > 0 || (isOpaque(ctx, job) && mayReachRegistry(ctx, job)),
});

/** Whether a job may push what no reference in it says. */
export const mayPushUnseen = (ctx: QueryContext, job: Job): boolean => ctx.get(unseenPushes, job);

/** `npm run lint` in a Node image pushes nothing, unless its words say so; nor does a job of tests. */
function mayReachRegistry(ctx: QueryContext, job: Job): boolean {
  if (commandsOf(ctx, job).length > 0) return true;
  const texts = [job.image?.name.value ?? "", ...job.script.map(({ text }) => text.text)];
  if (texts.some((text) => IMAGE_WORDS.test(text))) return true;
  if (isTestJob(job)) return false;
  const image = jobImageOf(ctx, job, profileOf(ctx, job));
  return image === undefined || holdsClient(image) !== "no" || job.services.length > 0;
}

const IMAGE_WORDS =
  /docker|dind|kaniko|buildah|podman|skopeo|crane|buildkit|registry|push|publish|image|release|\bjib\b|\bko\b|\bhelm\b/i;

/** The same for a whole pipeline. */
export const hasUnseenWriters = defineQuery<FilePath, boolean>({
  name: "hasUnseenWriters",
  compute: (ctx, root) =>
    visibleJobsOf(ctx, root).some((job) =>
      job.isTrigger ? !job.isClosed || startsChild(job) : mayPushUnseen(ctx, job),
    ),
});

/** https://docs.gitlab.com/ci/yaml/#triggerinclude */
function startsChild({ keywords }: Job): boolean {
  const trigger = keywords.get("trigger")?.value;
  return trigger?.kind === "map" && trigger.entries.has("include");
}
