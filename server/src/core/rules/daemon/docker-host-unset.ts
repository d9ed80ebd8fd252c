// A client that nobody told where the daemon is looks for a socket. Only the entrypoint of the docker image sets DOCKER_HOST.
// https://github.com/docker-library/docker/blob/master/docker-entrypoint.sh
import type { HostUnsetFault } from "../../model/docker/client-environment";
import { daemonIn, clientVariables } from "../../model/docker/client-variables";
import { connectionOf, type Connection } from "../../model/docker/daemon-connection";
import { setVariablesInScope } from "../../model/pipeline/edit-scope";
import type { Severity } from "../../settings/settings";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const dockerHostUnset = defineRule({
  id: "docker-host-unset",
  title: "Nothing tells the client where the daemon is",
  severity: "error",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports jobs with a `docker:dind` service and without `DOCKER_HOST` whose container does not start through the entrypoint of the `docker` image: another image, an `entrypoint` of its own, or docker 18.06 and older.",
    why: 'The entrypoint of the `docker` image points `DOCKER_HOST` to the service. In any other container the client looks for a socket that is not there: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?".',
    fix: "Set `DOCKER_HOST` and the TLS variables. Where no runner is known it is a warning, since a runner may set them in `environment`; for images that may derive from `docker` one step less.",
    example: {
      bad: `
test:
  image: python:3.13
  services: [docker:29.6.2-dind]
  script:
    - apt-get update
    - apt-get install -y docker.io
    - docker info
`,
      good: `
test:
  image: python:3.13
  services: [docker:29.6.2-dind]
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: "/certs"
    DOCKER_TLS_VERIFY: "1"
    DOCKER_CERT_PATH: "$DOCKER_TLS_CERTDIR/client"
  script:
    - apt-get update
    - apt-get install -y docker.io
    - docker info
`,
    },
    references: [
      "https://github.com/docker-library/docker/blob/master/docker-entrypoint.sh",
      "https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-in-docker",
      "https://gitlab.com/gitlab-org/gitlab-runner/-/issues/30944",
    ],
  },

  *check(job, ctx) {
    const connection = connectionOf(ctx, job);
    if (connection?.fault?.kind === "host-unset") yield* reportOf(ctx, connection, connection.fault);
  },
});

function* reportOf(ctx: RuleContext, connection: Connection, fault: HostUnsetFault): Iterable<Report> {
  const daemon = daemonIn(connection.access);
  const at = (fault.image.from === "job" ? fault.image.at : undefined) ?? daemon?.at;
  if (at === undefined || daemon === undefined) return;
  const unless = connection.profile.isKnown ? "" : ", unless its runner sets it";
  yield {
    at,
    severity: severityOf(fault, connection),
    message: `\`DOCKER_HOST\` is not set and ${REASONS[fault.reason](fault.image.name)}${unless}, so the client looks for /var/run/docker.sock ("Cannot connect to the Docker daemon at unix:///var/run/docker.sock"); set it to the service \`${daemon.at.value}\``,
    related: at === daemon.at ? [] : [{ at: daemon.at.at, message: "the daemon" }],
    fixes: fixesOf(ctx, connection),
  };
}

const REASONS: Readonly<Record<HostUnsetFault["reason"], (image: string) => string>> = {
  image: (image) => `\`${image}\` does not set it, as the \`docker\` image does`,
  entrypoint: () => "`entrypoint` takes the place of the script in the image that would set it",
  links: (image) =>
    `\`${image}\` sets it from \`DOCKER_PORT_2375_TCP\`, which Runner gives no longer since 18.7`,
  unlisted: (image) => `only the \`docker\` image sets it by itself (what \`${image}\` does is not known)`,
};

function severityOf({ reason }: HostUnsetFault, { profile }: Connection): Severity {
  const isSure = profile.isKnown && !profile.isDoubtful;
  if (reason === "image" || reason === "entrypoint") return isSure ? "error" : "warning";
  return isSure ? "warning" : "info";
}

function fixesOf(ctx: RuleContext, { access }: Connection): readonly FixDraft[] {
  const variables = clientVariables(access, false);
  const service = access.dind.find(({ from }) => from === "job");
  if (variables === undefined || variables.length === 0 || service === undefined) return [];
  const edits = setVariablesInScope(ctx, service.at.at, variables);
  if (edits === undefined) return [];
  const names = variables.map(([name]) => `\`${name}\``).join(", ");
  return [{ title: `Set ${names}`, safety: "suggested", edits }];
}
