// Which references a job's builds and pushes name, found by what they mean: thousands of commands are not compared with each
// other.
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import type { Job } from "../pipeline/job";
import { visibleJobsOf } from "../pipeline/resolve";
import { sameItems } from "../pipeline/yaml-of";
import { buildOf } from "./build";
import type { JobCommand } from "./command";
import { commandsOf } from "./find-commands";
import type { ImageReference } from "./image-reference";
import { pushesOf } from "./registry-use";

/** Positions of the last builds that name a reference, by shell and `ImageReference.key`. */
type LastBuilds = ReadonlyMap<string, number>;

interface BuildIndex {
  /** As `--cache-from`. */
  readonly caches: LastBuilds;
  /** As `--tag`. */
  readonly tags: LastBuilds;
}

const indexKey = ({ shell }: JobCommand, { key }: ImageReference): string => `${shell} ${key}`;

const buildIndexOf = defineQuery<Job, BuildIndex>({
  name: "buildIndexOf",
  compute: (ctx, job) => {
    const caches = new Map<string, number>();
    const tags = new Map<string, number>();
    for (const command of commandsOf(ctx, job)) {
      const build = buildOf(ctx, command);
      for (const { references } of build?.cacheFrom ?? [])
        for (const reference of references) caches.set(indexKey(command, reference), command.order);
      for (const { references } of build?.tags ?? [])
        for (const reference of references) tags.set(indexKey(command, reference), command.order);
    }
    return { caches, tags };
  },
});

/** Whether a build behind a command, in the same shell, takes a reference as its cache. */
export const isCacheBehind = (ctx: QueryContext, command: JobCommand, reference: ImageReference): boolean =>
  isBehind(ctx.get(buildIndexOf, command.job).caches, command, reference);

/** Whether a build behind a command, in the same shell, gives its image this reference. */
export const isBuiltBehind = (ctx: QueryContext, command: JobCommand, reference: ImageReference): boolean =>
  isBehind(ctx.get(buildIndexOf, command.job).tags, command, reference);

const isBehind = (builds: LastBuilds, command: JobCommand, reference: ImageReference): boolean =>
  (builds.get(indexKey(command, reference)) ?? -1) > command.order;

/** The visible jobs of a pipeline that push a reference. */
export const pushersOf = (ctx: QueryContext, root: FilePath, reference: ImageReference): readonly Job[] =>
  ctx.get(pushersOfKey, `${root}\0${reference.key}`);

/** By reference, so that an edit of one job reaches only those who ask for what it pushes. */
const pushersOfKey = defineQuery<string, readonly Job[]>({
  name: "pushersOfKey",
  compute: (ctx, key) => {
    const end = key.indexOf("\0");
    return ctx.get(pushersByKey, key.slice(0, end)).get(key.slice(end + 1)) ?? [];
  },
  equals: sameItems,
});

const pushersByKey = defineQuery<FilePath, ReadonlyMap<string, readonly Job[]>>({
  name: "pushersByKey",
  compute: (ctx, root) => {
    const jobs = new Map<string, Job[]>();
    for (const job of visibleJobsOf(ctx, root)) {
      const keys = pushesOf(ctx, job).flatMap(({ references }) => references.map(({ key }) => key));
      for (const key of new Set(keys)) {
        const others = jobs.get(key);
        if (others === undefined) jobs.set(key, [job]);
        else others.push(job);
      }
    }
    return jobs;
  },
});
