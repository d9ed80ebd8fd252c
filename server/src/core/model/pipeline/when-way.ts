// A way is a set of pipelines, described by conditions that all hold: kinds of refs, sources, the ref's name, variables that
// are set. A list of ways is their union. Everything here errs to the side of more pipelines, so that "no way" is a proof.
import type { Operand } from "./when-expression";

/** What a pipeline runs for. Pipelines of external pull requests run for a branch. */
export type RefKind = "branch" | "tag" | "merge_request";

/** Values of `CI_PIPELINE_SOURCE`. https://docs.gitlab.com/ci/jobs/job_rules/#ci_pipeline_source-predefined-variable */
export const PIPELINE_SOURCES = [
  "api",
  "chat",
  "container_registry_push",
  "external",
  "external_pull_request_event",
  "merge_request_event",
  "ondemand_dast_scan",
  "ondemand_dast_validation",
  "parent_pipeline",
  "pipeline",
  "push",
  "schedule",
  "security_orchestration_policy",
  "trigger",
  "web",
  "webide",
] as const;

export type PipelineSource = (typeof PIPELINE_SOURCES)[number];

/** A condition on the ref's name: `main`, the tag `v1`, the source branch of a merge request. */
export type NameCondition =
  | { readonly kind: "is" | "is-not"; readonly name: string }
  /** The default branch, whose name no file says. */
  | { readonly kind: "is-default" | "is-not-default" }
  /** `CI_COMMIT_REF_SLUG` is this. */
  | { readonly kind: "slug-is"; readonly slug: string }
  | { readonly kind: "matches" | "matches-not"; readonly pattern: string; readonly flags: string };

export interface Way {
  readonly refs: readonly RefKind[];
  readonly sources: readonly PipelineSource[];
  readonly name: readonly NameCondition[];
  /** Undefined: protected refs and others. */
  readonly isProtected: boolean | undefined;
  /** Variables of which nothing else is known: they must be set, or unset. */
  readonly variables: ReadonlyMap<string, "set" | "unset">;
  /** True: each pipeline of this description is possible. False: something was not understood, there may be none. */
  readonly isCertain: boolean;
}

export const REF_KINDS: readonly RefKind[] = ["branch", "tag", "merge_request"];

export const ANY_WAY: Way = Object.freeze({
  refs: REF_KINDS,
  sources: PIPELINE_SOURCES,
  name: [],
  isProtected: undefined,
  variables: new Map<string, "set" | "unset">(),
  isCertain: true,
});

/** Every pipeline, as far as can be told. */
export const UNKNOWN_WAY: Way = Object.freeze({ ...ANY_WAY, isCertain: false });

/** More ways than this are not kept apart. */
const MAX_WAYS = 24;

/** Which sources a kind of ref can have. Child pipelines take the ref of their parent. */
function fits(ref: RefKind, source: PipelineSource): boolean {
  if (source === "parent_pipeline") return true;
  if (source === "merge_request_event") return ref === "merge_request";
  if (source === "external_pull_request_event") return ref === "branch";
  return ref !== "merge_request";
}

/** A way from some of its conditions; undefined where no pipeline meets them. */
export function wayOf(conditions: Partial<Way>): Way | undefined {
  const all = { ...ANY_WAY, ...conditions };
  const refs = all.refs.filter((ref) => all.sources.some((source) => fits(ref, source)));
  const sources = all.sources.filter((source) => refs.some((ref) => fits(ref, source)));
  if (refs.length === 0 || sources.length === 0 || isContradiction(all.name)) return undefined;
  return { ...all, refs, sources };
}

export const waysOf = (conditions: Partial<Way>): readonly Way[] => {
  const way = wayOf(conditions);
  return way === undefined ? [] : [way];
};

