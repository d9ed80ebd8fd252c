// What is known of the runner that will take a job, and on which lines that rests.
import { defineQuery, type QueryContext } from "../../query/query";
import type { Executor, RunnerSetting } from "../../settings/settings";
import type { Job } from "../pipeline/job";
import { settingsOf } from "../settings-of";
import { runnerConfigsOf } from "./config";
import { registeredRunnerOf } from "./profile-of-register";
import { profileOfRunner } from "./profile-of-runner";
import type { RunnerConfig } from "./runner";
import { ignoresImages, UNKNOWN_PROFILE, type RunnerProfile } from "./runner-profile";

export type { ProfileSource, RunnerProfile, RunnerService, Setting } from "./runner-profile";

const profiles = defineQuery<Job, RunnerProfile>({
  name: "profileOf",
  compute: (ctx, job) => fromSettings(ctx, job) ?? fromPreset(job) ?? fromConfig(ctx, job) ?? UNKNOWN_PROFILE,
});

/**
 * The runner that takes a job: what the settings say of its tags; GitLab's own runners by tag; the only `[[runners]]` of the
 * workspace where nothing contradicts it; the only one that its scripts register; else unknown.
 */
export const profileOf = (ctx: QueryContext, job: Job): RunnerProfile => ctx.get(profiles, job);

/** The first entry whose tags fit the job wins; an entry without tags stands for jobs without tags. */
function fromSettings(ctx: QueryContext, job: Job): RunnerProfile | undefined {
  const tags = new Set(job.tags.map((tag) => tag.value));
  const fits = (setting: RunnerSetting): boolean =>
    setting.tags.length === 0 ? tags.size === 0 : setting.tags.every((tag) => tags.has(tag));
  const setting = ctx.get(settingsOf, null).settings.runners.find(fits);
  if (setting === undefined) return undefined;
  const volumes = setting.volumes.map((value) => ({ value, at: undefined }));
  const isKubernetes = setting.executor === "kubernetes";
  return {
    ...UNKNOWN_PROFILE,
    source: "settings",
    isKnown: true,
    executor: setting.executor,
    ignoresImages: ignoresImages(setting.executor),
    privileged: setting.privileged === undefined ? undefined : { value: setting.privileged, at: undefined },
    volumes: isKubernetes ? [] : volumes,
    mountPaths: isKubernetes ? volumes : [],
    environment: new Map([...setting.environment].map(([name, value]) => [name, { value, at: undefined }])),
  };
}

/** GitLab's hosted Linux runners. https://docs.gitlab.com/ci/runners/hosted_runners/linux/ */
function fromPreset(job: Job): RunnerProfile | undefined {
  const tag = job.tags.find(({ value }) =>
    /^saas-linux-(small|medium|large|xlarge|2xlarge)-(amd64|arm64)(-gpu-\w+)?$/.test(value),
  );
  if (tag === undefined) return undefined;
  // Its volumes and environment are not published any more: nothing is said of them.
  return {
    ...UNKNOWN_PROFILE,
    source: "preset",
    isKnown: true,
    name: tag.value,
    executor: "docker+machine",
    ignoresImages: false,
    privileged: { value: true, at: undefined },
    evidence: [tag.at],
  };
}

function fromConfig(ctx: QueryContext, job: Job): RunnerProfile | undefined {
  const all = runnerConfigsOf(ctx).flatMap((config) => config.runners.map((runner) => ({ config, runner })));
  const [only, ...others] = all;
  if (only === undefined) return fromRegistration(ctx, job);
  if (others.length > 0) return undefined;
  const profile = ctx.get(profileOfConfig, only.config);
  return profile === undefined || job.tags.some(({ value }) => contradicts(value, profile.executor))
    ? undefined
    : profile;
}

/** The only runner that scripts of the workspace register, where its tags fit the job's. */
function fromRegistration(ctx: QueryContext, job: Job): RunnerProfile | undefined {
  const registered = registeredRunnerOf(ctx);
  if (registered === undefined) return undefined;
  const { profile, tags } = registered;
  // With an authentication token the tags are kept by GitLab.
  const isTagged = (tag: string): boolean => tags.length === 0 || tags.includes(tag);
  const fits = job.tags.every(({ value }) => isTagged(value) && !contradicts(value, profile.executor));
  return fits ? profile : undefined;
}

/** By configuration, not by job: fifty jobs share it. */
const profileOfConfig = defineQuery<RunnerConfig, RunnerProfile | undefined>({
  name: "profileOfConfig",
  compute: (_ctx, config) => {
    const [runner] = config.runners;
    return runner === undefined ? undefined : profileOfRunner(config, runner);
  },
});

/** Tags that name another kind of runner. */
function contradicts(tag: string, executor: Executor | undefined): boolean {
  const name = tag.toLowerCase();
  if (/^(windows|macos|osx|saas-)/.test(name)) return true;
  if (/^(kubernetes|k8s)$/.test(name)) return executor !== "kubernetes";
  if (/^(shell|ssh|virtualbox|parallels)$/.test(name)) return executor !== name;
  return false;
}
