// On which refs a job can run, as far as its rules say so in so many words. What is not understood limits nothing.
// https://docs.gitlab.com/ci/yaml/#rules , https://docs.gitlab.com/ci/jobs/job_rules/
import type { QueryContext } from "../../query/query";
import type { Job } from "./job";
import { referencedOf } from "./reference";
import { rootKey } from "./root-table";
import type { Value } from "./value";

/** One way in which a job can come into a pipeline. */
export interface RefLimit {
  /** "tag": tags alone. "branch": the branches of `names` alone. "any": nothing is known. */
  readonly kind: "any" | "tag" | "branch";
  /** Branch names as text; `$CI_DEFAULT_BRANCH` stands for itself. Empty unless `kind` is "branch". */
  readonly names: readonly string[];
  /** A regular expression that the ref must match, as written between its slashes. */
  readonly pattern: string | undefined;
}

const ANY: RefLimit = { kind: "any", names: [], pattern: undefined };

/** Every way in which a job can come into a pipeline; a job without rules has one, which limits nothing. */
export function refLimitsOf(ctx: QueryContext, job: Job): readonly RefLimit[] {
  const own = limitsOfRules(job.keywords.get("rules")?.value) ?? limitsOfOnly(job.keywords.get("only")?.value) ?? [ANY];
  const workflow = ctx.get(referencedOf, rootKey(job.root, "workflow")).value;
  const outer = workflow?.kind === "map" ? limitsOfRules(workflow.entries.get("rules")?.value) : undefined;
  if (outer === undefined || outer.some((limit) => limit.kind === "any")) return own;
  // The pipeline exists only under `outer`: where the job itself is not limited, that holds for it too.
  return own.flatMap((limit) => (limit.kind === "any" ? outer : narrowed(limit, outer)));
}

/** A tag limit takes over the pattern that the workflow demands of tags. */
function narrowed(limit: RefLimit, outer: readonly RefLimit[]): readonly RefLimit[] {
  if (limit.kind !== "tag" || limit.pattern !== undefined) return [limit];
  const tags = outer.filter((each) => each.kind === "tag");
  return tags.length === 0 ? [limit] : tags;
}

/** Undefined where there are no rules. */
function limitsOfRules(rules: Value | undefined): readonly RefLimit[] | undefined {
  if (rules?.kind !== "list") return undefined;
  const limits: RefLimit[] = [];
  for (const rule of flat(rules)) {
    if (rule.kind !== "map") return [ANY];
    const when = rule.entries.get("when")?.value;
    if (when?.kind === "scalar" && when.node.text === "never") continue;
    const condition = rule.entries.get("if")?.value;
    limits.push(...(condition?.kind === "scalar" ? limitsOfCondition(condition.node.text) : [ANY]));
  }
  return limits.length === 0 ? [ANY] : limits;
}

const flat = (list: Value): readonly Value[] => (list.kind === "list" ? list.items.flatMap(flat) : [list]);

/** `a && b || c`: each alternative of `||` by itself; parentheses are not taken apart. */
export function limitsOfCondition(condition: string): readonly RefLimit[] {
  if (/[()]/.test(condition.replace(/\/(?:\\.|[^/\\])*\//g, ""))) return [ANY];
  return splitOutside(condition, "||").map((alternative) => limitOf(splitOutside(alternative, "&&")));
}

const TAG_TRUTHY = /^\$CI_COMMIT_TAG(\s*!=\s*(null|""|''))?$/;
const TAG_MATCH = /^\$(?:CI_COMMIT_TAG)\s*=~\s*\/((?:\\.|[^/\\])*)\/[a-z]*$/;
const BRANCH_EQUALS = /^\$CI_COMMIT_(?:BRANCH|REF_NAME)\s*==\s*(?:"([^"$]*)"|'([^']*)'|(\$CI_DEFAULT_BRANCH))$/;
const BRANCH_MATCH = /^\$CI_COMMIT_(?:BRANCH|REF_NAME)\s*=~\s*\/((?:\\.|[^/\\])*)\/[a-z]*$/;
const DEFAULT_FIRST = /^(?:"([^"$]*)"|\$CI_DEFAULT_BRANCH)\s*==\s*\$CI_COMMIT_(?:BRANCH|REF_NAME)$/;

function limitOf(conditions: readonly string[]): RefLimit {
  let limit = ANY;
  for (const condition of conditions.map((each) => each.trim())) {
    const branch = BRANCH_EQUALS.exec(condition);
    if (branch !== null) return { kind: "branch", names: [branch[1] ?? branch[2] ?? branch[3] ?? ""], pattern: undefined };
    if (DEFAULT_FIRST.test(condition)) return { kind: "branch", names: [condition.split("==")[0]?.trim() ?? ""], pattern: undefined };
    const branchPattern = BRANCH_MATCH.exec(condition)?.[1];
    if (branchPattern !== undefined && limit.kind === "any") limit = { ...ANY, pattern: branchPattern };
    const pattern = TAG_MATCH.exec(condition)?.[1];
    if (pattern !== undefined) limit = { kind: "tag", names: [], pattern };
    else if (TAG_TRUTHY.test(condition) && limit.kind === "any") limit = { kind: "tag", names: [], pattern: undefined };
  }
  return limit;
}

/** Splits at an operator that stands outside quotes and regular expressions. */
function splitOutside(text: string, operator: "||" | "&&"): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  for (const match of text.matchAll(/"[^"]*"|'[^']*'|\/(?:\\.|[^/\\])*\/|\|\||&&/g)) {
    if (match[0] !== operator) continue;
    parts.push(text.slice(start, match.index));
    start = match.index + operator.length;
  }
  return [...parts, text.slice(start)];
}

/** `only:` as a list of refs, or as a mapping with `refs`. Undefined where there is none. */
function limitsOfOnly(only: Value | undefined): readonly RefLimit[] | undefined {
  const refs = only?.kind === "map" ? only.entries.get("refs")?.value : only;
  if (refs === undefined) return undefined;
  return flat(refs).map((ref) => {
    if (ref.kind !== "scalar") return ANY;
    const name = ref.node.text;
    if (name === "tags") return { kind: "tag", names: [], pattern: undefined };
    return ONLY_KEYWORDS.has(name) || name.startsWith("/") || name.includes("$") ? ANY : { kind: "branch", names: [name], pattern: undefined };
  });
}

/** https://docs.gitlab.com/ci/yaml/deprecated_keywords/#onlyrefs--exceptrefs */
const ONLY_KEYWORDS: ReadonlySet<string> = new Set([
  "api",
  "branches",
  "chat",
  "external",
  "external_pull_requests",
  "merge_requests",
  "pipelines",
  "pushes",
  "schedules",
  "triggers",
  "web",
]);
