// A variable that is empty where a reference needs it: `app:$TAG` becomes `app:`, which is none.
// https://docs.gitlab.com/ci/variables/predefined_variables/ , https://docs.gitlab.com/ci/variables/where_variables_can_be_used/
import { REMOVED_VARIABLES } from "../../data/predefined-variables";
import { commandsOf } from "../../model/docker/find-commands";
import type { Emptiness } from "../../model/docker/reference-properties";
import { unsetEvidence } from "../../model/docker/unset-evidence";
import { firstUnknownsOf, isAskedFor, unsetUsesOf, type UnsetUse } from "../../model/docker/unset-variables";
import { childStartsOf } from "../../model/pipeline/child-pipelines";
import type { Job } from "../../model/pipeline/job";
import { isPipelineEntry } from "../../model/pipeline/roots";
import type { Severity } from "../../settings/settings";
import { defineRule, type Report, type RuleContext } from "../rule";
import { knownFixes, teaching, unknownFixes } from "../unset-fixes";
import { knownMessage, unknownMessage } from "../unset-words";
import { otherPlaces, reportFirst, variableUse, type VariableUse } from "../variable-uses";

export const referenceVariableUnset = defineRule({
  id: "reference-variable-unset",
  title: "Variable of an image reference is empty",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: `Reports variables in image references without which nothing valid is left: predefined ones that GitLab does not set in the pipelines in
which the job runs (an error where in none of them), \`\${X:-default}\` in \`image:\` and services, where no shell reads it, and variables that
nobody sets: misspelt ones, those that only a script sets although \`image:\` or another job uses them, and those named after one that YAML
defines. Of any other name that no file sets, one information.`,
    why: `\`app:$CI_COMMIT_TAG\` becomes \`app:\`: "invalid reference format". An empty word that is not quoted is gone, so \`-t $X --cache-from y\` takes
\`--cache-from\` for the tag. Variables of GitLab's user interface are seen by nobody here: list them under \`variables: known:\` in
\`.gitlab-ci-docker.yml\`. Names of secrets, accounts and addresses, and names in conditions and comments, are taken to be set there.
Silent where the script asks whether the variable is set, or has a default for it.`,
    example: {
      bad: `
release:
  rules:
    - if: $CI_COMMIT_BRANCH
  script:
    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_TAG" .
`,
      good: `
release:
  rules:
    - if: $CI_COMMIT_TAG
  script:
    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_TAG" .
`,
    },
    references: [
      "https://docs.gitlab.com/ci/variables/predefined_variables/",
      "https://docs.gitlab.com/ci/variables/where_variables_can_be_used/",
      "https://gitlab.com/gitlab-org/gitlab-runner/-/blob/main/common/spec/variables.go",
    ],
  },

  *check(job, ctx) {
    const images = [...(job.image === undefined ? [] : [job.image]), ...job.services];
    if (!images.some(({ text }) => /[$%]/.test(text.text)) && commandsOf(ctx, job).length === 0) return;
    const unset = unsetUsesOf(ctx, job);
    for (const name of new Set(unset.map(({ part }) => part.name))) {
      const own = unset.filter(({ part }) => part.name === name);
      const [first] = own;
      if (first === undefined) continue;
      if (first.cause.kind === "unknown") yield* unknown(job, ctx, own, first);
      else yield* known(job, ctx, own, first);
    }
  },
});

const placesOf = (unset: readonly UnsetUse[]): readonly VariableUse[] =>
  unset.map(({ use, part }) => variableUse(use, part));

// ---- What is known to be empty

function* known(job: Job, ctx: RuleContext, own: readonly UnsetUse[], first: UnsetUse): Iterable<Report> {
  const { name } = first.part;
  const severity = severityFor(job, ctx, first);
  if (severity === undefined) return;
  const uses = placesOf(own);
  yield* reportFirst(uses, {
    severity,
    message: knownMessage(first),
    related: otherPlaces(uses, name),
    fixes: first.cause.kind === "predefined" ? knownFixes(job, ctx, uses, first) : [],
  });
}

function severityFor(job: Job, ctx: RuleContext, { part, cause }: UnsetUse): Severity | undefined {
  if (cause.kind === "operator") return "error";
  if (cause.kind !== "predefined" || !job.isClosed || isAskedFor(job, part.name)) return undefined;
  if (cause.emptiness.kind === "always") return "error";
  // Whether a child pipeline, or a file that others include, runs for a tag is decided elsewhere.
  if (ctx.get(childStartsOf, null).has(job.root) || !ctx.get(isPipelineEntry, job.root)) return undefined;
  return isByHand(job) || isForTagsAlone(job, part.name, cause.emptiness) ? "info" : "warning";
}

/** A job without rules of its own, whose variable is empty for Git tags: not every project makes those. */
const isForTagsAlone = (job: Job, name: string, { refs }: Emptiness): boolean =>
  name === "CI_COMMIT_BRANCH" &&
  !refs.includes("merge_request") &&
  !["rules", "only", "except"].some((keyword) => job.keywords.has(keyword));

/** Who starts a job by hand knows for what. */
function isByHand(job: Job): boolean {
  const when = job.keywords.get("when")?.value;
  return when?.kind === "scalar" && when.node.text === "manual";
}

// ---- What nobody sets

function* unknown(job: Job, ctx: RuleContext, own: readonly UnsetUse[], first: UnsetUse): Iterable<Report> {
  const { name } = first.part;
  const evidence = unsetEvidence(ctx, job, first.use, name);
  // ci-build-variable-removed says what became of those.
  if (evidence.kind === "settable" || isAskedFor(job, name) || REMOVED_VARIABLES.has(name)) return;
  if (evidence.kind === "none") {
    yield* unknownAlone(job, ctx, name);
    return;
  }
  const uses = placesOf(own);
  yield* reportFirst(uses, {
    severity: "warning",
    confidence: "likely",
    message: unknownMessage(first, evidence),
    related: otherPlaces(uses, name),
    fixes: [...unknownFixes(job, ctx, uses, name, evidence), ...teaching(ctx, name)],
  });
}

// ---- One word for each name

function* unknownAlone(job: Job, ctx: RuleContext, name: string): Iterable<Report> {
  const first = firstUnknownsOf(ctx, job.root).get(name);
  if (first === undefined) return;
  const { at, via } = variableUse(first.use, first.part);
  yield {
    at: { at, via },
    severity: "info",
    confidence: "likely",
    message: unknownMessage(first, { kind: "none" }),
    fixes: teaching(ctx, name),
  };
}
