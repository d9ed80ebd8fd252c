// TLS settings of a job and its dind service that cannot hold together: the port, the switch, the certificates' place.
// https://github.com/docker-library/docker/blob/master/dockerd-entrypoint.sh
import type { TlsContradiction } from "../../model/docker/dind-tls";
import { removeVariable, setHost, together, withoutTls } from "../../model/docker/dind-edit";
import { valueIfKnown } from "../../model/docker/resolved";
import { startsThroughDockerEntrypoint } from "../../model/docker/client-environment";
import { setVariablesBeside } from "../../model/pipeline/edit";
import type { Job } from "../../model/pipeline/job";
import { isWithin, sharedPathsOf } from "../../model/runner/shared-paths";
import {
  asFarAsSeen,
  assigned,
  clientVariables,
  connectionWith,
  fixOf,
  type FaultyConnection,
} from "../connection";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const dindTlsContradiction = defineRule({
  id: "dind-tls-contradiction",
  title: "TLS settings of Docker-in-Docker that exclude each other",
  severity: "error",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports TLS settings of a job and its `docker:dind` service that cannot hold together: the TLS port 2376 or `DOCKER_TLS_VERIFY` with TLS switched off, `DOCKER_TLS_VERIFY` with a word that means no, and a `DOCKER_CERT_PATH` where the daemon puts no certificates.",
    why: 'With `DOCKER_TLS_CERTDIR: ""` the daemon listens without TLS on 2375 only: "Cannot connect to the Docker daemon at tcp://docker:2376". Docker only looks whether `DOCKER_TLS_VERIFY` is empty, so "0" switches verification on, and the client ends with "unable to resolve docker endpoint: open /certs/client/ca.pem: no such file or directory" where there are no certificates.',
    fix: 'Use either port 2376 with `DOCKER_TLS_CERTDIR: "/certs"`, `DOCKER_TLS_VERIFY: "1"` and `DOCKER_CERT_PATH: "$DOCKER_TLS_CERTDIR/client"`, or port 2375 with `DOCKER_TLS_CERTDIR: ""` alone.',
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: ""
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
      "https://github.com/docker/cli/blob/master/cli/flags/options.go",
      "https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-in-docker",
    ],
  },

  *check(job, ctx) {
    const connection = connectionWith(ctx, job, "tls-contradiction");
    if (connection !== undefined) yield reportOf(ctx, job, connection);
  },
});

type Contradictory = FaultyConnection<"tls-contradiction">;
type Of<Which extends TlsContradiction["which"]> = Extract<TlsContradiction, { which: Which }>;

function reportOf(ctx: RuleContext, job: Job, connection: Contradictory): Report {
  const { fault } = connection;
  const severity = asFarAsSeen(connection, fault.which === "verify-word" ? "warning" : "error");
  const { service } = fault;
  const related = [{ at: service.at.at, message: "the daemon" }];
  switch (fault.which) {
    case "tls-port":
      return {
        at: fault.host.effective.at ?? service.at,
        severity,
        message: portMessage(connection, fault),
        related,
        fixes: portFixes(ctx, job, connection, fault),
      };
    case "verify-without-tls":
      return {
        at: fault.verify.at ?? service.at,
        severity,
        message: `${assigned("DOCKER_TLS_VERIFY", fault.verify, connection.profile)} asks for TLS, as any text does, but ${whyPlain(connection)}, so the client ends with "unable to resolve docker endpoint: open ${certificateOf(connection)}: no such file or directory"; remove it`,
        related,
        fixes: fixOf("Remove `DOCKER_TLS_VERIFY`", withoutTls(ctx, job, connection.access, fault.service)),
      };
    case "verify-word":
      return {
        at: fault.verify.at ?? service.at,
        severity,
        message: `${assigned("DOCKER_TLS_VERIFY", fault.verify, connection.profile)} switches verification on, in the client and in \`${service.at.value}\`: Docker only looks whether the variable is empty; remove it, or write \`"1"\` where verification is meant`,
        related,
        fixes: wordFixes(ctx, job, connection, fault),
      };
    case "cert-path":
      return {
        at: fault.certPath.at ?? service.at,
        severity,
        message: `\`DOCKER_CERT_PATH\` is \`${fault.written}\`, but \`${service.at.value}\` puts the client's certificates into \`${fault.expected}\`, so the client ends with "open ${fault.written.replace(/\/$/, "")}/ca.pem: no such file or directory"; set it to \`${fault.expected}\``,
        related,
        fixes: pathFixes(ctx, job, fault),
      };
  }
}

