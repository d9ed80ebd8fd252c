// Which Git refs a job runs for, as far as `rules`, `only` and `workflow` say it in plain words.
// https://docs.gitlab.com/ci/jobs/job_rules/ , https://docs.gitlab.com/ci/yaml/deprecated_keywords/
import type { QueryContext } from "../query/query";
import type { Job } from "../model/pipeline/job";
import { referencedOf } from "../model/pipeline/reference";
import { rootKey } from "../model/pipeline/resolve";
import type { Value } from "../model/pipeline/value";

/**
 * "branch": one branch that is named. "tags": Git tags only. "both": named branches and tags. "any": nothing limits it.
 * "unknown": conditions that are not understood, or could not be read.
 */
export type RefLimit = "branch" | "tags" | "both" | "any" | "unknown";

/** What limits the refs of a job; the pipeline's own `workflow:rules` count too. */
export function refsOf(ctx: QueryContext, job: Job): RefLimit {
  const own = limitOfJob(job);
  if (own === "branch" || own === "tags" || own === "both") return own;
  const workflow = ctx.get(referencedOf, rootKey(job.root, "workflow")).value;
  const ofPipeline = workflow?.kind === "map" ? limitOfRules(workflow.entries.get("rules")?.value) : "any";
  return ofPipeline === "any" ? own : ofPipeline === "unknown" ? "unknown" : ofPipeline;
}

function limitOfJob(job: Job): RefLimit {
  const rules = job.keywords.get("rules")?.value;
  if (rules !== undefined) return limitOfRules(rules);
  const only = job.keywords.get("only")?.value;
  if (only !== undefined) return limitOfOnly(only);
  return job.isClosed ? "any" : "unknown";
}

function limitOfRules(value: Value | undefined): RefLimit {
  if (value === undefined) return "any";
  if (value.kind !== "list") return "unknown";
  return together(flat(value.items).flatMap((rule) => (isNever(rule) ? [] : [limitOfRule(rule)])));
}

const flat = (items: readonly Value[]): readonly Value[] => items.flatMap((item) => (item.kind === "list" ? flat(item.items) : [item]));

const isNever = (rule: Value): boolean => textOf(rule, "when") === "never";

function limitOfRule(rule: Value): RefLimit {
  if (rule.kind !== "map") return "unknown";
  const condition = textOf(rule, "if");
  return condition === undefined ? "any" : limitOfCondition(condition);
}

const NAMED_BRANCH = /\$CI_COMMIT_(?:BRANCH|REF_NAME)\s*==\s*(?:"[^"*]+"|'[^'*]+'|\$CI_DEFAULT_BRANCH)|\$CI_DEFAULT_BRANCH\s*==\s*\$CI_COMMIT_(?:BRANCH|REF_NAME)/;
const A_TAG = /\$CI_COMMIT_TAG\b(?!\s*==\s*(?:null|""|''))(?!\s*!=)|\$CI_COMMIT_TAG\s*!=\s*(?:null|""|'')/;

/** `||` means that each side must limit it, `&&` that one side may. Conditions about other things limit no refs. */
function limitOfCondition(condition: string): RefLimit {
  return together(
    condition.split("||").map((part): RefLimit => {
      if (NAMED_BRANCH.test(part)) return "branch";
      if (A_TAG.test(part)) return "tags";
      // A schedule, a web pipeline, a variable of the project: it may be set on one branch only.
      return /\$CI_PIPELINE_SOURCE\s*==\s*["'](?:push|merge_request_event)["']|\$CI_COMMIT_BRANCH\s*(?:$|&&|\))/.test(part) ? "any" : "unknown";
    }),
  );
}

function limitOfOnly(value: Value): RefLimit {
  const refs = value.kind === "map" ? value.entries.get("refs")?.value : value;
  if (refs === undefined) return value.kind === "map" ? "any" : "unknown";
  const names = refs.kind === "list" ? flat(refs.items) : [refs];
  return together(names.map((name) => (name.kind === "scalar" ? limitOfRef(name.node.text) : "unknown")));
}

const REF_KEYWORDS: ReadonlySet<string> = new Set(["branches", "merge_requests", "external_pull_requests", "pushes"]);
const OTHER_KEYWORDS: ReadonlySet<string> = new Set(["api", "chat", "external", "pipelines", "schedules", "triggers", "web"]);

function limitOfRef(name: string): RefLimit {
  if (name === "tags") return "tags";
  if (REF_KEYWORDS.has(name) || name.startsWith("/")) return "any";
  return OTHER_KEYWORDS.has(name) ? "unknown" : "branch";
}

function together(limits: readonly RefLimit[]): RefLimit {
  if (limits.length === 0 || limits.includes("any")) return limits.length === 0 ? "unknown" : "any";
  if (limits.includes("unknown")) return "unknown";
  const [first] = limits;
  return limits.every((limit) => limit === first) && first !== undefined ? first : "both";
}

function textOf(rule: Value, key: string): string | undefined {
  const value = rule.kind === "map" ? rule.entries.get(key)?.value : undefined;
  return value?.kind === "scalar" ? value.node.text : undefined;
}
