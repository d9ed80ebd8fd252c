// Lenses of a Dockerfile: which jobs build it, and above each named stage, which jobs make an image of it.
import { dockerfileOf, type Dockerfile, type Stage } from "../../model/docker/dockerfile";
import { unusedStages } from "../../model/docker/unused-stages";
import type { Job } from "../../model/pipeline/job";
import type { QueryContext } from "../../query/query";
import { isTemplate } from "../../rules/dockerfile-template";
import type { FilePath } from "../../text/source-file";
import type { PlacedBuild } from "../symbols/jobs-of-workspace";
import { buildersOf, jobsOf, targetsOf } from "./builders";
import { counted, leadingTo, type Lens } from "./lens";
import { isSurelyUnbuilt } from "./unseen-builds";

const UNBUILT = "Not built by any job";

/** One for the file, above the first FROM; in a file of several stages one above each that is somebody's target. */
export function dockerfileLenses(ctx: QueryContext, path: FilePath): readonly Lens[] {
  const dockerfile = dockerfileOf(ctx, path);
  if (dockerfile === undefined || isTemplate(dockerfile.tree)) return [];
  const builds = buildersOf(ctx, path);
  return [...fileLens(ctx, dockerfile, builds), ...stageLenses(ctx, dockerfile, builds)];
}

function fileLens(
  ctx: QueryContext,
  dockerfile: Dockerfile,
  builds: readonly PlacedBuild[],
): readonly Lens[] {
  const [first] = dockerfile.stages;
  if (first === undefined) return [];
  const at = first.from.keywordAt;
  if (builds.length > 0) {
    const jobs = jobsOf(builds);
    const targets = jobs.length === 1 ? targetsText(dockerfile, builds) : "";
    return [leadingTo(`Built by ${namesOf(jobs)}${targets}`, at, placesOf(jobs))];
  }
  return isSurelyUnbuilt(ctx, dockerfile.tree.path) ? [leadingTo(UNBUILT, at, [])] : [];
}

/** Only targets that somebody named: the last stage needs no word. */
function targetsText(dockerfile: Dockerfile, builds: readonly PlacedBuild[]): string {
  const targets = builds.map((each) => (each.build.target === undefined ? [] : targetsOf(dockerfile, each)));
  if (targets.some((each) => each === undefined)) return "";
  const names = [...new Set(targets.flatMap((each) => each ?? []))].map(
    ({ name, index }) => name?.value ?? String(index),
  );
  if (names.length === 0) return "";
  return ` (target${names.length === 1 ? "" : "s"} ${names.join(", ")})`;
}

function stageLenses(
  ctx: QueryContext,
  dockerfile: Dockerfile,
  builds: readonly PlacedBuild[],
): readonly Lens[] {
  if (dockerfile.stages.length < 2 || builds.length === 0) return [];
  const unused = unusedStages(ctx, dockerfile);
  return dockerfile.stages.flatMap((stage) => {
    if (stage.name === undefined) return [];
    const jobs = jobsOf(builds.filter((each) => targetsOf(dockerfile, each)?.includes(stage) === true));
    if (jobs.length > 0) return [stageLens(`Target of ${namesOf(jobs)}`, stage, jobs)];
    return unused.includes(stage) && isSurelyUnbuilt(ctx, dockerfile.tree.path)
      ? [stageLens(UNBUILT, stage, [])]
      : [];
  });
}

const stageLens = (title: string, { from }: Stage, jobs: readonly Job[]): Lens =>
  leadingTo(title, from.keywordAt, placesOf(jobs));

/** The name of the only job; several are counted. */
function namesOf(jobs: readonly Job[]): string {
  const [only] = jobs;
  return only !== undefined && jobs.length === 1 ? only.name : counted(jobs.length, "job");
}

const placesOf = (jobs: readonly Job[]) => jobs.map(({ nameAt }) => nameAt);
