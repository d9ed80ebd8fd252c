// Which jobs use a service that is written once: what a person says of their runners has to cover all of their tags.
import type { DindService } from "../model/docker/dind-service";
import type { Job } from "../model/pipeline/job";
import { jobNamesOf, jobOf, rootKey } from "../model/pipeline/resolve";
import { defineQuery, type QueryContext } from "../query/query";
import type { Chunk, Origin } from "../text/located";
import type { FilePath } from "../text/source-file";

type JobsByPlace = ReadonlyMap<Chunk, ReadonlyMap<number, readonly Job[]>>;

/** The first visible job of each set of tags, by the place where its services are written. */
const jobsByService = defineQuery<FilePath, JobsByPlace>({
  name: "jobsByService",
  compute: (ctx, root) => {
    const found = new Map<Chunk, Map<number, Map<string, Job>>>();
    for (const name of ctx.get(jobNamesOf, root)) {
      const job = name.startsWith(".") ? undefined : ctx.get(jobOf, rootKey(root, name));
      for (const { name: service } of job?.services ?? []) if (job !== undefined) add(found, service.at, job);
    }
    return new Map(
      [...found].map(([chunk, places]) => [
        chunk,
        new Map([...places].map(([start, jobs]) => [start, [...jobs.values()]])),
      ]),
    );
  },
});

function add(found: Map<Chunk, Map<number, Map<string, Job>>>, { chunk, start }: Origin, job: Job): void {
  const places = found.get(chunk) ?? new Map<number, Map<string, Job>>();
  const jobs = places.get(start) ?? new Map<string, Job>();
  const tags = job.tags.map(({ value }) => value).sort();
  const key = JSON.stringify(tags);
  if (!jobs.has(key)) jobs.set(key, job);
  found.set(chunk, places.set(start, jobs));
}

/** A job for each set of tags among the visible jobs that use the service, in the order of the pipeline. */
export const jobsByTagsOf = (ctx: QueryContext, job: Job, { at }: DindService): readonly Job[] =>
  ctx.get(jobsByService, job.root).get(at.at.chunk)?.get(at.at.start) ?? [job];
