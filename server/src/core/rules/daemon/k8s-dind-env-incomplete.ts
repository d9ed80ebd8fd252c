// On Kubernetes no entrypoint works out the client's environment: each variable must be written.
// https://docs.gitlab.com/ci/docker/using_docker_build/ , https://docs.gitlab.com/runner/executors/kubernetes/
import { daemonIn, clientVariables } from "../../model/docker/client-variables";
import { connectionOf, type Connection } from "../../model/docker/daemon-connection";
import { setVariablesBeside } from "../../model/pipeline/edit";
import { setVariablesInScope } from "../../model/pipeline/edit-scope";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const k8sDindEnvIncomplete = defineRule({
  id: "k8s-dind-env-incomplete",
  title: "The Kubernetes executor needs every client variable",
  severity: "error",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports jobs with a `docker:dind` service on a runner that is known to use the Kubernetes executor, where `DOCKER_HOST`, `DOCKER_TLS_VERIFY` or `DOCKER_CERT_PATH` is not set.",
    why: 'The Kubernetes executor does not run the entrypoint of the `docker` image, which sets these variables elsewhere. Without them the client ends with "Cannot connect to the Docker daemon at unix:///var/run/docker.sock" or "Client sent an HTTP request to an HTTPS server".',
    fix: "Set the variables, or switch on `FF_KUBERNETES_HONOR_ENTRYPOINT` for a `docker` image.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  services:
    - name: docker:29.6.2-dind
      variables:
        HEALTHCHECK_TCP_PORT: "2376"
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: "/certs"
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
      "https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-in-docker",
      "https://docs.gitlab.com/runner/executors/kubernetes/",
      "https://docs.gitlab.com/runner/configuration/feature-flags/",
    ],
  },

  *check(job, ctx) {
    const connection = connectionOf(ctx, job);
    if (connection?.fault?.kind !== "kubernetes-environment") return;
    yield* reportOf(ctx, connection, connection.fault.missing);
  },
});

function* reportOf(ctx: RuleContext, connection: Connection, missing: readonly string[]): Iterable<Report> {
  const { access, profile } = connection;
  const daemon = daemonIn(access);
  const at = access.host?.effective.at ?? daemon?.at;
  if (at === undefined) return;
  const executor = profile.evidence.slice(-1);
  const [are, them] = missing.length === 1 ? ["is", "it"] : ["are", "them"];
  yield {
    at,
    severity: profile.isDoubtful ? "warning" : "error",
    message: `The Kubernetes executor does not run the entrypoint of an image, so ${listed(missing)} ${are} not set by itself and the client fails with "${errorFor(missing)}"; set ${them} in \`variables\``,
    related: [
      ...(daemon === undefined || at === daemon.at ? [] : [{ at: daemon.at.at, message: "the daemon" }]),
      ...executor.map((place) => ({ at: place, message: "the runner's executor" })),
    ],
    fixes: fixesOf(ctx, connection),
  };
}

const listed = (names: readonly string[]): string =>
  names.map((name) => `\`${name}\``).join(names.length === 2 ? " and " : ", ");

const errorFor = (missing: readonly string[]): string =>
  missing.includes("DOCKER_HOST")
    ? "Cannot connect to the Docker daemon at unix:///var/run/docker.sock"
    : "Client sent an HTTP request to an HTTPS server";

function fixesOf(ctx: RuleContext, { access }: Connection): readonly FixDraft[] {
  const variables = clientVariables(access, false);
  if (variables === undefined || variables.length === 0) return [];
  const host = access.host?.effective;
  const service = access.dind.find(({ from }) => from === "job");
  const edits =
    host?.scope === "job" && host.at !== undefined
      ? setVariablesBeside(ctx, host.at.at, variables)
      : service && setVariablesInScope(ctx, service.at.at, variables);
  if (edits === undefined) return [];
  const names = variables.map(([name]) => `\`${name}\``).join(", ");
  return [{ title: `Set ${names}`, safety: "suggested", edits }];
}
