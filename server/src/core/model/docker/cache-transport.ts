// Caches that carry what one job builds to another: a cache may be missing on another runner, or be an older one.
// https://docs.gitlab.com/ci/caching/#how-cache-is-different-from-artifacts
import { DEPENDENCY_FOLDERS, OUTPUT_FILES, OUTPUT_FOLDERS } from "../../data/build-outputs";
import { defineQuery, type QueryContext } from "../../query/query";
import type { Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import type { Job } from "../pipeline/job";
import { mayHaveRunBefore } from "../pipeline/order";
import { visibleJobsOf } from "../pipeline/resolve";
import { artifactsOf, cachesOf, isWithin, type Cache, type StoredPath } from "../pipeline/stored-paths";
import { makesOutput, useOfPath } from "./path-uses";
import { presenceOf } from "./repository-paths";

export interface Transport {
  /** The caches of all jobs that share it, each place once. */
  readonly caches: readonly Cache[];
  /** The job that builds, and those that use what it built. */
  readonly producer: Job;
  readonly consumers: readonly { readonly job: Job; readonly at: Origin }[];
  /** At least one: what is built, and used. */
  readonly paths: readonly StoredPath[];
  /** Files of the repository, which the cache overwrites with older ones. */
  readonly versioned: readonly StoredPath[];
  /** The key changes with each commit or pipeline: the cache serves for nothing else. */
  readonly isPerCommit: boolean;
}

/** A key of which each pipeline has its own. */
const PER_COMMIT =
  /\$\{?CI_(COMMIT_SHA|COMMIT_SHORT_SHA|PIPELINE_ID|PIPELINE_IID|BUILD_REF|COMMIT_BEFORE_SHA)\b/;

interface User {
  readonly job: Job;
  readonly cache: Cache;
}

/** The caches of a pipeline that are used so, one for each cache and producer. */
export const transportsOf = defineQuery<FilePath, readonly Transport[]>({
  name: "cacheTransportsOf",
  compute: (ctx, root) => {
    const groups = new Map<string, User[]>();
    for (const job of visibleJobsOf(ctx, root)) {
      for (const cache of job.isTrigger ? [] : cachesOf(job)) {
        if (cache.key === undefined || !cache.paths.some((stored) => isOutput(ctx, stored))) continue;
        const key = `${cache.key}\0${cache.paths.map(({ path }) => path).join("\0")}`;
        const users = groups.get(key);
        if (users === undefined) groups.set(key, [{ job, cache }]);
        else users.push({ job, cache });
      }
    }
    return [...groups.values()].flatMap((users) => transportAmong(ctx, users) ?? []);
  },
});

/** Only where one job alone builds it can be said who passes what to whom. */
function transportAmong(ctx: QueryContext, users: readonly User[]): Transport | undefined {
  if (users.length < 2) return undefined;
  const [producer, ...others] = users.filter(({ job, cache }) => cache.pushes && makesOutput(ctx, job));
  if (producer === undefined || others.length > 0 || !producer.job.isClosed) return undefined;
  const isPerCommit = PER_COMMIT.test(producer.cache.key ?? "");
  const paths = producer.cache.paths.filter(
    (stored) => isOutput(ctx, stored) && !isPassed(producer.job, stored),
  );
  const consumers = users.flatMap(({ job, cache }) => {
    if (job === producer.job || !cache.pulls || !mayFollow(ctx, producer.job, job, isPerCommit)) return [];
    const at = paths.map(({ path }) => useOfPath(ctx, job, path)).find((each) => each !== undefined);
    return at === undefined ? [] : [{ job, at }];
  });
  if (consumers.length === 0) return undefined;
  const used = paths.filter(({ path }) =>
    consumers.some(({ job }) => useOfPath(ctx, job, path) !== undefined),
  );
  const versioned = producer.cache.paths.filter(({ path }) => presenceOf(ctx, path) === "file");
  const caches = [...new Map(users.map(({ cache }) => [cache.value.node, cache])).values()];
  return { caches, producer: producer.job, consumers, paths: used, versioned, isPerCommit };
}

/** With a key of its own for each pipeline it is for jobs of one, in whatever order; else the order must be known. */
const mayFollow = (ctx: QueryContext, first: Job, second: Job, isPerCommit: boolean): boolean =>
  isPerCommit
    ? mayHaveRunBefore(ctx, second, first) !== "yes"
    : mayHaveRunBefore(ctx, first, second) === "yes";

/** Whether a path is of the kind that builds write, and no tool keeps for itself. */
function isOutput(ctx: QueryContext, { path }: StoredPath): boolean {
  const parts = path.split("/");
  if (parts.some((part) => part.startsWith(".") || DEPENDENCY_FOLDERS.has(part))) return false;
  // Cargo's folder is a cache of its own. https://doc.rust-lang.org/cargo/guide/build-cache.html
  if (parts.at(-1) === "target" && hasCargo(ctx, parts.slice(0, -1))) return false;
  return parts.some((part) => OUTPUT_FOLDERS.has(part)) || OUTPUT_FILES.test(path);
}

const hasCargo = (ctx: QueryContext, folder: readonly string[]): boolean =>
  ctx.exists([...folder, "Cargo.toml"].join("/")) === true;

/** Whether the job's artifacts hold the path already, or may. */
function isPassed(job: Job, { path }: StoredPath): boolean {
  const artifacts = artifactsOf(job);
  if (artifacts === undefined) return job.keywords.has("artifacts");
  return (
    !artifacts.isExact || artifacts.paths.some((own) => isWithin(path, own.path) || isWithin(own.path, path))
  );
}
