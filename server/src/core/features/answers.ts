// What is asked about jobs, answered for the whole workspace as plain data: effective jobs, their container commands, and
// which jobs there are.
import { rootKey, type RootKey } from "../model/pipeline/resolve";
import { pipelineFilesOf } from "../model/pipeline/include";
import type { Query, QueryContext } from "../query/query";
import type { Origin, Place } from "../text/located";
import type { FilePath } from "../text/source-file";
import { effectiveJobOf, type EffectiveJob, type PlaceableJob } from "./effective-job";
import { foundCommandsOf, placeCommands, type JobCommands } from "./found-commands";
import { entriesOf, jobNames, jobsAround, type JobInFile, type JobName } from "./pipelines";

/** Jobs of the pipelines that a push starts. Those of child pipelines are not among them. */
export interface OfPipelines<T> {
  /** Without names: every visible job, in order. With names: these, templates too. */
  readonly jobs: readonly (T & { readonly label: string })[];
  /** Names that were asked for and that no job has. */
  readonly unknown: readonly string[];
  /** What could have been asked for. */
  readonly labels: readonly string[];
  /** The pipelines that were looked at: none where the repository has no pipeline. */
  readonly entries: readonly FilePath[];
  /** The files that these pipelines are made of. */
  readonly files: readonly FilePath[];
}

export type ResolvedPipelines = OfPipelines<PlaceableJob>;
export type PipelineCommands = OfPipelines<JobCommands<Place>>;

/** What the answers are worked out of. */
export interface Grounds {
  readonly ask: Pick<QueryContext, "get">;
  /** All pipelines that are looked at. */
  readonly roots: readonly FilePath[];
  /** Stays right for the files as they are now when the workspace changes. */
  readonly placeOf: (origin: Origin) => Place | undefined;
}

export const resolvedPipelines = (grounds: Grounds, names?: readonly string[]): ResolvedPipelines =>
  ofPipelines(grounds, names, effectiveJobOf, (job) => placeable(job, grounds));

export const pipelineCommands = (grounds: Grounds, names?: readonly string[]): PipelineCommands =>
  ofPipelines(grounds, names, foundCommandsOf, (job) => placeCommands(job, grounds.placeOf));

/** The effective job of a pipeline; undefined where it has no job of that name. */
export function effectiveJob(grounds: Grounds, root: FilePath, name: string): PlaceableJob | undefined {
  const job = grounds.ask.get(effectiveJobOf, rootKey(root, name));
  return job && placeable(job, grounds);
}

/** Undefined where the job's name has no place. */
const placeable = (job: EffectiveJob<Origin>, { placeOf }: Grounds): PlaceableJob | undefined =>
  placeOf(job.nameAt) && { ...job, placeOf };

/** The jobs of the pipelines that a file is part of, and where that file writes them. */
export function jobsOfFile({ ask, roots, placeOf }: Grounds, file: FilePath): readonly JobInFile<Place>[] {
  return jobsAround(ask, roots, file).map((job) => {
    const at = job.written && placeOf(job.written.at);
    const nameAt = job.written && placeOf(job.written.nameAt);
    return { ...job, written: at && nameAt && { at, nameAt } };
  });
}

function ofPipelines<T, U>(
  { ask, roots }: Grounds,
  names: readonly string[] | undefined,
  query: Query<RootKey, T | undefined>,
  place: (job: T) => U | undefined,
): OfPipelines<U> {
  const entries = entriesOf(ask, roots);
  const all = jobNames(ask, entries);
  const labels = all.map(({ label }) => label);
  const isMeant = (job: JobName): boolean => names?.includes(job.label) ?? !job.isHidden;
  const jobs = all.filter(isMeant).flatMap(({ root, name, label }) => {
    const found = ask.get(query, rootKey(root, name));
    const placed = found && place(found);
    return placed === undefined ? [] : [{ ...placed, label }];
  });
  const files = [...new Set(entries.flatMap((root) => ask.get(pipelineFilesOf, root).files))].sort();
  return { jobs, unknown: (names ?? []).filter((name) => !labels.includes(name)), labels, entries, files };
}
