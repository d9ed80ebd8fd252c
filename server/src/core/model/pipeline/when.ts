// When does a job run: in which kinds of pipelines, for which refs, with which variables set. From `rules`, `only`,
// `except`, `workflow:rules` and GitLab's defaults. Answers have three values: "no" is proven, "yes" means that such a
// pipeline is possible, "unknown" that something was not understood.
// https://docs.gitlab.com/ci/yaml/#rules , https://docs.gitlab.com/ci/yaml/#workflow
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import type { Answer } from "./answer";
import type { Job } from "./job";
import { referencedOf } from "./reference";
import { rootKey } from "./root-table";
import { outcomesOfRules, waysOfOutcomes, type Outcome } from "./when-rules";
import { isSetFor } from "./when-conditions";
import { canHaveSlash } from "./when-name";
import { DEFAULT_WAYS, waysOfPolicies } from "./when-only";
import { ANY_WAY, intersect, UNKNOWN_WAY, type PipelineSource, type RefKind, type Way } from "./when-way";

export interface JobRuns {
  /** Every way in which the job can come into a pipeline; empty: it never can. */
  readonly ways: readonly Way[];
  /** The rules that can let it in, each with its ways, in order; empty where the job has no `rules`. */
  readonly outcomes: readonly Outcome[];
}

/** In which pipelines a job can run. */
export const runsIn = (ctx: QueryContext, job: Job): JobRuns => ctx.get(runsOf, job);

const runsOf = defineQuery<Job, JobRuns>({
  name: "runsOf",
  compute: (ctx, job) => {
    const workflow = ctx.get(workflowRunsOf, job.root);
    const rules = job.keywords.get("rules")?.value;
    const outcomes = (rules === undefined ? [] : outcomesOfRules(ctx, rules)).flatMap((outcome) => {
      const ways = intersect(outcome.ways, workflow.ways);
      return ways.length === 0 ? [] : [{ ...outcome, ways }];
    });
    const own = rules === undefined ? waysWithoutRules(job, workflow.hasRules) : waysOfOutcomes(outcomes);
    return { ways: intersect(own, workflow.ways), outcomes };
  },
});

/** `workflow:rules` take the place of GitLab's own "branches and tags": then a job without rules runs in all of them. */
function waysWithoutRules(job: Job, workflowHasRules: boolean): readonly Way[] {
  const otherwise = workflowHasRules ? [ANY_WAY] : DEFAULT_WAYS;
  const written = waysOfPolicies(job.keywords, otherwise);
  if (written !== undefined) return written;
  // The rules may be written where nothing could be read.
  return job.isClosed ? otherwise : [UNKNOWN_WAY];
}

export interface WorkflowRuns {
  readonly ways: readonly Way[];
  readonly outcomes: readonly Outcome[];
  readonly hasRules: boolean;
}

/** In which cases a pipeline is created at all. https://docs.gitlab.com/ci/yaml/#workflowrules */
export const workflowRunsOf = defineQuery<FilePath, WorkflowRuns>({
  name: "workflowRunsOf",
  compute: (ctx, root) => {
    const workflow = ctx.get(referencedOf, rootKey(root, "workflow")).value;
    const rules = workflow?.kind === "map" ? workflow.entries.get("rules")?.value : undefined;
    if (rules === undefined) return { ways: [ANY_WAY], outcomes: [], hasRules: false };
    const outcomes = outcomesOfRules(ctx, rules);
    return { ways: waysOfOutcomes(outcomes), outcomes, hasRules: true };
  },
});

// ---- Questions

/** Whether one of the ways meets a condition: the way's own answer counts, "yes" only where the way is certain. */
function any(runs: JobRuns, test: (way: Way) => Answer): Answer {
  const answers = runs.ways.map((way) => {
    const answer = test(way);
    return answer === "yes" && !way.isCertain ? "unknown" : answer;
  });
  if (answers.includes("yes")) return "yes";
  return answers.includes("unknown") ? "unknown" : "no";
}

const answer = (is: boolean): Answer => (is ? "yes" : "no");

/** Whether the job can run in a pipeline for this kind of ref. */
export const canRunForRef = (runs: JobRuns, ref: RefKind): Answer =>
  any(runs, (way) => answer(way.refs.includes(ref)));

/** Whether the job can run in a pipeline of this source (`CI_PIPELINE_SOURCE`). */
export const canRunFromSource = (runs: JobRuns, source: PipelineSource): Answer =>
  any(runs, (way) => answer(way.sources.includes(source)));

/**
 * Whether `CI_COMMIT_REF_NAME` can be a branch whose name holds a slash: of a branch, or of a merge request's source.
 * The default branch is taken for a name without.
 */
export const canBeBranchWithSlash = (runs: JobRuns): Answer =>
  any(runs, (way) => (way.refs.some((ref) => ref !== "tag") ? canHaveSlash(way.name) : "no"));

/** Whether the job can run for the default branch. */
export const canBeDefaultBranch = (runs: JobRuns): Answer =>
  any(runs, (way) => {
    if (!way.refs.includes("branch") || way.name.some((each) => each.kind === "is-not-default")) return "no";
    return way.name.every((each) => each.kind === "is-default") ? "yes" : "unknown";
  });

/** Whether the job can run for a ref that is not protected, where protected variables are not set. */
export const canBeUnprotected = (runs: JobRuns): Answer =>
  any(runs, (way) => {
    if (way.isProtected !== undefined) return answer(!way.isProtected);
    // The default branch is protected unless somebody changed that.
    return way.name.some((each) => each.kind === "is-default" || each.kind === "is") ? "unknown" : "yes";
  });

/** Names of the only refs that the job can run for; undefined where others are possible. `$CI_DEFAULT_BRANCH` for itself. */
export function onlyRefsOf(runs: JobRuns): readonly string[] | undefined {
  const names = runs.ways.map((way) => way.name.flatMap(literalName)[0]);
  return names.includes(undefined) ? undefined : [...new Set(names.flatMap((name) => name ?? []))];
}

const literalName = (condition: Way["name"][number]): readonly string[] =>
  condition.kind === "is" ? [condition.name] : condition.kind === "is-default" ? ["$CI_DEFAULT_BRANCH"] : [];

/** Whether `CI_COMMIT_TAG` is set wherever the job runs ("yes"), nowhere ("no"), or here and there. */
export const isTagSet = (runs: JobRuns): Answer => isSet(runs, "CI_COMMIT_TAG");

/**
 * Whether a predefined variable, or one that the rules ask for, is set wherever the job runs ("yes") or nowhere ("no").
 * What YAML defines is not looked at.
 */
export function isSet(runs: JobRuns, name: string): Answer {
  const states = runs.ways.flatMap((way): readonly Answer[] => {
    const required = way.variables.get(name);
    if (required !== undefined) return [answer(required === "set")];
    return way.refs.map((ref) => {
      const set = isSetFor(name, ref);
      return set === undefined ? "unknown" : answer(set);
    });
  });
  const [first = "unknown"] = states;
  return states.every((state) => state === first) ? first : "unknown";
}

export type { Answer } from "./answer";
export type { Outcome } from "./when-rules";
export type { NameCondition, PipelineSource, RefKind, Way } from "./when-way";
