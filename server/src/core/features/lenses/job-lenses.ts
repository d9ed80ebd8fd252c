// Lenses above the jobs that a file writes: what a job builds, and the way to its effective form.
import { dockerfileOf } from "../../model/docker/dockerfile";
import type { Job } from "../../model/pipeline/job";
import { jobOf, rootKey } from "../../model/pipeline/resolve";
import { defineQuery, type QueryContext } from "../../query/query";
import { sameOrigin, type Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { jobsAround } from "../pipelines";
import { buildsIn, type PlacedBuild } from "../symbols/jobs-of-workspace";
import { targetsOf } from "./builders";
import { buildTitle } from "./build-title";
import { leadingTo, type Lens } from "./lens";

/** At most two for each visible job. Templates have none: what they do is said at the jobs that extend them. */
export const jobLenses = (ctx: QueryContext, roots: readonly FilePath[], file: FilePath): readonly Lens[] =>
  jobsAround(ctx, roots, file).flatMap(({ root, name, isHidden, written }) => {
    if (isHidden || written === undefined) return [];
    const job = ctx.get(jobOf, rootKey(root, name));
    const build = job && ctx.get(buildLensOf, job);
    const effective: Lens = {
      title: "Effective job",
      at: written.nameAt,
      opens: { kind: "effective-job", root, name },
    };
    return build === undefined
      ? [effective]
      : [leadingTo(build.title, written.nameAt, build.places), effective];
  });

interface BuildLens {
  readonly title: string;
  readonly places: readonly Origin[];
}

const buildLensOf = defineQuery<Job, BuildLens | undefined>({
  name: "buildLensOf",
  compute: (ctx, job) => {
    const builds = buildsIn(ctx, job);
    if (builds.length === 0) return undefined;
    const places: Origin[] = [];
    for (const at of builds.flatMap((each) => sourcesOf(ctx, each)))
      if (!places.some((each) => sameOrigin(each, at))) places.push(at);
    return { title: buildTitle(builds), places };
  },
});

/** The stages that a build makes; of unknown ones the first FROM of its Dockerfile, of unknown files the command itself. */
function sourcesOf(ctx: QueryContext, placed: PlacedBuild): readonly Origin[] {
  const found = (placed.dockerfiles ?? []).flatMap((path) => {
    const dockerfile = dockerfileOf(ctx, path);
    const [first] = dockerfile?.stages ?? [];
    if (dockerfile === undefined || first === undefined) return [];
    const targets = placed.build.target === undefined ? [] : (targetsOf(dockerfile, placed) ?? []);
    return (targets.length > 0 ? targets : [first]).map(({ from }) => from.keywordAt);
  });
  return found.length > 0 ? found : [placed.build.command.verbAt];
}
