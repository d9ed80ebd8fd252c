// The client knocks at 2375 while the daemon listens on 2376: the commonest failure of Docker-in-Docker since 19.03.
// https://github.com/docker-library/docker/blob/master/dockerd-entrypoint.sh
import { daemonOf, type DindService, type DockerHost } from "../../model/docker/daemon";
import { certifyName, startPlainly, together } from "../../model/docker/dind-edit";
import { commandsOf } from "../../model/docker/find-commands";
import { expandImage } from "../../model/docker/image-of";
import { setVariablesBeside, type NewVariables } from "../../model/pipeline/edit";
import type { Job } from "../../model/pipeline/job";
import { profileOf } from "../../model/runner/profile";
import { textAt, type Located } from "../../text/located";
import { replace } from "../../text/edit";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const dindPlainPortWithTls = defineRule({
  id: "dind-plain-port-with-tls",
  title: "Port 2375, but the daemon speaks TLS on 2376",
  severity: "error",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports a `DOCKER_HOST` that names port 2375 of a `docker:dind` service which has TLS switched on; `docker -H` too.",
    why: 'Since 19.03 the dind image makes certificates and listens only on 2376 with TLS, unless `DOCKER_TLS_CERTDIR` is empty. On 2375 nobody answers: "Cannot connect to the Docker daemon at tcp://docker:2375. Is the docker daemon running?".',
    fix: 'Use port 2376 and state `DOCKER_TLS_CERTDIR: "/certs"`; or switch TLS off with `DOCKER_TLS_CERTDIR: ""`.',
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  variables:
    DOCKER_HOST: tcp://docker:2375
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
      "https://github.com/docker-library/docker/blob/master/dockerd-entrypoint.sh",
      "https://docs.gitlab.com/ci/docker/docker_build_troubleshooting/",
      "https://github.com/docker-library/docker/issues/170",
    ],
  },

  *check(job, ctx) {
    if (job.services.length === 0 && profileOf(ctx, job).services.length === 0) return;
    const { host, target } = daemonOf(ctx, job);
    const at = host?.effective.at;
    if (host === undefined || at === undefined || target === undefined) return;
    if (host.scheme !== "tcp" || host.port !== 2375 || target.tls !== "on" || target.bypassesEntrypoint)
      return;
    yield reportOf(job, ctx, host, target, at);
  },
});

function reportOf(
  job: Job,
  ctx: RuleContext,
  host: DockerHost,
  target: DindService,
  at: Located<string>,
): Report {
  // A file that is not read may switch TLS off for all jobs.
  const isSure = job.isClosed || target.certdir.scope !== "image";
  const unless = isSure ? "" : ", unless a file that is not read here switches TLS off";
  return {
    at,
    severity: isSure && target.flavour === "official" ? "error" : "warning",
    confidence: isSure ? "certain" : "likely",
    message: `\`${sayerOf(ctx, job, at)}\` says port 2375, but \`${target.at.value}\` makes certificates and listens only on 2376 with TLS, so the job ends with "Cannot connect to the Docker daemon at tcp://${host.host}:2375"${unless}; use port 2376 with \`DOCKER_TLS_CERTDIR: "/certs"\`, or switch TLS off with \`DOCKER_TLS_CERTDIR: ""\``,
    related: [{ at: target.at.at, message: "the daemon" }],
    fixes: fixesOf(ctx, job, host, target, at),
  };
}

/** What names the host: the variable, or a flag of the client as it is written. */
function sayerOf(ctx: RuleContext, job: Job, at: Located<string>): string {
  const flags = commandsOf(ctx, job).flatMap(({ globalFlags }) => globalFlags);
  return flags.find(({ value }) => value?.at === at.at)?.written ?? "DOCKER_HOST";
}

function fixesOf(
  ctx: RuleContext,
  job: Job,
  host: DockerHost,
  target: DindService,
  at: Located<string>,
): readonly FixDraft[] {
  if (host.effective.scope === "runner" || !textAt(at.at).includes("2375")) return [];
  const port = [replace(at.at, textAt(at.at).replace("2375", "2376"))];
  // A value in a script is no YAML variable: only the port can be mended in place.
  if (host.effective.scope === "script")
    return [{ title: "Use the TLS port 2376", safety: "suggested", edits: port }];
  const certdirIsWritten = target.certdir.at !== undefined;
  const tls: NewVariables = [
    ...(certdirIsWritten ? [] : [["DOCKER_TLS_CERTDIR", '"/certs"'] as const]),
    ...(setsUpClient(ctx, job) ? [] : CLIENT_VARIABLES),
  ];
  const withTls = together(
    tls.length === 0 ? [] : setVariablesBeside(ctx, at.at, tls),
    certifyName(job, target, host.host),
  );
  const plain = certdirIsWritten
    ? undefined
    : together(
        setVariablesBeside(ctx, at.at, [["DOCKER_TLS_CERTDIR", '""']]),
        startPlainly(job, target) ?? [],
      );
  return [
    ...(withTls === undefined
      ? []
      : [
          {
            title: 'Use TLS: port 2376 with `DOCKER_TLS_CERTDIR: "/certs"`',
            safety: "suggested" as const,
            edits: [...port, ...withTls],
          },
        ]),
    ...(plain === undefined
      ? []
      : [
          {
            title: 'Switch TLS off with `DOCKER_TLS_CERTDIR: ""`',
            safety: "suggested" as const,
            edits: plain,
          },
        ]),
  ];
}

const CLIENT_VARIABLES: NewVariables = [
  ["DOCKER_TLS_VERIFY", '"1"'],
  ["DOCKER_CERT_PATH", '"$DOCKER_TLS_CERTDIR/client"'],
];

/** The docker image's entrypoint finds the client certificates by itself; Kubernetes does not run entrypoints. */
function setsUpClient(ctx: RuleContext, job: Job): boolean {
  if (profileOf(ctx, job).executor === "kubernetes") return false;
  return job.image !== undefined && expandImage(ctx, job, job.image)?.docker !== undefined;
}
