// Artifacts that only feed later jobs of the pipeline.
import { defineQuery, type QueryContext } from "../../query/query";
import type { Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import type { Job } from "../pipeline/job";
import { orderTableOf, resultsOf } from "../pipeline/order";
import { jobOf, rootKey, visibleJobsOf } from "../pipeline/resolve";
import { artifactsOf, isWithin, type Artifacts } from "../pipeline/stored-paths";
import { pathReadsOf } from "./path-uses";

export interface Feeding {
  readonly producer: Job;
  readonly artifacts: Artifacts;
  /** The first job that uses them, and where. */
  readonly consumer: Job;
  readonly at: Origin;
}

/** Artifacts without `expire_in` that a later job uses, and that nobody is meant to fetch. */
export const feedingArtifactsOf = defineQuery<FilePath, readonly Feeding[]>({
  name: "feedingArtifactsOf",
  compute: (ctx, root) => {
    const producers = visibleJobsOf(ctx, root).flatMap((producer) => {
      const artifacts = producer.isTrigger || isForPeople(producer) ? undefined : artifactsOf(producer);
      return artifacts === undefined || artifacts.hasExpiry || artifacts.paths.length === 0
        ? []
        : [{ producer, artifacts }];
    });
    if (producers.length === 0) return [];
    const reads = readsByFolder(ctx, root);
    return producers.flatMap(({ producer, artifacts }) => {
      const use = firstUse(ctx, producer, artifacts, reads);
      return use === undefined || !isPlain(artifacts) ? [] : [{ producer, artifacts, ...use }];
    });
  },
});

/** Jobs whose results people fetch: releases, packages, pages, deployments. */
function isForPeople({ name, stage, keywords }: Job): boolean {
  return (
    /release|deploy|publish|package|pages|upload|dist(ribut|$)/i.test(`${name} ${stage.value}`) ||
    ["release", "pages", "environment"].some((keyword) => keywords.has(keyword))
  );
}

/** Not logs of failed jobs, and not what is shown in merge requests. */
const isPlain = ({ value }: Artifacts): boolean =>
  !["when", "expose_as", "public", "access"].some((key) => value.entries.has(key));

interface Read {
  readonly job: Job;
  readonly path: FilePath;
  readonly at: Origin;
}

/** What all jobs read, by the first folder. */
function readsByFolder(ctx: QueryContext, root: FilePath): ReadonlyMap<string, readonly Read[]> {
  const reads = new Map<string, Read[]>();
  for (const name of ctx.get(orderTableOf, root).jobs.keys()) {
    const job = ctx.get(jobOf, rootKey(root, name));
    if (job === undefined || job.isTrigger) continue;
    for (const { path, at } of pathReadsOf(ctx, job)) {
      const folder = folderOf(path);
      const list = reads.get(folder);
      if (list === undefined) reads.set(folder, [{ job, path, at }]);
      else list.push({ job, path, at });
    }
  }
  return reads;
}

const folderOf = (path: FilePath): string => path.split("/")[0] ?? "";

function firstUse(
  ctx: QueryContext,
  producer: Job,
  { paths }: Artifacts,
  reads: ReadonlyMap<string, readonly Read[]>,
): { readonly consumer: Job; readonly at: Origin } | undefined {
  for (const { path } of paths) {
    const read = reads
      .get(folderOf(path))
      ?.find(
        (each) =>
          each.job !== producer &&
          isWithin(each.path, path) &&
          resultsOf(ctx, each.job).jobs.includes(producer.name),
      );
    if (read !== undefined) return { consumer: read.job, at: read.at };
  }
  return undefined;
}
