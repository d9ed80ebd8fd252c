// Links in scripts: the Dockerfile that a build names, the one that its context gives it, and scripts that a command calls.
import type { Job } from "../../model/pipeline/job";
import type { QueryContext } from "../../query/query";
import type { Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { allJobs, buildsIn, callsOf, isWrittenIn, type PlacedBuild } from "../symbols/jobs-of-workspace";
import { withoutQuotes } from "./link";
import type { Meaning } from "./meanings";

/** What the scripts that are written in a file lead to, job by job. */
export const jobMeanings = (ctx: QueryContext, path: FilePath): readonly Meaning[] =>
  allJobs(ctx)
    .filter((job) => isWrittenIn(ctx, job, path))
    .flatMap((job) => [
      ...buildsIn(ctx, job).flatMap((build) => buildMeaning(ctx, build)),
      ...callMeanings(ctx, job),
    ])
    .filter(({ at }) => at.chunk.file === path);

/** The context leads to its Dockerfile where no other is named. */
function buildMeaning(ctx: QueryContext, { build, dockerfiles }: PlacedBuild): readonly Meaning[] {
  const at = build.file?.at.at ?? build.contexts[0]?.at;
  if (at === undefined) return [];
  const [path, ...others] = dockerfiles ?? [];
  const isThere = path !== undefined && others.length === 0 && ctx.exists(path) === true;
  return [{ at: withoutQuotes(at), target: isThere ? { kind: "file", path } : undefined }];
}

const callMeanings = (ctx: QueryContext, job: Job): readonly Meaning[] =>
  callsOf(ctx, job).flatMap(({ command, file: { path } }) => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const at: Origin | undefined = command.argv.find(({ text }) => text.endsWith(name))?.at;
    return at === undefined ? [] : [{ at: withoutQuotes(at), target: { kind: "file", path } }];
  });
