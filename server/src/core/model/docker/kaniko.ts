// Jobs that build with kaniko, and whether its image can run a job's script.
// https://github.com/GoogleContainerTools/kaniko (archived)
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import type { Job } from "../pipeline/job";
import { visibleJobsOf } from "../pipeline/resolve";
import { profileOf } from "../runner/profile";
import { isDockerExecutor, type RunnerProfile } from "../runner/runner-profile";
import type { ContainerCommand } from "./command";
import { commandsOf } from "./find-commands";
import { jobImagesOf } from "./job-images";
import { showText } from "./symbolic";

export interface KanikoUse {
  /** "google": an image of the archived project. "other": an image of which nobody knows where its kaniko is from. */
  readonly source: "google" | "other";
  readonly commands: readonly ContainerCommand[];
  /** The image's tag; undefined where it is not known. */
  readonly tag: string | undefined;
  /** Whether the image has a shell, as its tag says; undefined where that is not known. */
  readonly hasShell: boolean | undefined;
  /** "missing": the image's own entrypoint takes the script's place, for sure or on runners of the Docker executor. */
  readonly entrypoint: "set" | "missing" | "missing-for-docker";
}

const GOOGLE = /(^|\/)kaniko-project\/(executor|warmer|debug)$/;
/** Projects that go on with it. https://github.com/osscontainertools/kaniko , https://github.com/chainguard-forks/kaniko */
const FORKS =
  /(^|\/)(osscontainertools|martizih|mzihlmann|chainguard-dev|chainguard-forks|chainguard|bitnami|bitnamilegacy)\/kaniko(-\w+)?$/;

/** How a job uses the archived kaniko; undefined where it does not, or uses a fork. */
export function kanikoUseOf(ctx: QueryContext, job: Job): KanikoUse | undefined {
  const profile = profileOf(ctx, job);
  const image = jobImagesOf(ctx, job).find(({ role }) => role === "cli")?.images[0];
  const repository = image === undefined ? "" : showText(image.reference.repository);
  const isGoogle = profile.ignoresImages !== true && GOOGLE.test(repository);
  const commands =
    isGoogle || mayRun(job) ? commandsOf(ctx, job).filter(({ tool }) => tool === "kaniko") : [];
  if (isGoogle) return { source: "google", commands, ...startOf(job, profile, repository, image?.tag) };
  return commands.length === 0 || FORKS.test(repository)
    ? undefined
    : { source: "other", commands, tag: undefined, hasShell: undefined, entrypoint: "set" };
}

/**
 * Whether the kaniko of a job pushes to the project's own registry without a login: since version 1.9 it takes the credentials that
 * GitLab gives each job. Tags such as `debug` are newer. https://docs.gitlab.com/ci/docker/using_kaniko/#authenticate-with-the-container-registry ,
 * https://github.com/GoogleContainerTools/kaniko/pull/2040
 */
export function takesJobCredentials(ctx: QueryContext, job: Job): boolean {
  const version = /^v?(\d+)\.(\d+)/.exec(kanikoUseOf(ctx, job)?.tag ?? "");
  if (version === null) return true;
  const [major, minor] = [Number(version[1]), Number(version[2])];
  return major > 1 || (major === 1 && minor >= 9);
}

/** Whether the image can start a script. */
function startOf(
  job: Job,
  { executor }: RunnerProfile,
  repository: string,
  tag: string | undefined,
): Pick<KanikoUse, "tag" | "hasShell" | "entrypoint"> {
  const isSet = job.image?.entrypoint !== undefined || executor === "kubernetes";
  return {
    tag,
    hasShell: tag === undefined || repository.endsWith("debug") ? undefined : tag.includes("debug"),
    entrypoint: isSet ? "set" : isDockerExecutor(executor) ? "missing" : "missing-for-docker",
  };
}

const mayRun = (job: Job): boolean => job.script.some(({ text }) => text.text.includes("executor"));

/** The visible jobs of a pipeline by the place where their image is written, for jobs that use the archived kaniko. */
export const kanikoJobsOf = defineQuery<FilePath, ReadonlyMap<string, readonly Job[]>>({
  name: "kanikoJobsOf",
  compute: (ctx, root) => {
    const groups = new Map<string, Job[]>();
    for (const job of visibleJobsOf(ctx, root)) {
      if (job.isTrigger || kanikoUseOf(ctx, job)?.source !== "google") continue;
      const key = imageKeyOf(job);
      groups.set(key, [...(groups.get(key) ?? []), job]);
    }
    return groups;
  },
});

/** Stands for the place at which a job's image is written. */
export function imageKeyOf({ image }: Job): string {
  const at = image?.name.at;
  return at === undefined ? "" : `${at.chunk.file}\0${at.start}\0${at.chunk.text}`;
}
