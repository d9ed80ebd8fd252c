// The client calls a name that is not its daemon's: localhost on the Docker executor, a service without that name, a name that the
// certificate does not hold. https://docs.gitlab.com/ci/services/#accessing-the-services
import { addAlias, certifyName, setHost, setVariablesFor, together } from "../../model/docker/dind-edit";
import type { HostFault } from "../../model/docker/dind-host";
import type { Job } from "../../model/pipeline/job";
import { runnerLabel } from "../../model/runner/shared-paths";
import type { Severity } from "../../settings/settings";
import {
  asFarAsSeen,
  asFarAsTrue,
  clientVariables,
  connectionWith,
  fixOf,
  type FaultyConnection,
} from "../connection";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const dindHostUnreachable = defineRule({
  id: "dind-host-unreachable",
  title: "The name in DOCKER_HOST does not lead to the service",
  severity: "error",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports a host name that does not lead the client to its `docker:dind` service: `localhost` on the Docker executor, a name that no service answers to, one that two services claim, one that the daemon's certificate does not hold, and an alias that Kubernetes refuses.",
    why: 'A service answers to names that Runner derives from its whole image path, and to its aliases: `registry.example.com/docker:29-dind` is `registry.example.com-docker`, not `docker`. The client then ends with "dial tcp: lookup docker: no such host". The certificate that dind makes holds `docker` and `localhost` only: "x509: certificate is valid for docker, localhost, not builder".',
    fix: "Give the service `alias: docker`, and name that in `DOCKER_HOST`.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  services: ["$CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX/docker:29.6.2-dind"]
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
    - name: $CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX/docker:29.6.2-dind
      alias: docker
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: "/certs"
  script:
    - docker info
`,
    },
    references: [
      "https://docs.gitlab.com/ci/services/#accessing-the-services",
      "https://github.com/docker-library/docker/blob/master/dockerd-entrypoint.sh",
      "https://docs.gitlab.com/runner/executors/kubernetes/",
    ],
  },

  *check(job, ctx) {
    const connection = connectionWith(ctx, job, "unreachable-host");
    if (connection !== undefined) yield reportOf(ctx, job, connection);
  },
});

type Unreachable = FaultyConnection<"unreachable-host">;
type Of<Which extends HostFault["which"]> = Extract<HostFault, { which: Which }>;

function reportOf(ctx: RuleContext, job: Job, connection: Unreachable): Report {
  const { fault, profile } = connection;
  const image = fault.service.at.value;
  const report = (
    at: Report["at"],
    severity: Severity,
    message: string,
    fixes: readonly FixDraft[] = [],
  ): Report => ({ at, severity: asFarAsSeen(connection, severity), message, fixes });
  switch (fault.which) {
    case "localhost":
      return {
        ...report(
          fault.host.effective.at ?? fault.service.at,
          asFarAsTrue(connection, "error"),
          `On the Docker executor of ${runnerLabel(profile)} \`${image}\` is another container, not \`${fault.host.host}\`, so the job ends with "Cannot connect to the Docker daemon at ${addressOf(fault)}"; name the service instead`,
          localFix(ctx, job, connection, fault),
        ),
        related: [{ at: fault.service.at.at, message: "the daemon" }],
      };
    case "unnamed":
      return unnamedReport(ctx, job, connection, fault);
    case "certificate":
      return report(
        fault.host.effective.at ?? fault.service.at,
        "error",
        `The certificate of \`${image}\` holds \`docker\` and \`localhost\`, but not \`${fault.host.host}\`, so the client ends with "x509: certificate is valid for docker, localhost, not ${fault.host.host}"; name the service \`docker\`, or add \`DOCKER_TLS_SAN: "DNS:${fault.host.host}"\` to its variables`,
        fixOf(
          `Add \`DOCKER_TLS_SAN: "DNS:${fault.host.host}"\` to the service`,
          certifyName(job, fault.service, fault.host.host),
        ),
      );
    case "taken":
      return {
        ...report(
          fault.service.at,
          "warning",
          `\`${fault.first.name.value}\` has the name \`${fault.name}\` already, and Runner gives a name to one service only, so the job does not reach \`${image}\`; give them different aliases`,
        ),
        related: [{ at: fault.first.name.at, message: `answers to \`${fault.name}\`` }],
      };
    case "alias":
      return report(
        fault.alias,
        asFarAsTrue(connection, "error"),
        `\`${fault.name}\` is no DNS name (lower-case letters, digits and dashes), so ${runnerLabel(profile)} refuses the job: "provided host alias ${fault.name} for service ${image} is invalid DNS"; choose another alias`,
      );
  }
}

