// A push in after_script: nothing that fails there fails the job.
// https://docs.gitlab.com/ci/yaml/#after_script
import type { ContainerCommand } from "../../model/docker/command";
import { commandsOf } from "../../model/docker/find-commands";
import { moveToScript } from "../move-to-script";
import { defineRule, type Report } from "../rule";

export const pushInAfterScript = defineRule({
  id: "push-in-after-script",
  title: "Push in `after_script`",
  severity: "warning",
  since: "0.2.0",
  inspects: "job",

  docs: {
    what: "Reports jobs that build or push images in `after_script`. Information where the script asks how the job ended first.",
    why: `The job passes whatever happens in \`after_script\`: a push that is refused, or that takes longer than five minutes, is missing
without notice. It also runs after a build that failed. Logging out, removing images and saving logs are what \`after_script\` is for.`,
    fix: "Move the lines to the end of `script`.",
    example: {
      bad: `
build:
  script:
    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" .
  after_script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
    - docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"
`,
      good: `
build:
  script:
    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" .
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
    - docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"
`,
    },
    references: ["https://docs.gitlab.com/ci/yaml/#after_script"],
  },

  *check(job, ctx) {
    if (!job.script.some(({ section }) => section === "after_script")) return;
    const own = commandsOf(ctx, job).filter(({ shell }) => shell === 1);
    const sent = own.filter((command) => isSent(command) && !isForFailures(command));
    if (sent.length === 0) return;
    const all = own.filter((command) => sent.includes(command) || PREPARES.test(command.verb));
    const [first, ...others] = all;
    if (first !== undefined) yield reportOf(first, others, sent);
  },
});

function reportOf(
  first: ContainerCommand,
  others: readonly ContainerCommand[],
  sent: readonly ContainerCommand[],
): Report {
  const asks = sent.every(asksForStatus);
  const also = asks ? "" : ", and it also runs when the build failed";
  return {
    at: { at: first.at, via: first.via },
    severity: asks ? "info" : "warning",
    message: `\`after_script\` can't fail the job and is stopped after five minutes${also}, so this ${kindOf(sent)} may be missing without notice; move it to \`script\``,
    related: others.map(({ at }) => ({ at, message: "in `after_script` too" })),
    fixes: moveToScript(first.job, [first, ...others]),
  };
}

const kindOf = (sent: readonly ContainerCommand[]): string =>
  sent.some(({ verb }) => /push|copy|cp|imagetools/.test(verb)) ? "push" : "build";

const SENDS =
  /^(?:(?:buildx )?build|bud|buildx bake|push|manifest push|compose (?:build|push)|copy|cp|buildx imagetools create)$/;
/** What belongs to a push, and is moved with it. */
const PREPARES = /^(?:login|auth login|tag|manifest (?:create|annotate|add))$/;

/** `docker cp` takes logs out of a container. */
const isSent = ({ tool, verb }: ContainerCommand): boolean => {
  if (tool === "kaniko" || tool === "buildctl") return true;
  if (verb === "copy" || verb === "cp") return tool === "crane" || tool === "skopeo";
  return SENDS.test(verb);
};

/** https://docs.gitlab.com/ci/variables/predefined_variables/ (CI_JOB_STATUS) */
const asksForStatus = ({ item, use }: ContainerCommand): boolean =>
  use.conditional && item.text.text.includes("CI_JOB_STATUS");

/** An image that is kept to look at what failed cannot be pushed elsewhere. */
const isForFailures = (command: ContainerCommand): boolean =>
  asksForStatus(command) && /fail|!=|-ne|canceled/.test(command.item.text.text);
