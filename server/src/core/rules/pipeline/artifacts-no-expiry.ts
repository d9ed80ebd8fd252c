// Artifacts that only feed later jobs, and are kept as if somebody wanted them. https://docs.gitlab.com/ci/yaml/#artifactsexpire_in
import { feedingArtifactsOf, type Feeding } from "../../model/docker/feeding-artifacts";
import { setKey } from "../../syntax/yaml-edit";
import { expiryFor } from "../artifact-fix";
import { defineRule, type Report, type RuleContext } from "../rule";

export const artifactsNoExpiry = defineRule({
  id: "artifacts-no-expiry",
  title: "Artifacts for later jobs that do not expire",
  severity: "hint",
  since: "0.1.0",
  inspects: "pipeline",

  docs: {
    what: "Hints at `artifacts` without `expire_in` that a later job of the pipeline uses. Jobs that release, package or deploy, and reports, are left alone.",
    why: "Such files serve for the rest of the pipeline, and GitLab keeps them for the instance's default of 30 days, or for ever.",
    example: {
      bad: `
stages: [compile, container]

compile:
  stage: compile
  script: npm run build
  artifacts:
    paths: [dist]

container:
  stage: container
  script: cp -r dist public
`,
      good: `
stages: [compile, container]

compile:
  stage: compile
  script: npm run build
  artifacts:
    paths: [dist]
    expire_in: 1 hour

container:
  stage: container
  script: cp -r dist public
`,
    },
    references: [
      "https://docs.gitlab.com/ci/yaml/#artifactsexpire_in",
      "https://docs.gitlab.com/ci/jobs/job_artifacts/#delete-old-artifacts",
    ],
  },

  *check({ root }, ctx) {
    for (const feeding of ctx.get(feedingArtifactsOf, root)) yield report(feeding, ctx);
  },
});

function report({ producer, artifacts, consumer, at }: Feeding, ctx: RuleContext): Report {
  const entry = producer.keywords.get("artifacts");
  const expiry = expiryFor(ctx, [consumer]);
  return {
    at: { at: entry?.keyAt ?? artifacts.value.at, via: artifacts.value.via },
    message: `These files feed later jobs; without \`expire_in\` they are kept for the instance's default (30 days), so say how long: \`expire_in: ${expiry}\``,
    related: [{ at, message: `used by job \`${consumer.name}\`` }],
    fixes: [
      {
        title: `Add \`expire_in: ${expiry}\``,
        safety: "suggested",
        edits: setKey(artifacts.value.node, "expire_in", expiry),
      },
    ],
  };
}
