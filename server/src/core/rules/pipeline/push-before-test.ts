// An image that is public under its release name before the tests have run.
// https://docs.gitlab.com/user/packages/container_registry/build_and_push_images/#using-gitlab-cicd
import { showText } from "../../model/docker/symbolic";
import { earlyReleasesOf, type EarlyRelease } from "../../model/flow/early-releases";
import { isScanJob } from "../../model/pipeline/test-jobs";
import type { Severity } from "../../settings/settings";
import { promotionFixes } from "../promotion-fixes";
import { defineRule } from "../rule";

export const pushBeforeTest = defineRule({
  id: "push-before-test",
  title: "Released before it was tested",
  severity: "warning",
  since: "0.2.0",
  inspects: "pipeline",

  docs: {
    what: `Reports pushes of a tag that people use (\`latest\`, \`stable\` and the like, the tag of a Git tag, a branch's tag that a job deploys) from a job
that no test precedes, while jobs that test wait for it, or the script itself tests the image behind the push. Information for Git tags and
where only scans follow, a hint for images that only hold the tools of the pipeline's own jobs.`,
    why: "Whoever pulls the tag gets the broken image even if the tests fail. Tags of the commit are right: push them, test them, and give the tested image its name.",
    fix: "Push a tag of the commit here, and give the image its name in a job behind the tests.",
    example: {
      bad: `
stages: [build, test]
build:
  stage: build
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
    - docker build -t "$CI_REGISTRY_IMAGE:latest" .
    - docker push "$CI_REGISTRY_IMAGE:latest"
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
test:
  stage: test
  script: npm test
`,
      good: `
stages: [build, test]
build:
  stage: build
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA" .
    - docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA"
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
test:
  stage: test
  script: npm test
`,
    },
    references: [
      "https://docs.gitlab.com/user/packages/container_registry/build_and_push_images/#using-gitlab-cicd",
    ],
  },

  *check(pipeline, ctx) {
    for (const release of earlyReleasesOf(ctx, pipeline.root)) {
      const { push, tests, lateTest } = release;
      yield {
        at: push.at,
        job: push.job,
        severity: severityFor(release),
        message: messageFor(release),
        related: [
          ...(lateTest === undefined ? [] : [{ at: lateTest.at, message: "tested here" }]),
          ...tests
            .slice(0, MOST_TESTS)
            .map(({ nameAt, name }) => ({ at: nameAt, message: `\`${name}\` tests later` })),
        ],
        fixes: promotionFixes(ctx, release),
      };
    }
  },
});

const MOST_TESTS = 3;

function severityFor({ kind, isTool, isHeldBack, tests, lateTest }: EarlyRelease): Severity {
  if (isTool) return "hint";
  const isScanned = lateTest === undefined && tests.every(isScanJob);
  return kind === "git-tag" || isHeldBack || isScanned ? "info" : "warning";
}

function messageFor({ push, tests, lateTest }: EarlyRelease): string {
  const [reference] = push.references;
  const image = reference === undefined ? push.at.value : showText(reference.text);
  const [test] = tests;
  const before =
    lateTest !== undefined || test === undefined ? "this script tests it" : `\`${test.name}\` has run`;
  return `\`${image}\` is pushed before ${before}, so a broken image is out even if the tests fail; push \`:$CI_COMMIT_SHORT_SHA\` here and give the tested image its name afterwards`;
}
