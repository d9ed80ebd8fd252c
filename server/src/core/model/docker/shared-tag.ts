// Tags that mean something else tomorrow, and whether every branch writes them: `latest` is one image for all.
// https://docs.gitlab.com/user/packages/container_registry/build_and_push_images/
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { childStartsOf } from "../pipeline/child-pipelines";
import type { Job } from "../pipeline/job";
import { jobNamesOf, jobOf, rootKey } from "../pipeline/resolve";
import { isPipelineEntry } from "../pipeline/roots";
import type { Value } from "../pipeline/value";
import { runsIn, type NameCondition, type Way } from "../pipeline/when";
import { normaliseName, type ImageReference } from "./image-reference";
import { referenceUsesOf } from "./reference-uses";
import { literalText, showText, textKey, type SymbolicPart } from "./symbolic";

const SHARED = /^(?:latest(?:[-.][\w.-]+)?|stable|prod[\w.-]*|master|main)$/;
const CACHE = /(?:^|[/:_.-])(?:build-?)?cache(?:[/:_.-]|$)/;
/** Registries that only the job itself reaches. */
const LOCAL = /^(?:localhost|127\.[\d.]+)(?::\d+)?\//;

/** Variables that give each branch, merge request, environment or job an image of its own. */
const BY_REF = /^CI_(?:COMMIT_|MERGE_REQUEST_|EXTERNAL_|ENVIRONMENT_|JOB_|PIPELINE_|NODE_)/;

/** Whether a reference is the same in all branches and its tag one of those that move: `latest`, `stable`, `main`, none at all. */
export function hasSharedTag({ text, tag, digest }: ImageReference): boolean {
  if (digest !== undefined || !tag.known) return false;
  const value = tag.value === undefined ? "latest" : literalText(tag.value);
  if (value === undefined || !SHARED.test(value)) return false;
  const shown = showText(text);
  return !CACHE.test(shown) && !LOCAL.test(shown) && !text.parts.some(variesByBranch);
}

/** What the script works out may hold the branch. */
const variesByBranch = (part: SymbolicPart): boolean =>
  part.kind === "variable" &&
  (part.reason === "predefined"
    ? BY_REF.test(part.name)
    : part.reason !== "unknown" && part.reason !== "external");

export type Sharing =
  /** Pipelines of any branch run the job. */
  | "all-branches"
  /** Branches of a pattern, or where certain files changed; or somebody outside the file decides. */
  | "some-branches"
  /** Somebody starts the job by hand. */
  | "by-hand"
  | "one-branch";

/** How many branches run a job, as far as its rules say. */
export function sharingOf(ctx: QueryContext, job: Job): Sharing {
  const { ways, outcomes } = runsIn(ctx, job);
  const open = ways.filter((way) => way.isCertain && isForBranches(way));
  const named = open.filter((way) => !way.name.some(({ kind }) => kind === "matches"));
  if (open.length === 0) return "one-branch";
  const free = outcomes.filter((outcome) => outcome.ways.some((way) => named.includes(way)));
  const isByHand =
    outcomes.length === 0
      ? textOf(job.keywords.get("when")?.value) === "manual"
      : free.every(
          ({ rule }) =>
            textOf(rule?.entries.get("when")?.value ?? job.keywords.get("when")?.value) === "manual",
        );
  if (isByHand) return "by-hand";
  const isLimited = named.length === 0 || dependsOnChanges(job) || isLimitedOutside(ctx, job);
  return isLimited ? "some-branches" : "all-branches";
}

const textOf = (value: Value | undefined): string | undefined =>
  value?.kind === "scalar" ? value.node.text : undefined;

/** One name, or the few that a regular expression spells out: `^main$`, `^(main|develop)$`. */
function isNamed(condition: NameCondition): boolean {
  if (condition.kind === "matches") return /^\^\(?(?:\?:)?[\w/|.\\-]+\)?\$$/.test(condition.pattern);
  return condition.kind === "is" || condition.kind === "is-default" || condition.kind === "slug-is";
}

/** Pushes and merge requests of branches that nothing names; whoever asks for a variable has somebody set it. */
function isForBranches(way: Way): boolean {
  const isLimited =
    way.isProtected === true || [...way.variables.values()].includes("set") || way.name.some(isNamed);
  return (
    !isLimited &&
    way.refs.some((ref) => ref !== "tag") &&
    way.sources.some((source) => source === "push" || source === "merge_request_event")
  );
}

/** Whether nothing lets the job in but a change of files. */
export function dependsOnChanges(job: Job): boolean {
  const rules = job.keywords.get("rules")?.value;
  const only = job.keywords.get("only")?.value;
  if (only?.kind === "map" && only.entries.has("changes")) return true;
  if (rules?.kind !== "list") return false;
  const letting = rules.items.filter(
    (rule) => rule.kind !== "map" || textOf(rule.entries.get("when")?.value) !== "never",
  );
  return letting.length > 0 && letting.every((rule) => rule.kind === "map" && rule.entries.has("changes"));
}

/** A child pipeline runs when its trigger job does; a file that others include, when they say. */
const isLimitedOutside = (ctx: QueryContext, { root }: Job): boolean =>
  ctx.get(childStartsOf, null).has(root) || !ctx.get(isPipelineEntry, root);

const nameOf = (reference: ImageReference): string => textKey(normaliseName(reference));

/** The images that a pipeline's jobs and services run in, without tags. */
const imagesOfJobs = defineQuery<FilePath, ReadonlySet<string>>({
  name: "imagesOfJobs",
  compute: (ctx, root) => {
    const jobs = ctx.get(jobNamesOf, root).flatMap((name) => ctx.get(jobOf, rootKey(root, name)) ?? []);
    const used = jobs.filter(({ isHidden }) => !isHidden).flatMap((job) => referenceUsesOf(ctx, job));
    return new Set(
      used
        .filter(({ role }) => role === "image" || role === "service")
        .map(({ reference }) => nameOf(reference)),
    );
  },
  equals: (a, b) => a.size === b.size && [...a].every((name) => b.has(name)),
});

/** Whether jobs of a pipeline run in an image of this name, whatever its tag. */
export const isImageOfJobs = (ctx: QueryContext, { root }: Job, reference: ImageReference): boolean =>
  ctx.get(imagesOfJobs, root).has(nameOf(reference));
