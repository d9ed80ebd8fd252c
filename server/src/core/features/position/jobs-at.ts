// The jobs that a spot of a pipeline file has a part in, and the container command that stands there.
import { commandsOf } from "../../model/docker/find-commands";
import type { ContainerCommand } from "../../model/docker/command";
import { pipelineFilesOf } from "../../model/pipeline/include";
import type { Job } from "../../model/pipeline/job";
import { jobNamesOf, jobOf, rootKey, visibleJobsOf } from "../../model/pipeline/resolve";
import { rootsOf } from "../../model/pipeline/roots";
import type { QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { isIn, type Spot } from "./spot";
import type { YamlPath } from "./yaml-path";

/** The pipelines that a file is part of. */
export const rootsAround = (ctx: QueryContext, file: FilePath): readonly FilePath[] =>
  ctx.get(rootsOf, null).filter((root) => ctx.get(pipelineFilesOf, root).files.includes(file));

/**
 * The jobs that may hold what stands at a path: the visible job that it is written in; else all visible jobs, since a template,
 * an anchor or a default may go into any of them, and the template itself last.
 */
export function jobsAt(ctx: QueryContext, spot: Spot, path: YamlPath | undefined): readonly Job[] {
  const name = String(path?.keys[0] ?? "");
  return rootsAround(ctx, spot.file.path).flatMap((root) => {
    const own = ctx.get(jobNamesOf, root).includes(name) ? ctx.get(jobOf, rootKey(root, name)) : undefined;
    if (own !== undefined && !own.isHidden) return [own];
    return own === undefined ? visibleJobsOf(ctx, root) : [...visibleJobsOf(ctx, root), own];
  });
}

/** One job of those around a spot, with what was looked for in it. */
export interface InJob<T> {
  readonly job: Job;
  readonly found: T;
  /** How many other jobs have it too. */
  readonly others: number;
}

/** The first job that has what is looked for. */
export function firstWith<T>(jobs: readonly Job[], find: (job: Job) => T | undefined): InJob<T> | undefined {
  let first: { job: Job; found: T } | undefined;
  let others = 0;
  for (const job of jobs) {
    const found = find(job);
    if (found === undefined || (first !== undefined && job.isHidden)) continue;
    if (first === undefined) first = { job, found };
    else others += 1;
  }
  return first && { ...first, others };
}

/** The innermost container command of a job at a spot. */
export function commandIn(ctx: QueryContext, job: Job, spot: Spot): ContainerCommand | undefined {
  if (!job.script.some((item) => isIn(spot, item.at))) return undefined;
  const holding = commandsOf(ctx, job).filter((command) => isIn(spot, command.at));
  return holding.sort((a, b) => a.at.end - a.at.start - (b.at.end - b.at.start))[0];
}
