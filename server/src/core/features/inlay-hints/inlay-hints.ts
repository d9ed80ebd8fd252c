// Inlay hints of a stretch of a pipeline file: what jobs give, as far as all jobs that share a place agree.
import { yamlOf } from "../../model/pipeline/yaml-of";
import type { Job } from "../../model/pipeline/job";
import { pipelineFilesOf } from "../../model/pipeline/include";
import { orphanTemplatesOf } from "../../model/pipeline/resolve";
import { defineQuery, type QueryContext } from "../../query/query";
import type { Chunk, Origin, Place } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { answerTo } from "../ask";
import { jobsOfPipeline } from "../symbols/jobs-of-workspace";
import type { InlayHint, JobHint } from "./hint";
import { imageHints } from "./image-hints";
import { serviceHints } from "./service-hints";

export interface HintGrounds {
  readonly ask: Pick<QueryContext, "get">;
  /** The pipelines that are looked at. */
  readonly roots: readonly FilePath[];
  readonly placeOf: (origin: Origin) => Place | undefined;
}

/** The hints behind values that end in a range of a file, in order. */
export const inlayHintsOf = (
  { ask, roots, placeOf }: HintGrounds,
  file: FilePath,
  start: number,
  end: number,
): readonly InlayHint<Place>[] =>
  answerTo(ask, (ctx) => hintsIn(ctx, roots, file, start, end))
    .flatMap(({ label, tooltip, at: origin }) => {
      const at = placeOf(origin);
      return at === undefined || at.end < start || at.end > end ? [] : [{ at, label, tooltip }];
    })
    .sort((a, b) => a.at.end - b.at.end);

const hintsOfJob = defineQuery<Job, readonly JobHint[]>({
  name: "inlayHintsOf",
  compute: (ctx, job) => (job.isTrigger ? [] : [...imageHints(ctx, job), ...serviceHints(ctx, job)]),
});

function hintsIn(
  ctx: QueryContext,
  roots: readonly FilePath[],
  file: FilePath,
  start: number,
  end: number,
): readonly JobHint[] {
  if (ctx.file(file)?.kind !== "gitlab-ci") return [];
  const chunks = chunksIn(ctx, file, start, end);
  const hints = new Map<Chunk, Map<string, JobHint | "several">>();
  for (const job of jobsSharing(ctx, roots, file)) {
    if (!isWrittenIn(job, chunks)) continue;
    for (const hint of ctx.get(hintsOfJob, job)) if (chunks.has(hint.at.chunk)) add(hints, hint);
  }
  return [...hints.values()].flatMap((each) => [...each.values()].filter((hint) => hint !== "several"));
}

/** Whether a job has anything there that can have a hint: most of a large file's jobs need not be looked at. */
const isWrittenIn = ({ script, image, services }: Job, chunks: ReadonlySet<Chunk>): boolean =>
  script.some(({ at }) => chunks.has(at.chunk)) ||
  (image !== undefined && chunks.has(image.name.at.chunk)) ||
  services.some(({ name }) => chunks.has(name.at.chunk));

function chunksIn(ctx: QueryContext, file: FilePath, start: number, end: number): ReadonlySet<Chunk> {
  const chunks = new Set<Chunk>();
  for (const [chunk, at] of ctx.get(yamlOf, file)?.chunks ?? [])
    if (at <= end && at + chunk.text.length >= start) chunks.add(chunk);
  return chunks;
}

/** The jobs of the pipelines that a file is part of; templates only where no job says what becomes of them. */
const jobsSharing = (ctx: QueryContext, roots: readonly FilePath[], file: FilePath): readonly Job[] =>
  roots
    .filter((root) => ctx.get(pipelineFilesOf, root).files.includes(file))
    .flatMap((root) => {
      const orphans = new Set(ctx.get(orphanTemplatesOf, root));
      return ctx.get(jobsOfPipeline, root).filter(({ isHidden, name }) => !isHidden || orphans.has(name));
    });

/** Where jobs disagree there is no hint: none of their values is the one. */
function add(hints: Map<Chunk, Map<string, JobHint | "several">>, hint: JobHint): void {
  const { chunk, start, end } = hint.at;
  let ofChunk = hints.get(chunk);
  if (ofChunk === undefined) hints.set(chunk, (ofChunk = new Map<string, JobHint | "several">()));
  const place = `${start}-${end}`;
  const before = ofChunk.get(place);
  if (before === undefined) ofChunk.set(place, hint);
  else if (before === "several" || before.key !== hint.key) ofChunk.set(place, "several");
  else if (hint.rank > before.rank) ofChunk.set(place, hint);
}
