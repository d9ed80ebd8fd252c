// Jobs whose commands need a Docker daemon that nobody in sight provides, one by one and over a pipeline.
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import type { Job } from "../pipeline/job";
import { visibleJobsOf } from "../pipeline/resolve";
import { profileOf } from "../runner/profile";
import { surelyEndsJob } from "./certain-commands";
import { startsThroughDockerEntrypoint } from "./client-environment";
import type { ContainerCommand } from "./command";
import { daemonOf, type DaemonAccess } from "./daemon";
import { commandsOf } from "./find-commands";
import { needsDaemon, usesRemoteBuilder } from "./needs-daemon";

export interface MissingDaemon {
  /** The first command that is sure to run and to end the job. */
  readonly command: ContainerCommand;
  readonly access: DaemonAccess;
}

const missingDaemons = defineQuery<Job, MissingDaemon | undefined>({
  name: "missingDaemonOf",
  compute: (ctx, job) => {
    const command = commandsOf(ctx, job).find(
      (each) => each.shell === 0 && needsLocalDaemon(ctx, each) && surelyEndsJob(ctx, each),
    );
    if (command === undefined) return undefined;
    const access = daemonOf(ctx, job);
    const isMissing = (access.kind === "none" || access.kind === "unknown") && !access.hostUnknown;
    return isMissing ? { command, access } : undefined;
  },
});

/** What a job lacks for its commands; undefined where it has a daemon, may have one, or needs none. */
export const missingDaemonOf = (ctx: QueryContext, job: Job): MissingDaemon | undefined =>
  job.isClosed ? ctx.get(missingDaemons, job) : undefined;

const needsLocalDaemon = (ctx: QueryContext, command: ContainerCommand): boolean =>
  needsDaemon(command) && !usesRemoteBuilder(ctx, command);

export interface DaemonNeed {
  /** Jobs without a daemon that would get a service of `default`. */
  readonly missing: number;
  /** Jobs with a script. */
  readonly jobs: number;
  /** Another job reaches a daemon in its own way, has services of its own or asks for another runner. */
  readonly hasOthers: boolean;
  /** One of those without a daemon does not start through the docker image's entrypoint, which sets up the client. */
  readonly needsCertificates: boolean;
}

const needs = defineQuery<FilePath, DaemonNeed>({
  name: "daemonNeedOf",
  compute: (ctx, root) => {
    const jobs = visibleJobsOf(ctx, root).filter(({ isTrigger }) => !isTrigger);
    const inNeed = jobs.filter((job) => commandsOf(ctx, job).some((each) => needsLocalDaemon(ctx, each)));
    const missing = inNeed.filter(
      (job) => takesDefaultServices(job) && missingDaemonOf(ctx, job) !== undefined,
    );
    return {
      missing: missing.length,
      jobs: jobs.length,
      hasOthers: missing.length < inNeed.length || new Set(missing.map(tagsOf)).size > 1,
      needsCertificates: missing.some(
        (job) => startsThroughDockerEntrypoint(ctx, job, profileOf(ctx, job)) !== true,
      ),
    };
  },
  equals: (a, b) =>
    a.missing === b.missing &&
    a.jobs === b.jobs &&
    a.hasOthers === b.hasOthers &&
    a.needsCertificates === b.needsCertificates,
});

/** How many jobs of a pipeline lack a daemon. */
export const daemonNeedOf = (ctx: QueryContext, root: FilePath): DaemonNeed => ctx.get(needs, root);

const tagsOf = ({ tags }: Job): string => tags.map(({ value }) => value).join("\0");

const CLIENT_VARIABLES = ["DOCKER_HOST", "DOCKER_TLS_CERTDIR", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"];

/** A job that says nothing of services, of what it inherits, and of the client's variables. */
export const takesDefaultServices = (job: Job): boolean =>
  !job.keywords.has("services") &&
  !job.keywords.has("inherit") &&
  !CLIENT_VARIABLES.some((name) => job.variables.has(name));
