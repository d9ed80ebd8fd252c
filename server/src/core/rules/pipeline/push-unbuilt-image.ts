// A push of an image that nothing in the job makes: Docker has nothing to push.
// moby `daemon/images/image_push.go`, docker/cli `cli/command/image/push.go`
import type { ImageUse } from "../../model/flow/image-use";
import { unbuiltPushesOf, type UnbuiltPush } from "../../model/flow/unbuilt-push";
import { showText } from "../../model/docker/symbolic";
import { commandsOf } from "../../model/docker/find-commands";
import { unbuiltFixes } from "../unbuilt-fixes";
import { defineRule, type Report, type RuleContext } from "../rule";

export const pushUnbuiltImage = defineRule({
  id: "push-unbuilt-image",
  title: "Push of an image that the job never made",
  severity: "error",
  since: "0.2.0",
  inspects: "job",

  docs: {
    what: `Reports \`docker push\` of a reference that nothing in the job builds, tags, pulls, loads or commits. An error where the daemon is a
service of the job, which starts empty; a warning where it is another one, and no job of the pipeline makes the image.`,
    why: 'Docker pushes what lies in its daemon: "An image does not exist locally with the tag: …". Jobs that call what cannot be read, load archives, or build with compose or bake are left alone.',
    fix: "Build the image with `-t` and the name that is pushed, or give it that name with `docker tag`.",
    example: {
      bad: `
build:
  services: [docker:29.6.2-dind]
  script:
    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" .
    - docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA"
`,
      good: `
build:
  services: [docker:29.6.2-dind]
  script:
    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" .
    - docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"
`,
    },
    references: [
      "https://docs.docker.com/reference/cli/docker/image/push/",
      "https://docs.gitlab.com/ci/docker/using_docker_build/",
    ],
  },

  *check(job, ctx) {
    if (!commandsOf(ctx, job).some(({ verb }) => verb === "push")) return;
    for (const unbuilt of unbuiltPushesOf(ctx, job)) yield reportOf(ctx, unbuilt);
  },
});

function reportOf(ctx: RuleContext, unbuilt: UnbuiltPush): Report {
  const { push, daemon, closest, pushedBy } = unbuilt;
  const related = [
    ...(closest === undefined ? [] : [{ at: closest.at.at, message: "made here, and not pushed" }]),
    ...(pushedBy === undefined
      ? []
      : [
          {
            at: pushedBy.at.at,
            message: `\`${pushedBy.job.name}\` pushes it: this job's daemon does not have it`,
          },
        ]),
  ];
  return {
    at: push.at,
    severity: daemon === "gone" ? "error" : "warning",
    confidence: daemon === "gone" ? "certain" : "likely",
    message: `Nothing in this job makes \`${nameOf(push)}\`, so the push ends with "An image does not exist locally with the tag"${closestIn(closest)}; build the image with \`-t\` and this name, or \`docker tag\` it first`,
    related,
    fixes: unbuiltFixes(ctx, unbuilt),
  };
}

const nameOf = ({ references, at }: ImageUse): string => {
  const [only, ...others] = references;
  return only === undefined || others.length > 0 ? at.value : showText(only.text);
};

const closestIn = (closest: ImageUse | undefined): string =>
  closest === undefined ? "" : ` (the job makes \`${nameOf(closest)}\`)`;
