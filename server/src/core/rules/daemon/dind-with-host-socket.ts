// A dind service on a runner that mounts the host's socket: the volume lies in the service's way too.
// https://docs.gitlab.com/ci/docker/docker_build_troubleshooting/
import { removeVariable, together } from "../../model/docker/dind-edit";
import type { Job } from "../../model/pipeline/job";
import { removeService } from "../../model/pipeline/service-edit";
import { runnerLabel, volumeTarget } from "../../model/runner/shared-paths";
import { removePair } from "../../syntax/yaml-edit";
import { replaceText } from "../edits";
import { asFarAsSeen, asFarAsTrue, connectionWith, fixOf, type FaultyConnection } from "../connection";
import { defineRule, type FixDraft, type RuleContext } from "../rule";

export const dindWithHostSocket = defineRule({
  id: "dind-with-host-socket",
  title: "Docker-in-Docker on a runner that mounts the host's socket",
  severity: "error",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports a `docker:dind` service of a job whose runner is known to mount the host's `/var/run/docker.sock`.",
    why: 'Volumes of the runner are mounted into services too, so the daemon finds the host\'s socket where it wants to make its own, and dies: "can\'t create unix socket /var/run/docker.sock: device or resource busy". A job that names the service in `DOCKER_HOST` gets "Cannot connect to the Docker daemon"; one that does not works with the host\'s daemon, and the service is idle.',
    fix: "Remove the service and the variables for it, or use a runner without the socket for Docker-in-Docker.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
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
  script:
    - docker info
`,
      with: {
        "config.toml": `[[runners]]
  name = "socket"
  url = "https://gitlab.example.com"
  executor = "docker"
  [runners.docker]
    image = "alpine:3.22"
    privileged = true
    volumes = ["/var/run/docker.sock:/var/run/docker.sock", "/cache"]
`,
      },
    },
    references: [
      "https://docs.gitlab.com/ci/docker/docker_build_troubleshooting/",
      "https://docs.gitlab.com/runner/executors/docker/",
      "https://github.com/docker-library/docker/blob/master/docker-entrypoint.sh",
    ],
  },

  *check(job, ctx) {
    const connection = connectionWith(ctx, job, "host-socket");
    if (connection === undefined) return;
    const { fault, profile } = connection;
    const image = fault.service.at.value;
    const effect = fault.isUsed
      ? 'and the job ends with "Cannot connect to the Docker daemon"'
      : "and the job works with the host's daemon anyway";
    yield {
      at: fault.service.at,
      severity: asFarAsSeen(connection, asFarAsTrue(connection, fault.isUsed ? "error" : "warning")),
      message: `${capital(runnerLabel(profile))} mounts the host's \`docker.sock\` into services too, so \`${image}\` ends with "can't create unix socket /var/run/docker.sock: device or resource busy", ${effect}; remove the service, or the socket from \`volumes\``,
      related: fault.mount.at === undefined ? [] : [{ at: fault.mount.at, message: "the host's socket" }],
      fixes: [
        ...fixOf(`Remove the service \`${image}\``, withoutService(ctx, job, connection)),
        ...runnerFix(connection),
      ],
    };
  },
});

type Blocked = FaultyConnection<"host-socket">;

const capital = (text: string): string => text.replace(/^./, (first) => first.toUpperCase());

/** The job then goes to the host's daemon, as long as no variable tells it otherwise. */
function withoutService(
  ctx: RuleContext,
  job: Job,
  { access, fault }: Blocked,
): FixDraft["edits"] | undefined {
  const { service } = fault.service;
  const list = job.keywords.get("services");
  if (service === undefined || list === undefined || access.hostUnknown) return undefined;
  const own = list.value.kind === "list" && list.value.items.length === 1 && list.value.via.length === 0;
  const gone = own ? removePair(list.keyAt, list.value.at) : removeService(job, service);
  const variables = [
    removeVariable(ctx, "DOCKER_HOST", access.host?.effective),
    removeVariable(ctx, "DOCKER_TLS_CERTDIR", access.certdir),
    removeVariable(ctx, "DOCKER_TLS_VERIFY", access.tlsVerify),
    removeVariable(ctx, "DOCKER_CERT_PATH", access.certPath),
  ];
  return together(gone, ...variables);
}

/** A runner for Docker-in-Docker shares the certificates instead. */
function runnerFix({ fault, profile }: Blocked): readonly FixDraft[] {
  const { at } = fault.mount;
  const isShared = profile.volumes?.some(({ value }) => volumeTarget(value).startsWith("/certs")) === true;
  if (at === undefined || isShared || profile.executor === "kubernetes") return [];
  const title = `Share \`/certs/client\` in \`${profile.file ?? "config.toml"}\` instead of the socket`;
  return fixOf(title, [replaceText(at, '"/certs/client"')]);
}
