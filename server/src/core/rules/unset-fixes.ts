// Fixes for a variable that is empty in a reference.
import type { UnsetEvidence } from "../model/docker/unset-evidence";
import type { UnsetUse } from "../model/docker/unset-variables";
import { setVariablesBeside } from "../model/pipeline/edit";
import type { Job } from "../model/pipeline/job";
import { knownVariable } from "../model/settings-teach";
import { limitJob } from "./limit-job";
import type { FixDraft, RuleContext } from "./rule";
import { replaceVariable, type VariableUse } from "./variable-uses";

/** For a predefined variable: another one, or rules under which it is set. */
export function knownFixes(
  job: Job,
  ctx: RuleContext,
  uses: readonly VariableUse[],
  { part: { name }, cause }: UnsetUse,
): readonly FixDraft[] {
  const slug = "CI_COMMIT_REF_SLUG";
  const isAlways = cause.kind === "predefined" && cause.emptiness.kind === "always";
  if (name === "CI_COMMIT_BRANCH" || (name === "CI_COMMIT_TAG" && isAlways))
    return replaceVariable(`Use \`$${slug}\``, uses, name, (written) => written.replace(name, slug));
  if (name === "CI_COMMIT_TAG") {
    const fallback = uses.every(({ isInScript }) => isInScript)
      ? replaceVariable(`Use \`$${slug}\` where there is no tag`, uses, name, () => `\${${name}:-$${slug}}`)
      : [];
    return [...limitJob(job, ctx, "Run the job for tags alone", "$CI_COMMIT_TAG"), ...fallback];
  }
  if (!name.startsWith("CI_MERGE_REQUEST_")) return [];
  const condition = '$CI_PIPELINE_SOURCE == "merge_request_event"';
  return limitJob(job, ctx, "Run the job in merge request pipelines alone", condition);
}

/** For a variable that no file sets: the name that is meant, or a definition. */
export function unknownFixes(
  job: Job,
  ctx: RuleContext,
  uses: readonly VariableUse[],
  name: string,
  evidence: UnsetEvidence,
): readonly FixDraft[] {
  if (evidence.kind === "misspelt") {
    const meant = evidence.name;
    return replaceVariable(`Use \`$${meant}\``, uses, name, (written) => written.replace(name, meant));
  }
  const sibling = evidence.kind === "sibling" ? job.variables.get(evidence.name) : undefined;
  if (sibling === undefined) return [];
  const suffix = name
    .replace(sibling.name, "")
    .replace(/^_+|_+$/g, "")
    .toLowerCase()
    .replaceAll("_", "-");
  const value = `$CI_REGISTRY_IMAGE:${suffix}-$CI_COMMIT_REF_SLUG`;
  const edits = setVariablesBeside(ctx, sibling.nameAt, [[name, value]]);
  return edits === undefined
    ? []
    : [{ title: `Define \`${name}\` beside \`${sibling.name}\``, safety: "suggested", edits }];
}

/** Says in the configuration file that GitLab's user interface sets a variable. */
export function teaching(ctx: RuleContext, name: string): readonly FixDraft[] {
  const taught = knownVariable(ctx, name);
  const title = `\`${name}\` is set in GitLab: say so in \`.gitlab-ci-docker.yml\``;
  return taught === undefined ? [] : [{ ...taught, title, safety: "manual" }];
}
