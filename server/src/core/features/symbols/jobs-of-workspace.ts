// Every job of every pipeline with what its commands build: what names in Dockerfiles and in scripts are followed through.
import { buildOf, type Build } from "../../model/docker/build";
import { dockerfilePathsOf } from "../../model/docker/build-dockerfiles";
import { commandsOf } from "../../model/docker/find-commands";
import { jobScripts, type ReadCall } from "../../model/docker/job-commands";
import type { Job } from "../../model/pipeline/job";
import { jobNamesOf, jobOf, orphanTemplatesOf } from "../../model/pipeline/resolve";
import { rootKey } from "../../model/pipeline/root-table";
import { rootsOf } from "../../model/pipeline/roots";
import { sameItems } from "../../model/pipeline/yaml-of";
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";

/** All jobs and templates of a pipeline. */
export const jobsOfPipeline = defineQuery<FilePath, readonly Job[]>({
  name: "jobsOfPipeline",
  compute: (ctx, root) =>
    ctx.get(jobNamesOf, root).flatMap((name) => ctx.get(jobOf, rootKey(root, name)) ?? []),
  equals: sameItems,
});

/** The jobs of all pipelines. Templates are among them only where no job builds on them: what they say is said by these jobs. */
export const allJobs = (ctx: QueryContext): readonly Job[] =>
  ctx.get(rootsOf, null).flatMap((root) => {
    const orphans = new Set(ctx.get(orphanTemplatesOf, root));
    return ctx.get(jobsOfPipeline, root).filter(({ isHidden, name }) => !isHidden || orphans.has(name));
  });

/** A build with the Dockerfiles that it may read. */
export interface PlacedBuild {
  readonly job: Job;
  readonly build: Build;
  /** Undefined where they are not known. */
  readonly dockerfiles: readonly FilePath[] | undefined;
}

const buildsOfJob = defineQuery<Job, readonly PlacedBuild[]>({
  name: "placedBuildsOfJob",
  compute: (ctx, job) =>
    job.isTrigger
      ? []
      : commandsOf(ctx, job).flatMap((command): readonly PlacedBuild[] => {
          const build = buildOf(ctx, command);
          return build === undefined ? [] : [{ job, build, dockerfiles: dockerfilePathsOf(ctx, build) }];
        }),
});

export const buildsIn = (ctx: QueryContext, job: Job): readonly PlacedBuild[] => ctx.get(buildsOfJob, job);

/** The builds of all jobs. */
export const allBuilds = (ctx: QueryContext): readonly PlacedBuild[] =>
  allJobs(ctx).flatMap((job) => buildsIn(ctx, job));

/** The scripts of the repository that a job calls. Nothing is read where no text looks like a call. */
export const callsOf = (ctx: QueryContext, job: Job): readonly ReadCall[] =>
  job.script.some(({ text }) => MAY_CALL.test(text.text)) ? ctx.get(jobScripts, job).calls : [];

const MAY_CALL =
  /\.(?:ba|da|a|k)?sh\b|\b(?:source|(?:ba|da|a|k)?sh)[ \t]|(?:^|[\n;&| \t"'])\.[ \t/]|\$\w*DIR/;

/** Whether a part of a job is written in a file, or in a script that it calls. */
export const isWrittenIn = (ctx: QueryContext, job: Job, file: FilePath): boolean =>
  job.script.some(({ at }) => at.chunk.file === file) ||
  callsOf(ctx, job).some((call) => call.file.path === file);
