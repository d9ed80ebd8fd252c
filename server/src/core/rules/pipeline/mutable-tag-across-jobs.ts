// An image that passes from one job to the next under a tag that another pipeline may overwrite in between.
// https://docs.gitlab.com/user/packages/container_registry/build_and_push_images/#using-gitlab-cicd
import { showText } from "../../model/docker/symbolic";
import { movingImagesOf, type MovingImage } from "../../model/flow/moving-images";
import type { Severity } from "../../settings/settings";
import { placeOfTag, pinTagFixes } from "../pin-tag";
import { defineRule } from "../rule";

export const mutableTagAcrossJobs = defineRule({
  id: "mutable-tag-across-jobs",
  title: "Tested image and released image may differ",
  severity: "warning",
  since: "0.2.0",
  inspects: "pipeline",

  docs: {
    what: `Reports images that one job pushes and a later one pulls, runs or promotes under a tag that the next pipeline overwrites: that of the branch
(\`$CI_COMMIT_REF_SLUG\`), \`latest\`, or none. Information where jobs only run in the shared image or build on it, a hint where it is rebuilt on changes of its
files, on a schedule or by hand, or where all jobs share a \`resource_group\`.`,
    why: "Two pipelines run side by side: the second pushes its image between the jobs of the first, which then tests or releases another commit's image. `interruptible` does not help, since the push may be done by then.",
    fix: "Pass the image on under a tag of its commit, and give it other names at the end.",
    example: {
      bad: `
stages: [build, test]
image: docker:29.6.2-cli
services: [docker:29.6.2-dind]
variables:
  IMAGE: $CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG
before_script:
  - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
build:
  stage: build
  script:
    - docker build -t "$IMAGE" .
    - docker push "$IMAGE"
test:
  stage: test
  script:
    - docker run "$IMAGE" npm test
`,
      good: `
stages: [build, test]
image: docker:29.6.2-cli
services: [docker:29.6.2-dind]
variables:
  IMAGE: $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA
before_script:
  - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
build:
  stage: build
  script:
    - docker build -t "$IMAGE" .
    - docker push "$IMAGE"
test:
  stage: test
  script:
    - docker run "$IMAGE" npm test
`,
    },
    references: [
      "https://docs.gitlab.com/user/packages/container_registry/build_and_push_images/#using-gitlab-cicd",
      "https://docs.gitlab.com/ci/resource_groups/",
    ],
  },

  *check(pipeline, ctx) {
    for (const moving of movingImagesOf(ctx, pipeline.root)) {
      const { push, users } = moving;
      const at = placeOfTag(moving);
      yield {
        at,
        job: push.job,
        severity: severityFor(moving),
        message: messageFor(moving),
        related: [
          ...(at === push.at ? [] : [{ at: push.at.at, message: `\`${push.job.name}\` pushes it` }]),
          ...users.map(({ at, job }) => ({ at: at.at, message: `\`${job.name}\` uses it` })),
        ],
        fixes: pinTagFixes(ctx, moving),
      };
    }
  },
});

function severityFor({ kind, isTool, isRare, isGuarded, isReleasedEarly }: MovingImage): Severity {
  if (isGuarded || isReleasedEarly || (isTool && isRare)) return "hint";
  return isTool && kind === "moving" ? "info" : "warning";
}

function messageFor({ reference, kind, push, users }: MovingImage): string {
  const [user] = users;
  const who =
    kind === "ref" ? "Two pipelines of the same branch overwrite" : "Pipelines overwrite each other's";
  const between = `between \`${push.job.name}\` and \`${user?.job.name ?? ""}\``;
  return `${who} \`${showText(reference.text)}\` ${between}, so \`${user?.job.name ?? ""}\` may get another commit's image; pass it on under \`$CI_COMMIT_SHA\``;
}
