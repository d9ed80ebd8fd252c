// `docker` in an image that holds no such command. Only well-known images are judged: nobody knows what another one holds.
// https://docs.gitlab.com/ci/docker/using_docker_build/
import { lacksShell } from "../../model/docker/client-image";
import { missingClientOf, type MissingClient } from "../../model/docker/client-missing";
import { profileOf } from "../../model/runner/profile";
import type { Severity } from "../../settings/settings";
import { clientFixes } from "../client-fix";
import { defineRule } from "../rule";

export const dockerCliMissing = defineRule({
  id: "docker-cli-missing",
  title: "The image has no docker command",
  severity: "error",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports `docker` commands in a well-known image without the Docker client (`alpine`, `python`, `node`, `maven`, `mcr.microsoft.com/dotnet/sdk`…), where nothing in front of them installs it. Images that are not known are never reported.",
    why: 'A service brings a daemon, not the `docker` command: that must be in the job\'s own image. The job ends with "docker: not found" or "docker: command not found".',
    fix: "Use the `docker` image, or install the client in `before_script`. Where no runner is known, an image without a `docker:dind` service is a warning, because a shell executor has no images; with `tags` besides it is an information.",
    example: {
      bad: `
build:
  image: node:24
  services: [docker:29.6.2-dind]
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: "/certs"
  script:
    - docker info
`,
      good: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: "/certs"
  script:
    - docker info
`,
    },
    references: [
      "https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-in-docker",
      "https://docs.gitlab.com/ci/runners/hosted_runners/linux/",
      "https://github.com/docker-library/official-images/tree/master/library",
    ],
  },

  *check(job, ctx) {
    const missing = missingClientOf(ctx, job);
    if (missing === undefined) return;
    const { command, image } = missing;
    const profile = profileOf(ctx, job);
    const written = image?.from === "job" ? image.at : undefined;
    yield {
      at: written ?? { value: "docker", at: command.nameAt, via: command.via },
      severity: severityOf(missing, profile.isDoubtful),
      message: messageOf(missing),
      related:
        written === undefined
          ? image?.at === undefined
            ? []
            : [{ at: image.at.at, message: "the runner's default image" }]
          : [{ at: command.nameAt, message: "`docker` is needed here" }],
      fixes: clientFixes(ctx, job, missing),
    };
  },
});

function severityOf({ certainty }: MissingClient, isDoubtful: boolean): Severity {
  if (certainty === "open") return "info";
  return certainty === "sure" && !isDoubtful ? "error" : "warning";
}

const WAY_OUT = "use the `docker` image or install the client first";

function messageOf({ image, certainty }: MissingClient): string {
  if (image === undefined)
    return `No \`image\` is set, so the runner's default is used, and \`docker\` is not found unless that image holds the client (that of gitlab.com, \`ruby:3.1\`, does not); ${WAY_OUT}`;
  const default_ = image.from === "runner" ? ", the runner's default image," : "";
  const shell = lacksShell(image) ? "neither a shell nor a `docker` command" : "no `docker` command";
  const unless = certainty === "sure" ? "" : ", unless its runner runs commands without containers";
  return `\`${image.name}\`${default_} has ${shell}, so the job ends with "docker: not found"${unless}; ${WAY_OUT}`;
}
