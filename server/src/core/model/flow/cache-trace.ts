// Whether an image in a registry holds cache metadata: followed from who wrote it back to the build that made it.
// https://docs.docker.com/build/cache/backends/inline/
import type { QueryContext } from "../../query/query";
import type { Answer } from "../pipeline/answer";
import type { Job } from "../pipeline/job";
import type { Build } from "../docker/image-build";
import type { ImageReference } from "../docker/image-reference";
import { writtenCaches } from "./cache-metadata";
import type { ImageUse } from "./image-use";
import { writersOf } from "./image-writers";
import { usesInJob } from "./uses-of-job";

export interface Traced {
  readonly hasMetadata: Answer;
  /** The builds that leave none. */
  readonly builds: readonly Build[];
}

const UNKNOWN: Traced = { hasMetadata: "unknown", builds: [] };
const YES: Traced = { hasMetadata: "yes", builds: [] };

/** More steps than this from name to name are not followed. */
const MOST_STEPS = 5;

/** Whether what a use writes to a registry holds cache metadata. */
export const tracedWrite = (ctx: QueryContext, use: ImageUse, reference: ImageReference): Traced =>
  ofWrite(ctx, use, reference, MOST_STEPS);

function ofWrite(ctx: QueryContext, use: ImageUse, reference: ImageReference, left: number): Traced {
  if (use.action === "cache-to") return YES;
  if (use.build !== undefined) return ofBuild(use.build);
  if (left === 0) return UNKNOWN;
  if (use.action === "copy")
    return all((use.source ?? []).map((source) => inRegistry(ctx, use.job, source, left - 1)));
  return madeIn(ctx, use.job, reference, left - 1);
}

/** Other tools than Docker's leave no metadata of this kind, or one of their own: nothing is claimed of them. */
function ofBuild(build: Build): Traced {
  const { command } = build;
  if (command.tool !== "docker" || command.isOpen) return UNKNOWN;
  if (writtenCaches(build).some(({ type }) => type === "inline")) return YES;
  return { hasMetadata: "no", builds: [build] };
}

/** What a job pushes under a name: built, tagged or pulled in it. */
function madeIn(ctx: QueryContext, job: Job, reference: ImageReference, left: number): Traced {
  const makers = usesInJob(ctx, job, reference).filter(
    ({ action }) => action === "build" || action === "tag" || action === "create" || action === "pull",
  );
  // A cache that is pulled before it is built anew is not what is pushed.
  const own = makers.filter(({ action }) => action !== "pull");
  return all((own.length > 0 ? own : makers).map((use) => ofMaker(ctx, use, reference, left)));
}

function ofMaker(ctx: QueryContext, use: ImageUse, reference: ImageReference, left: number): Traced {
  if (use.build !== undefined) return ofBuild(use.build);
  if (left === 0) return UNKNOWN;
  if (use.action === "tag")
    return all((use.source ?? []).map((source) => madeIn(ctx, use.job, source, left - 1)));
  return use.action === "pull" ? inRegistry(ctx, use.job, reference, left) : UNKNOWN;
}

function inRegistry(ctx: QueryContext, job: Job, reference: ImageReference, left: number): Traced {
  const writers = writersOf(ctx, job.root, reference).filter(({ use }) => use.job !== job);
  return all(writers.map((writer) => ofWrite(ctx, writer.use, writer.reference, left)));
}

/** One with metadata is enough to say nothing; one of which nothing is known, too. */
export function all(traced: readonly Traced[]): Traced {
  if (traced.some(({ hasMetadata }) => hasMetadata === "yes")) return YES;
  if (traced.length === 0 || traced.some(({ hasMetadata }) => hasMetadata === "unknown")) return UNKNOWN;
  return { hasMetadata: "no", builds: [...new Set(traced.flatMap(({ builds }) => builds))] };
}