/** Why the daemon speaks no TLS. */
function whyPlain({ fault: { service }, profile }: Contradictory): string {
  return service.certdir.scope === "image"
    ? `\`${service.at.value}\` is too old to use TLS by itself`
    : `${assigned("DOCKER_TLS_CERTDIR", service.certdir, profile)} switches TLS off in \`${service.at.value}\``;
}

/** The first file that the client misses: by itself it looks below the home directory, which is that of root. */
const certificateOf = ({ access: { certPath } }: Contradictory): string =>
  `${(certPath && valueIfKnown(certPath.value)) ?? "/root/.docker"}/ca.pem`;

function portMessage(connection: Contradictory, { host, service }: Of<"tls-port">): string {
  const otherwise = service.certdir.scope === "image" ? "" : ', or set `DOCKER_TLS_CERTDIR: "/certs"`';
  return `2376 is the TLS port, but ${whyPlain(connection)}, so the daemon listens on 2375 only and the job ends with "Cannot connect to the Docker daemon at tcp://${host.host}:2376"; use port 2375${otherwise}`;
}

function portFixes(
  ctx: RuleContext,
  job: Job,
  connection: Contradictory,
  fault: Of<"tls-port">,
): readonly FixDraft[] {
  const plain = together(
    setHost(fault.host, fault.host.host, 2375),
    withoutTls(ctx, job, connection.access, fault.service),
  );
  return [
    ...fixOf('Use TLS: set `DOCKER_TLS_CERTDIR: "/certs"`', tlsOn(ctx, job, connection)),
    ...fixOf("Use port 2375, without TLS", plain),
  ];
}

/** Undefined where the runner would not share the certificates: one fault for another. */
function tlsOn(ctx: RuleContext, job: Job, connection: Contradictory): FixDraft["edits"] | undefined {
  const { profile, fault } = connection;
  const { certdir } = fault.service;
  const shared = sharedPathsOf(profile);
  if (shared !== undefined && !shared.some(({ path }) => isWithin("/certs/client", path))) return undefined;
  if (certdir.at === undefined || (certdir.scope !== "job" && certdir.scope !== "service")) return undefined;
  const withTls = { ...fault.service, tls: "on" as const };
  const client = clientVariables(ctx, job, connection, withTls) ?? [];
  if (client.length > 0 && certdir.scope === "service") return undefined;
  return setVariablesBeside(ctx, certdir.at.at, [["DOCKER_TLS_CERTDIR", '"/certs"'], ...client]);
}

function wordFixes(
  ctx: RuleContext,
  job: Job,
  { access, profile }: Contradictory,
  { verify }: Of<"verify-word">,
): readonly FixDraft[] {
  if (verify.scope !== "job" || verify.at === undefined) return [];
  const one = setVariablesBeside(ctx, verify.at.at, [["DOCKER_TLS_VERIFY", '"1"']]);
  // The docker image's entrypoint sets it where it finds certificates, unless the path is set.
  const isNeedless =
    access.certPath === undefined && startsThroughDockerEntrypoint(ctx, job, profile) === true;
  const removed = isNeedless ? removeVariable(ctx, "DOCKER_TLS_VERIFY", verify) : undefined;
  return [
    ...fixOf('Say what it does: `DOCKER_TLS_VERIFY: "1"`', one, "safe"),
    ...fixOf("Remove `DOCKER_TLS_VERIFY`", removed),
  ];
}

function pathFixes(ctx: RuleContext, job: Job, { certPath, expected }: Of<"cert-path">): readonly FixDraft[] {
  if (certPath.at === undefined) return [];
  const value = job.variables.has("DOCKER_TLS_CERTDIR") ? "$DOCKER_TLS_CERTDIR/client" : expected;
  return fixOf(
    `Set \`DOCKER_CERT_PATH: "${value}"\``,
    setVariablesBeside(ctx, certPath.at.at, [["DOCKER_CERT_PATH", JSON.stringify(value)]]),
  );
}