function isContradiction(conditions: readonly NameCondition[]): boolean {
  if (conditions.length < 2) return false;
  const names = new Set(conditions.flatMap((each) => (each.kind === "is" ? [each.name] : [])));
  if (names.size > 1) return true;
  const isDefault = conditions.some((each) => each.kind === "is-default");
  return conditions.some(
    (each) =>
      (each.kind === "is-not" && names.has(each.name)) || (each.kind === "is-not-default" && isDefault),
  );
}

function both(a: Way, b: Way): Way | undefined {
  if (a === ANY_WAY) return b;
  if (b === ANY_WAY) return a;
  if (a.isProtected !== undefined && b.isProtected !== undefined && a.isProtected !== b.isProtected)
    return undefined;
  const variables = new Map(a.variables);
  for (const [name, state] of b.variables) {
    if ((variables.get(name) ?? state) !== state) return undefined;
    variables.set(name, state);
  }
  return wayOf({
    refs: a.refs.filter((ref) => b.refs.includes(ref)),
    sources: a.sources.filter((source) => b.sources.includes(source)),
    name: [...a.name, ...b.name.filter((each) => !a.name.some((other) => sameName(each, other)))],
    isProtected: a.isProtected ?? b.isProtected,
    variables,
    isCertain: a.isCertain && b.isCertain,
  });
}

/** The pipelines of both. Where that becomes too much to keep apart: those of the first, uncertain. */
export function intersect(first: readonly Way[], second: readonly Way[]): readonly Way[] {
  if (isEverything(first)) return second;
  if (isEverything(second)) return first;
  if (first.length * second.length > MAX_WAYS * 12) return first.map((way) => ({ ...way, isCertain: false }));
  const ways = simplify(
    first.flatMap((a) =>
      second.flatMap((b) => {
        const way = both(a, b);
        return way === undefined ? [] : [way];
      }),
    ),
  );
  return ways.length > MAX_WAYS ? first.map((way) => ({ ...way, isCertain: false })) : ways;
}

const isEverything = (ways: readonly Way[]): boolean => ways.length === 1 && ways[0] === ANY_WAY;

/** Whether some pipeline is of both. */
export const meets = (first: readonly Way[], second: readonly Way[]): boolean =>
  first.some((a) => second.some((b) => both(a, b) !== undefined));

/** The pipelines of either. */
export function union(first: readonly Way[], second: readonly Way[]): readonly Way[] {
  const ways = simplify([...first, ...second]);
  return ways.length > MAX_WAYS * 4 ? [UNKNOWN_WAY] : ways;
}

/** Without ways that another one covers. */
function simplify(ways: readonly Way[]): readonly Way[] {
  const kept: Way[] = [];
  for (const way of ways) {
    if (kept.some((other) => covers(other, way))) continue;
    for (let index = kept.length - 1; index >= 0; index -= 1) {
      const other = kept[index];
      if (other !== undefined && covers(way, other)) kept.splice(index, 1);
    }
    kept.push(way);
  }
  return kept;
}

function covers(wide: Way, narrow: Way): boolean {
  return (
    (wide.isCertain || !narrow.isCertain) &&
    (wide.isProtected === undefined || wide.isProtected === narrow.isProtected) &&
    narrow.refs.every((ref) => wide.refs.includes(ref)) &&
    narrow.sources.every((source) => wide.sources.includes(source)) &&
    wide.name.every((each) => narrow.name.some((other) => sameName(each, other))) &&
    [...wide.variables].every(([name, state]) => narrow.variables.get(name) === state)
  );
}

const nameKey = (condition: NameCondition): string => JSON.stringify(condition);
const sameName = (a: NameCondition, b: NameCondition): boolean =>
  a.kind === b.kind && nameKey(a) === nameKey(b);

/** The condition that a ref's name matches a regular expression, or does not. */
export const matching = (
  pattern: Extract<Operand, { kind: "pattern" }>,
  isPositive: boolean,
): NameCondition => ({
  kind: isPositive ? "matches" : "matches-not",
  pattern: pattern.source,
  flags: pattern.flags,
});
