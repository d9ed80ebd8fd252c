// The Docker executor waits for a port of each service; the Kubernetes executor only where it is told which.
// https://docs.gitlab.com/runner/executors/kubernetes/ , https://gitlab.com/gitlab-org/gitlab-runner/-/issues/27215
import { daemonIn } from "../../model/docker/client-variables";
import type { DindService } from "../../model/docker/daemon";
import { connectionOf, type Connection } from "../../model/docker/daemon-connection";
import { firstWithoutWait, HEALTHCHECK_PORT, runnerWaitsFor } from "../../model/docker/daemon-wait";
import { setServiceVariable } from "../../model/pipeline/service-edit";
import type { Job } from "../../model/pipeline/job";
import { defineRule, type FixDraft } from "../rule";

export const k8sDindNoWait = defineRule({
  id: "k8s-dind-no-wait",
  title: "The daemon may not be up yet",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports jobs with a `docker:dind` service on a runner that is known to use the Kubernetes executor, where neither `HEALTHCHECK_TCP_PORT` nor the script waits for the daemon.",
    why: 'The Kubernetes executor starts the script and the services at the same time. The first docker command then fails now and then with "Cannot connect to the Docker daemon at tcp://docker:2376. Is the docker daemon running?".',
    fix: "Name the port in the service's `variables` (Runner 16.9 and newer), or wait with `until docker info; do sleep 1; done`.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  services:
    - docker:29.6.2-dind
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: "/certs"
    DOCKER_TLS_VERIFY: "1"
    DOCKER_CERT_PATH: "$DOCKER_TLS_CERTDIR/client"
  script:
    - docker info
`,
      good: `
build:
  image: docker:29.6.2-cli
  services:
    - name: docker:29.6.2-dind
      variables:
        HEALTHCHECK_TCP_PORT: "2376"
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: "/certs"
    DOCKER_TLS_VERIFY: "1"
    DOCKER_CERT_PATH: "$DOCKER_TLS_CERTDIR/client"
  script:
    - docker info
`,
      with: {
        "config.toml": `[[runners]]
  name = "cluster"
  executor = "kubernetes"
  [runners.kubernetes]
    privileged = true
    [[runners.kubernetes.volumes.empty_dir]]
      name = "docker-certs"
      mount_path = "/certs/client"
      medium = "Memory"
`,
      },
    },
    references: [
      "https://docs.gitlab.com/runner/executors/kubernetes/",
      "https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-in-docker",
      "https://gitlab.com/gitlab-org/gitlab-runner/-/issues/27215",
    ],
  },

  *check(job, ctx) {
    const connection = connectionOf(ctx, job);
    const daemon = connection && daemonToWaitFor(connection);
    if (daemon === undefined || !job.isClosed || runnerWaitsFor(ctx, job, daemon)) return;
    const first = firstWithoutWait(ctx, job);
    if (first === undefined) return;
    yield {
      at: daemon.at,
      severity: connection?.profile.isDoubtful === true ? "info" : "warning",
      message: `On Kubernetes the script does not wait for \`${daemon.at.value}\`, so \`${first.tool} ${first.verb}\` fails now and then with "Cannot connect to the Docker daemon"; set \`${HEALTHCHECK_PORT}\` in the service's \`variables\``,
      related: [{ at: first.at, message: "the first command that needs the daemon" }],
      fixes: fixesOf(job, daemon, connection?.access.host?.port),
    };
  },
});

/** A daemon that will answer once it is up. */
function daemonToWaitFor({ access, profile, fault }: Connection): DindService | undefined {
  if (profile.executor !== "kubernetes" || access.kind !== "dind") return undefined;
  return fault?.kind === "host-socket" || fault?.kind === "dropped-listener" ? undefined : daemonIn(access);
}

function fixesOf(job: Job, daemon: DindService, hostPort: number | undefined): readonly FixDraft[] {
  const port = hostPort ?? daemon.ports[0];
  if (daemon.service === undefined || port === undefined) return [];
  const edits = setServiceVariable(job, daemon.service, HEALTHCHECK_PORT, `"${String(port)}"`);
  return edits === undefined
    ? []
    : [{ title: `Let Runner wait for port ${String(port)}`, safety: "safe", edits }];
}
