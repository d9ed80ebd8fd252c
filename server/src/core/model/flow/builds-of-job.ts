// The image builds of one job.
import type { QueryContext } from "../../query/query";
import { buildOf, type Build } from "../docker/build";
import { commandsOf } from "../docker/find-commands";
import type { Job } from "../pipeline/job";

/** In the order of the job's commands. */
export const buildsOfJob = (ctx: QueryContext, job: Job): readonly Build[] =>
  commandsOf(ctx, job).flatMap((command) => buildOf(ctx, command) ?? []);
