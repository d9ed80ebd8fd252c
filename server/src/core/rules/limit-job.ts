// Gives a job rules, where that takes nothing from anybody.
import { ownBody } from "../model/pipeline/edit";
import type { Job } from "../model/pipeline/job";
import { orderTableOf } from "../model/pipeline/order";
import { setKey } from "../syntax/yaml-edit";
import type { FixDraft, RuleContext } from "./rule";

const RULE_KEYWORDS = ["rules", "only", "except", "when"];

/**
 * Rules for a job that has none, where no other job needs it in its pipeline: GitLab refuses a pipeline in which a needed job
 * is missing. https://docs.gitlab.com/ci/yaml/#needs
 */
export function limitJob(job: Job, ctx: RuleContext, title: string, condition: string): readonly FixDraft[] {
  const body = ownBody(job);
  if (body === undefined || !job.isClosed || RULE_KEYWORDS.some((keyword) => job.keywords.has(keyword)))
    return [];
  const isNeeded = [...ctx.get(orderTableOf, job.root).jobs.values()].some(({ needs, dependencies }) =>
    [...(needs ?? []).map((need) => need.job), ...(dependencies ?? [])].includes(job.name),
  );
  if (isNeeded) return [];
  return [{ title, safety: "suggested", edits: setKey(body, "rules", `- if: ${condition}`) }];
}