const addressOf = ({ host }: Of<"localhost">): string =>
  `tcp://${host.host}${host.port === undefined ? "" : `:${String(host.port)}`}`;

/** Certain where DOCKER_HOST says so; where it is not set, a socket of an unknown runner would be taken first. */
function unnamedReport(ctx: RuleContext, job: Job, connection: Unreachable, fault: Of<"unnamed">): Report {
  const { name, host, service } = fault;
  const isSure = host !== undefined || connection.profile.isKnown;
  const names = service.hostnames.map((each) => `\`${each}\``).join(", ");
  const answers = names === "" ? "to names made of its whole path" : `to ${names}`;
  const calls =
    host === undefined
      ? `Without \`DOCKER_HOST\` the client goes to \`${name}\``
      : `The client goes to \`${name}\``;
  const unless = isSure ? "" : ", unless the runner mounts a Docker socket, which no file here says";
  const remedy = hasOwnName(fault) ? "name `docker` instead" : `give the service \`alias: ${name}\``;
  return {
    at: host === undefined ? service.at : (host.effective.at ?? service.at),
    severity: asFarAsSeen(connection, asFarAsTrue(connection, isSure ? "error" : "warning")),
    message: `${calls}, but \`${service.at.value}\` answers only ${answers}, so the job ends with "lookup ${name}: no such host"${unless}; ${remedy}`,
    related: host === undefined ? [] : [{ at: service.at.at, message: "the daemon" }],
    fixes: nameFixes(ctx, job, connection, fault),
  };
}

/** The certificate holds the name `docker`: where the service has that, it is the one to use. */
const hasOwnName = ({ host, name, service }: Of<"unnamed">): boolean =>
  host !== undefined && name !== "docker" && service.hostnames.includes("docker");

function nameFixes(
  ctx: RuleContext,
  job: Job,
  connection: Unreachable,
  fault: Of<"unnamed">,
): readonly FixDraft[] {
  const { service, name, host } = fault;
  if (host !== undefined && hasOwnName(fault))
    return fixOf("Call the service by `docker`", setHost(host, "docker"));
  if (!/^[\w-]+$/.test(name) || (service.tls === "on" && name !== "docker")) return [];
  const named = { ...service, hostnames: [...service.hostnames, name] };
  const isUnstated = host === undefined && !connection.profile.isKnown;
  const variables = isUnstated ? (clientVariables(ctx, job, connection, named) ?? []) : [];
  return fixOf(
    `Add the alias \`${name}\` to the service`,
    together(addAlias(job, service, name), setVariablesFor(ctx, job, service, variables)),
  );
}

function localFix(
  ctx: RuleContext,
  job: Job,
  connection: Unreachable,
  { host, service }: Of<"localhost">,
): readonly FixDraft[] {
  const name = service.hostnames.includes("docker") ? "docker" : service.hostnames.at(-1);
  const port = host.port !== undefined && service.ports.includes(host.port) ? host.port : service.ports[0];
  if (name === undefined || (name !== "docker" && service.tls === "on")) return [];
  const client = clientVariables(ctx, job, connection, service) ?? [];
  return fixOf(
    `Use the name of the service: \`tcp://${name}:${String(port ?? host.port)}\``,
    together(setHost(host, name, port ?? host.port), setVariablesFor(ctx, job, service, client)),
  );
}
