// Whether a job waits for its daemon before it needs it: a loop that asks for it, a pause, a program that waits for a port.
import type { QueryContext } from "../../query/query";
import type { Job } from "../pipeline/job";
import { profileOf } from "../runner/profile";
import { surelyEndsJob } from "./certain-commands";
import type { ContainerCommand, JobCommand } from "./command";
import type { DindService } from "./dind-service";
import { commandsOf, isOpaque, jobCommandsOf } from "./find-commands";
import { needsDaemon, usesRemoteBuilder } from "./needs-daemon";
import { baseName } from "./wrappers";

/** The variable of a service that makes Runner wait for a port (16.9 for Kubernetes). https://docs.gitlab.com/runner/executors/kubernetes/ */
export const HEALTHCHECK_PORT = "HEALTHCHECK_TCP_PORT";

/** The first command that needs the daemon, where nothing in front of it waits for one; undefined otherwise. */
export function firstWithoutWait(ctx: QueryContext, job: Job): ContainerCommand | undefined {
  const first = commandsOf(ctx, job).find(
    (command) => needsDaemon(command) && !usesRemoteBuilder(ctx, command),
  );
  // A first command that may fail, or need not run, asks whether the daemon is there.
  if (first === undefined || first.shell !== 0 || isOpaque(ctx, job)) return undefined;
  if (first.wrappers.length > 0 || !surelyEndsJob(ctx, first)) return undefined;
  return jobCommandsOf(ctx, job).some((command) => command.order < first.order && waits(command))
    ? undefined
    : first;
}

const waits = ({ argv, branches }: JobCommand): boolean =>
  /^(sleep|nc|ncat|dockerize|timeout)$|wait/.test(baseName(argv[0]?.text ?? "")) ||
  branches.some(({ node }) => "kind" in node && (node.kind === "until" || node.kind === "while"));

/** Whether Runner itself waits for a service: its own variable, that of the job, or of the runner's configuration. */
export function runnerWaitsFor(ctx: QueryContext, job: Job, daemon: DindService): boolean {
  const profile = profileOf(ctx, job);
  return (
    daemon.service?.variables.has(HEALTHCHECK_PORT) === true ||
    job.variables.has(HEALTHCHECK_PORT) ||
    profile.environment.has(HEALTHCHECK_PORT) ||
    (daemon.from === "runner" &&
      profile.services.some(
        ({ name, environment }) => name.at === daemon.at.at && environment.has(HEALTHCHECK_PORT),
      ))
  );
}
