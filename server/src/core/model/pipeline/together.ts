// Which jobs come into one pipeline, and in which pipelines a job runs without others. Rests on `when.ts`, whose ways err to the
// side of more pipelines: what is left when ways are taken away is proven.
import type { QueryContext } from "../../query/query";
import type { Answer } from "./answer";
import type { Job } from "./job";
import type { Value } from "./value";
import { runsIn } from "./when";
import {
  ANY_WAY,
  intersect,
  PIPELINE_SOURCES,
  REF_KINDS,
  waysOf,
  type NameCondition,
  type Way,
} from "./when-way";

/** Whether two jobs can be in one pipeline. */
export function canBeTogether(ctx: QueryContext, a: Job, b: Job): Answer {
  const common = waysTogether(ctx, a, b);
  if (common.length === 0) return "no";
  return common.some(({ isCertain }) => isCertain) ? "yes" : "unknown";
}

/** The pipelines that both jobs can be in. */
export const waysTogether = (ctx: QueryContext, a: Job, b: Job): readonly Way[] =>
  intersect(runsIn(ctx, a).ways, runsIn(ctx, b).ways);

/** Whether a job only runs where certain files changed, on a schedule, or when somebody starts it. */
export function runsRarely(ctx: QueryContext, job: Job): boolean {
  const { ways, outcomes } = runsIn(ctx, job);
  const only = job.keywords.get("only")?.value;
  if (only?.kind === "map" && only.entries.has("changes")) return true;
  if (textOf(job.keywords.get("when")?.value) === "manual") return true;
  if (outcomes.length === 0) return ways.length > 0 && ways.every(isScheduled);
  return outcomes.every(
    (outcome) =>
      outcome.ways.every(isScheduled) ||
      outcome.rule?.entries.has("changes") === true ||
      textOf(outcome.rule?.entries.get("when")?.value) === "manual",
  );
}

const isScheduled = ({ sources }: Way): boolean => sources.every((source) => source === "schedule");

const textOf = (value: Value | undefined): string | undefined =>
  value?.kind === "scalar" ? value.node.text : undefined;

/** When what a job leaves behind is still there: in its own pipeline, for later pipelines of the commit, or of the ref. */
export type Lasting = "pipeline" | "commit" | "ref";

/**
 * Pipelines in which a job runs and which none of the others can have provided for, all of them possible. Empty where there are
 * none, and where it cannot be told.
 *
 * @param lasting which later pipelines find what the others left
 */
export function waysWithout(
  ctx: QueryContext,
  job: Job,
  others: readonly Job[],
  lasting: Lasting,
): readonly Way[] {
  const provided = others.flatMap((other) => runsIn(ctx, other).ways.flatMap((way) => reach(way, lasting)));
  let rest = runsIn(ctx, job).ways.filter(({ isCertain }) => isCertain);
  for (const way of provided) {
    rest = rest.flatMap((each) => minus(each, way));
    if (rest.length > MOST_WAYS) return [];
  }
  return rest.filter((way) => isUsual(way) && ![...way.variables.values()].includes("set"));
}

/** Schedules and triggers for a Git tag exist, but hardly anybody has them. */
const isUsual = ({ refs, sources }: Way): boolean =>
  refs.some((ref) => ref !== "tag") || sources.includes("push");

/** More ways than this are not kept apart: nothing is said then. */
const MOST_WAYS = 48;

/**
 * The pipelines that find what a job left in those of a way. A variable is taken for set as the way wants it: who sets it knows
 * why. For commits and refs it does not matter what started the pipeline, a merge request has its branch's commits and name, and a
 * Git tag has commits of branches, whatever their names.
 */
function reach(way: Way, lasting: Lasting): readonly Way[] {
  const variables = new Map<string, "set" | "unset">();
  if (lasting === "pipeline") return [{ ...way, variables }];
  const refs = REF_KINDS.filter(
    (ref) => way.refs.includes(ref) || (ref !== "tag" && way.refs.some((own) => own !== "tag")),
  );
  const isOfRequest = way.refs.every((ref) => ref === "merge_request");
  const later = { ...way, variables, refs, sources: PIPELINE_SOURCES, name: isOfRequest ? [] : way.name };
  const isBranch = refs.includes("branch");
  const tags = { ...ANY_WAY, refs: ["tag"] } satisfies Way;
  return lasting === "commit" && isBranch ? [later, tags] : [later];
}

/** A way without another one: each part fails one of the conditions of the other. */
function minus(way: Way, taken: Way): readonly Way[] {
  if (intersect([way], [taken]).length === 0) return [way];
  const refs = way.refs.filter((ref) => !taken.refs.includes(ref));
  const sources = way.sources.filter((source) => !taken.sources.includes(source));
  const isProtected = taken.isProtected === undefined ? [] : [{ ...way, isProtected: !taken.isProtected }];
  return [
    ...waysOf({ ...way, refs }),
    ...waysOf({ ...way, sources }),
    ...(way.isProtected === undefined ? isProtected : []),
    ...byName(way, taken),
  ];
}

/** Of a way that names its refs itself it is not asked which of them another name leaves. */
function byName(way: Way, taken: Way): readonly Way[] {
  const isOpen = way.name.every(({ kind }) => kind === "is-not" || kind === "is-not-default");
  const [only, ...others] = taken.name;
  const other = only === undefined || others.length > 0 || !isOpen ? undefined : opposite(only);
  return other === undefined ? [] : waysOf({ ...way, name: [...way.name, other] });
}

/** Undefined for a condition whose opposite says nothing of a name: a slug. */
function opposite(condition: NameCondition): NameCondition | undefined {
  switch (condition.kind) {
    case "is":
    case "is-not":
      return { kind: condition.kind === "is" ? "is-not" : "is", name: condition.name };
    case "is-default":
      return { kind: "is-not-default" };
    case "is-not-default":
      return { kind: "is-default" };
    case "matches":
    case "matches-not":
      return { ...condition, kind: condition.kind === "matches" ? "matches-not" : "matches" };
    case "slug-is":
      return undefined;
  }
}
