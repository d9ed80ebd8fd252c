// Jobs that test, lint, scan or check, as far as their names and stages say.
import type { Job } from "./job";
import type { Value } from "./value";

/** Words of names; what else ends in "test" is listed, since `latest` does too. */
const TEST_WORD =
  /^(?:(?:unit|integration|e2e|smoke|functional|acceptance|regression|system|api|ui|py|go|cargo|npm|self|auto)?(?:tests?|testing|tester)|lint(?:er|ers|ing|s)?|(?:code|type|health|style|spell|pre)?checks?|checking|checkstyle|qa|scans?|scanner|scanning|verify|verification|e2e|rspec|phpunit|phpstan|eslint|sast)\d*$/;

const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);

/** Whether the name of a job, or the stage that it is given, says that it tests something. */
export const isTestJob = (job: Job): boolean =>
  namesOf(job).some((name) => wordsOf(name).some((word) => TEST_WORD.test(word)));

/** A job without a stage is in `test`, which says nothing of it. */
const namesOf = ({ name, stage, keywords }: Job): readonly string[] =>
  keywords.has("stage") ? [name, stage.value] : [name];

const SCAN_WORD = /^(?:scans?|scanner|scanning|sast|trivy|grype|snyk)$/;

/** Whether a job looks for known weaknesses: what it finds does not make an image broken. */
export const isScanJob = (job: Job): boolean =>
  namesOf(job).some((name) => wordsOf(name).some((word) => SCAN_WORD.test(word)));

const DEPLOY_WORD =
  /^(?:deploy|deploys|deployment|release|releases|publish|rollout|prod|production|staging|live)$/;

/** Whether a job deploys: by `environment`, or as its name or stage says. */
export const isDeployJob = (job: Job): boolean =>
  job.keywords.has("environment") ||
  namesOf(job).some((name) => wordsOf(name).some((word) => DEPLOY_WORD.test(word)));

/** Whether the failure of a job stops the pipeline: it is neither allowed to fail nor left to somebody to start. */
export function stopsPipeline({ keywords }: Job): boolean {
  const rules = keywords.get("rules")?.value;
  const own = [keywords.get("allow_failure")?.value, keywords.get("when")?.value];
  return !own.some(isLenient) && !(rules !== undefined && isLenientRule(rules));
}

/** `allow_failure: true` or with `exit_codes`, `when: manual`. */
const isLenient = (value: Value | undefined): boolean =>
  value !== undefined &&
  (value.kind !== "scalar" || /^(?:true|manual|on_failure|always|delayed)$/.test(value.node.text));

function isLenientRule(rules: Value): boolean {
  if (rules.kind === "list") return rules.items.some(isLenientRule);
  if (rules.kind !== "map") return true;
  const isNever = textOf(rules.entries.get("when")?.value) === "never";
  return (
    !isNever &&
    [rules.entries.get("allow_failure")?.value, rules.entries.get("when")?.value].some(
      (value) => isLenient(value) && textOf(value) !== "always",
    )
  );
}

const textOf = (value: Value | undefined): string | undefined =>
  value?.kind === "scalar" ? value.node.text : undefined;
