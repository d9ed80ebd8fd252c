// Who builds a Dockerfile: the builds of all pipelines that read it, and the stage that each of them makes.
import { finalStage } from "../../model/docker/stage-reachability";
import { stageNamed, type Dockerfile, type Stage } from "../../model/docker/dockerfile";
import { literalText } from "../../model/docker/symbolic";
import type { Job } from "../../model/pipeline/job";
import { defineQuery, type QueryContext } from "../../query/query";
import type { Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { allBuilds, type PlacedBuild } from "../symbols/jobs-of-workspace";

const buildsByFile = defineQuery<null, ReadonlyMap<FilePath, readonly PlacedBuild[]>>({
  name: "placedBuildsByDockerfile",
  compute: (ctx) => {
    const byFile = new Map<FilePath, PlacedBuild[]>();
    for (const build of allBuilds(ctx)) {
      for (const path of new Set(build.dockerfiles)) {
        const list = byFile.get(path);
        if (list === undefined) byFile.set(path, [build]);
        else list.push(build);
      }
    }
    return byFile;
  },
});

/** The builds that read a Dockerfile; those of templates only where no job of a pipeline builds it. */
export function buildersOf(ctx: QueryContext, path: FilePath): readonly PlacedBuild[] {
  const all = ctx.get(buildsByFile, null).get(path) ?? [];
  const run = all.filter(({ job }) => !job.isHidden);
  return run.length > 0 ? run : all;
}

/** The jobs of builds, each once: two pipelines may have one from the same included file. */
export function jobsOf(builds: readonly { readonly job: Job }[]): readonly Job[] {
  const seen = new Map<Origin["chunk"], Set<number>>();
  return builds
    .map(({ job }) => job)
    .filter(({ nameAt: { chunk, start } }) => {
      const starts = seen.get(chunk) ?? new Set();
      if (starts.has(start)) return false;
      seen.set(chunk, starts.add(start));
      return true;
    });
}

/** The stages of a Dockerfile that a build makes an image of, one for each value of `--target`; undefined where one is not known. */
export function targetsOf(
  dockerfile: Dockerfile,
  { build, dockerfiles }: PlacedBuild,
): readonly Stage[] | undefined {
  const { target, command } = build;
  if (dockerfile.foreignFrontend !== undefined) return undefined;
  if (target === undefined) {
    const last = finalStage(dockerfile);
    return command.isOpen || last === undefined ? undefined : [last];
  }
  // Which of the targets goes with which of the files is not known here.
  if (target.variants.length > 1 && dockerfiles?.length !== 1) return undefined;
  const names = target.variants.map(literalText).filter((name) => name !== undefined);
  return names.length < target.variants.length
    ? undefined
    : names.flatMap((name) => stageNamed(dockerfile, name) ?? []);
}
