// An image that another job makes, and that is not there where this job looks for it.
// https://docs.gitlab.com/ci/docker/using_docker_build/ , https://docs.gitlab.com/ci/yaml/#needs
import { missingImagesOf, type MissingImage } from "../../model/flow/missing-images";
import type { ImageUse } from "../../model/flow/image-use";
import { showText } from "../../model/docker/symbolic";
import type { Severity } from "../../settings/settings";
import { missingImageFixes } from "../missing-image-fixes";
import { defineRule, type Report } from "../rule";
import { wordsForWay } from "../way-words";

export const imageNotSharedBetweenJobs = defineRule({
  id: "image-not-shared-between-jobs",
  title: "Image of another job is not there",
  severity: "error",
  since: "0.2.0",
  inspects: "pipeline",

  docs: {
    what: `Reports images that one job makes and another one uses although they cannot be there: never pushed, or pushed and not pulled before
\`docker tag\` (errors where both daemons are services of their jobs, information where one host may keep the images); pushed by a job that
nothing makes this one wait for, or that is not in all of its pipelines (warnings).`,
    why: `A Docker-in-Docker service starts empty with each job and is gone with it. What another job built is only there if it was pushed
("manifest unknown", "pull access denied", "No such image"), in the same pipeline and before.`,
    fix: "Push the image in the job that makes it, pull it in the one that uses it, and let that one wait.",
    example: {
      bad: `
stages: [build, test]
default:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  before_script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
build:
  stage: build
  script:
    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" .
test:
  stage: test
  script:
    - docker run "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" npm test
`,
      good: `
stages: [build, test]
default:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  before_script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
build:
  stage: build
  script:
    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" .
    - docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"
test:
  stage: test
  script:
    - docker run "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" npm test
`,
    },
    references: [
      "https://docs.gitlab.com/ci/docker/using_docker_build/",
      "https://docs.gitlab.com/ci/yaml/#needs",
      "https://docs.gitlab.com/ci/yaml/#rules",
    ],
  },

  *check(pipeline, ctx) {
    for (const missing of missingImagesOf(ctx, pipeline.root)) {
      const { use, source, others } = missing;
      const report: Report = {
        at: use.source === undefined ? use.at : commandOf(use),
        job: use.job,
        severity: severityFor(missing),
        confidence: missing.isSure ? "certain" : "likely",
        message: messageFor(missing),
        related: [
          { at: source.at.at, message: `\`${source.job.name}\` ${verbFor(missing)} it here` },
          ...others.map(({ at, job }) => ({ at: at.at, message: `\`${job.name}\` uses it too` })),
        ],
        fixes: missingImageFixes(ctx, missing),
      };
      yield report;
    }
  },
});

/** Of `docker tag A B` the reference that is kept is B's: the command then is the place. */
const commandOf = ({ command, at }: ImageUse): Report["at"] =>
  command === undefined ? at : { at: command.at, via: command.via };

function severityFor({ kind, isSure }: MissingImage): Severity {
  if (kind === "not-awaited" || kind === "not-together") return "warning";
  return isSure ? "error" : "info";
}

const verbFor = ({ kind }: MissingImage): string => (kind === "not-pushed" ? "makes" : "pushes");

function messageFor({ kind, reference, use, source, way, isSure }: MissingImage): string {
  const image = `\`${showText(reference.text)}\``;
  const [maker, user] = [`\`${source.job.name}\``, `\`${use.job.name}\``];
  switch (kind) {
    case "not-pushed":
      return isSure
        ? `${image} exists only in the Docker daemon of ${maker}, which is gone when ${user} starts ("pull access denied", "No such image"); push it in ${maker} and pull it here`
        : `${maker} does not push ${image}, so ${user} only finds it if both jobs run on one host with one Docker daemon; push it in ${maker} and pull it here unless that is sure`;
    case "not-pulled":
      return `${maker} pushes ${image}, but the Docker daemon of ${user} starts empty and \`docker ${use.command?.verb ?? "tag"}\` does not fetch it ("No such image"); pull it first`;
    case "not-awaited":
      return `${user} does not wait for ${maker}, which pushes ${image}, so it may not be there yet ("manifest unknown"); add ${maker} to its \`needs\` or give it a later stage`;
    case "not-together":
      return `${user} also runs in ${wordsForWay(way)}, where ${maker} does not run and nobody pushes ${image} ("manifest unknown"); give both jobs the same rules`;
  }
}
