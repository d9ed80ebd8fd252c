// Where builds read their caches from, and whether what they read can be there: who writes it, and when.
import type { QueryContext } from "../../query/query";
import type { Job } from "../pipeline/job";
import { mayHaveRunBefore } from "../pipeline/order";
import { visibleJobsOf } from "../pipeline/resolve";
import { rootsOf } from "../pipeline/roots";
import type { Build } from "../docker/image-build";
import { normaliseName, type ImageReference } from "../docker/image-reference";
import { isUniquePerCommit } from "../docker/reference-properties";
import { variablesIn } from "../docker/symbolic";
import { commandsOf } from "../docker/find-commands";
import type { ImageUse } from "./image-use";
import { writersOf } from "./image-writers";
import { mayBeSame, mayBeSameInJob } from "./same-image";
import { imageUsesOf, usesLike } from "./uses-of-job";

/** A `--cache-from` of an image. */
export interface CacheRead {
  readonly use: ImageUse;
  readonly build: Build;
}

/** The caches that a job reads; cheap where it reads none. */
export const cacheReadsOf = (ctx: QueryContext, job: Job): readonly CacheRead[] =>
  imageUsesOf(ctx, job).flatMap((use) =>
    use.action === "cache-from" && use.build !== undefined ? [{ use, build: use.build }] : [],
  );

/** Why the image of a cache can't be there. */
export type Absence =
  /** Nobody writes it. */
  | { readonly kind: "unwritten" }
  /** Somebody pushes it, but nobody makes it. */
  | { readonly kind: "unmade"; readonly push: ImageUse }
  /** Its name is new in each commit or pipeline, and nothing in this one writes it before. */
  | { readonly kind: "too-new"; readonly variable: string };

/**
 * Why the image that a build takes its cache from can't be there; undefined where it may be. Speaks of the project's own images
 * alone: others are made by people we don't see.
 */
export function absenceOf(ctx: QueryContext, { use, build }: CacheRead): Absence | undefined {
  const absences = use.references.map((reference) => absenceOfOne(ctx, use, build, reference));
  const [first] = absences;
  return absences.every((absence) => absence?.kind === first?.kind) ? first : undefined;
}

function absenceOfOne(
  ctx: QueryContext,
  use: ImageUse,
  build: Build,
  reference: ImageReference,
): Absence | undefined {
  if (!isOwnImage(reference) || !isReadable(reference)) return undefined;
  const absence = absenceHere(ctx, use, build, reference);
  return absence === undefined || isWrittenElsewhere(ctx, use.job, reference) ? undefined : absence;
}

/** As far as the build's own pipeline goes. */
function absenceHere(
  ctx: QueryContext,
  use: ImageUse,
  build: Build,
  reference: ImageReference,
): Absence | undefined {
  const unique = variablesIn(reference.text).find(({ properties }) => properties.uniquePerCommit);
  if (unique !== undefined && isUniquePerCommit(reference.text))
    return isThereBefore(ctx, use, build, reference) ? undefined : { kind: "too-new", variable: unique.name };
  const writers = writersOf(ctx, use.job.root, reference);
  const [first] = writers;
  if (first === undefined) return { kind: "unwritten" };
  const isHollow = writers.every((writer) => writer.same === "yes" && !isMade(ctx, writer.use, reference));
  return isHollow ? { kind: "unmade", push: first.use } : undefined;
}

/** `$CI_REGISTRY_IMAGE` and what lies below it. */
export function isOwnImage(reference: ImageReference): boolean {
  const [first] = normaliseName(reference).parts;
  return first?.kind === "variable" && first.name === "CI_REGISTRY_IMAGE";
}

/** What the script works out when it runs is not compared with anything. */
const isReadable = ({ text }: ImageReference): boolean =>
  variablesIn(text).every(({ reason }) => reason === "predefined" || reason === "unknown");

/** Other pipelines of the repository: children, parents, and entries of their own. */
const isWrittenElsewhere = (ctx: QueryContext, { root }: Job, reference: ImageReference): boolean =>
  ctx.get(rootsOf, null).some((other) => other !== root && writersOf(ctx, other, reference).length > 0);

/** In a job that may be done before, or earlier in the same job. */
function isThereBefore(ctx: QueryContext, use: ImageUse, build: Build, reference: ImageReference): boolean {
  const { job } = use;
  const others = otherCachesOf(build, reference);
  const order = startOf(build);
  const isWritten = writersOf(ctx, job.root, reference).some((writer) =>
    writer.use.job === job
      ? (writer.use.command?.order ?? 0) < order &&
        writer.use.command !== build.command &&
        !others.has(writer.reference.key)
      : mayHaveRunBefore(ctx, writer.use.job, job) !== "no",
  );
  return isWritten || isMadeBefore(ctx, build, reference);
}

/** The position that a build runs at; a function runs where it is called, maybe behind all that stands below it. */
const startOf = ({ command }: Build): number =>
  command.use.inFunction === undefined ? command.order : Infinity;

/** Caches that a build names beside one are other images than that, whatever their variables hold. */
const otherCachesOf = ({ cacheFrom }: Build, { key }: ImageReference): ReadonlySet<string> =>
  new Set(
    cacheFrom.flatMap(({ references }) =>
      references.flatMap((other) => (other.key === key ? [] : [other.key])),
    ),
  );

/** Whether a job builds or names an image itself before a build, so that the daemon has it. */
export function isMadeBefore(ctx: QueryContext, build: Build, reference: ImageReference): boolean {
  const others = otherCachesOf(build, reference);
  const order = startOf(build);
  return usesLike(ctx, build.command.job, reference).some(
    ({ action, command, references }) =>
      MAKES.has(action) &&
      command !== build.command &&
      (command?.order ?? 0) < order &&
      references.some((made) => !others.has(made.key) && mayBeSameInJob(reference, made) !== "no"),
  );
}

const MAKES: ReadonlySet<ImageUse["action"]> = new Set<ImageUse["action"]>(["build", "tag", "create"]);

/** Whether any job makes what a push sends. Only a plain push can lack its image; `load` brings images of any name. */
function isMade(ctx: QueryContext, push: ImageUse, reference: ImageReference): boolean {
  if (push.build !== undefined || push.action !== "push") return true;
  if (makes(ctx, push.job, reference, mayBeSameInJob)) return true;
  return visibleJobsOf(ctx, push.job.root).some(
    (job) => !job.isTrigger && makes(ctx, job, reference, mayBeSame),
  );
}

const makes = (ctx: QueryContext, job: Job, reference: ImageReference, compare: typeof mayBeSame): boolean =>
  imageUsesOf(ctx, job).some(
    ({ action, references }) =>
      MAKES.has(action) && references.some((made) => compare(reference, made) !== "no"),
  ) || commandsOf(ctx, job).some(({ verb }) => MAKES_ANY.test(verb));

/** What makes images of names that no command says. */
const MAKES_ANY = /^(load|import|compose (build|up|run)|buildx bake|bake)$/;
