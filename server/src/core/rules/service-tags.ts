// Which runners take the jobs that use a service that is written once: what a person says of their runners has to cover the
// tags of all of them.
import type { Job } from "../model/pipeline/job";
import { jobOf, rootKey, visibleJobsOf, type RootKey } from "../model/pipeline/resolve";
import { profileOf } from "../model/runner/profile";
import { defineQuery, type QueryContext } from "../query/query";
import type { Chunk, Located } from "../text/located";
import type { FilePath } from "../text/source-file";

type Tags = readonly string[];
type TagsByPlace = ReadonlyMap<Chunk, ReadonlyMap<number, ReadonlyMap<string, Tags>>>;

/** The sets of tags of runners that nothing is known of, by the place where the services of their jobs are written. */
const tagsByService = defineQuery<FilePath, TagsByPlace>({
  name: "tagsByService",
  compute: (ctx, root) => {
    const found = new Map<Chunk, Map<number, Map<string, Tags>>>();
    for (const job of visibleJobsOf(ctx, root)) {
      if (job.services.length === 0 || profileOf(ctx, job).isKnown) continue;
      const tags = job.tags.map(({ value }) => value);
      const key = JSON.stringify([...tags].sort());
      for (const { name } of job.services) {
        const { chunk, start } = name.at;
        const places = found.get(chunk) ?? new Map<number, Map<string, Tags>>();
        const sets = places.get(start) ?? new Map<string, Tags>();
        if (!sets.has(key)) sets.set(key, tags);
        found.set(chunk, places.set(start, sets));
      }
    }
    return found;
  },
});

/** The same for the services of one job, in their order: plain text, so that an edit in another job leaves it as it is. */
const tagsOfServices = defineQuery<RootKey, readonly (readonly Tags[])[]>({
  name: "tagsOfServices",
  compute: (ctx, key) => {
    const job = ctx.get(jobOf, key);
    if (job === undefined) return [];
    const byPlace = ctx.get(tagsByService, job.root);
    return job.services.map(({ name: { at } }) => [
      ...(byPlace.get(at.chunk)?.get(at.start)?.values() ?? []),
    ]);
  },
  equals: (a, b) => JSON.stringify(a) === JSON.stringify(b),
});

/** The sets of tags of all visible jobs that use a service of this job, in the order of the pipeline; of a template's its own. */
export function tagsBesideOf(ctx: QueryContext, job: Job, service: Located<string>): readonly Tags[] {
  const index = job.services.findIndex(
    ({ name: { at } }) => at.chunk === service.at.chunk && at.start === service.at.start,
  );
  const found = ctx.get(tagsOfServices, rootKey(job.root, job.name))[index] ?? [];
  return found.length > 0 ? found : [job.tags.map(({ value }) => value)];
}
