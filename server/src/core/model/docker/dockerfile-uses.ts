// Which builds of the workspace's pipelines use a Dockerfile. The pipelines are asked once each, job by job: an edit in one job
// reads that job again and puts the lists together.
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import type { Job } from "../pipeline/job";
import { jobNamesOf, jobOf, orphanTemplatesOf } from "../pipeline/resolve";
import { rootKey } from "../pipeline/root-table";
import { rootsOf } from "../pipeline/roots";
import { sameItems } from "../pipeline/yaml-of";
import { buildOf, type Build } from "./build";
import { commandsOf } from "./find-commands";

const buildsOfJob = defineQuery<Job, readonly Build[]>({
  name: "buildsOfJob",
  compute: (ctx, job) => commandsOf(ctx, job).flatMap((command) => buildOf(ctx, command) ?? []),
  equals: sameItems,
});

/** The builds of a pipeline's jobs, those of templates that no job extends too: they are somebody else's jobs. */
const buildsOfPipeline = defineQuery<FilePath, readonly Build[]>({
  name: "buildsOfPipeline",
  compute: (ctx, root) => {
    const orphans = new Set(ctx.get(orphanTemplatesOf, root));
    return ctx.get(jobNamesOf, root).flatMap((name) => {
      const job =
        !name.startsWith(".") || orphans.has(name) ? ctx.get(jobOf, rootKey(root, name)) : undefined;
      return job === undefined || job.isTrigger ? [] : ctx.get(buildsOfJob, job);
    });
  },
  equals: sameItems,
});

const allBuilds = defineQuery<null, readonly Build[]>({
  name: "allBuilds",
  compute: (ctx) => ctx.get(rootsOf, null).flatMap((root) => ctx.get(buildsOfPipeline, root)),
  equals: sameItems,
});

const buildsByDockerfile = defineQuery<FilePath, readonly Build[]>({
  name: "buildsOfDockerfile",
  compute: (ctx, path) =>
    ctx.get(allBuilds, null).filter(({ dockerfile }) => dockerfile.known && dockerfile.value === path),
  equals: sameItems,
});

const unplacedBuilds = defineQuery<null, readonly Build[]>({
  name: "buildsOfUnknownDockerfiles",
  compute: (ctx) => ctx.get(allBuilds, null).filter(({ dockerfile }) => !dockerfile.known),
  equals: sameItems,
});

/** The builds of all pipelines in the workspace that read a Dockerfile, by its path below the root. */
export const buildsOfDockerfile = (ctx: QueryContext, path: FilePath): readonly Build[] =>
  ctx.get(buildsByDockerfile, path);

/** The builds whose Dockerfile is not known (`-f $FILE`): each may use any. */
export const buildsOfUnknownDockerfiles = (ctx: QueryContext): readonly Build[] =>
  ctx.get(unplacedBuilds, null);

/** The directories that serve as context for a Dockerfile, below the root; without a build in sight its own and the root. */
export function contextsOf(ctx: QueryContext, path: FilePath): readonly FilePath[] {
  const known = buildsOfDockerfile(ctx, path).flatMap(({ context }) =>
    context.known && context.value.kind === "directory" ? [context.value.path] : [],
  );
  const own = path.slice(0, Math.max(path.lastIndexOf("/"), 0));
  return [...new Set(known.length > 0 ? known : [own, ""])];
}
