// The daemon writes the client's certificates to a place that the job can't see: the runner has to share it.
// https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-in-docker
import { USUAL_CERTDIR } from "../../model/docker/dind-tls";
import { setVariablesBeside } from "../../model/pipeline/edit";
import { isWithin, runnerLabel } from "../../model/runner/shared-paths";
import { valueIfKnown } from "../../model/docker/resolved";
import { appendTomlString, appendTomlTable } from "../../syntax/toml-edit";
import { textAt } from "../../text/located";
import { replaceText } from "../edits";
import { asFarAsSeen, asFarAsTrue, connectionWith, fixOf, type FaultyConnection } from "../connection";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const dindCertsNotShared = defineRule({
  id: "dind-certs-not-shared",
  title: "The client's certificates are not shared with the job",
  severity: "error",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: "Reports a `docker:dind` service with TLS on a runner that does not mount the directory of the client's certificates into the job; where no runner is known, a `DOCKER_TLS_CERTDIR` other than `/certs`.",
    why: 'dind writes `ca.pem`, `cert.pem` and `key.pem` to `$DOCKER_TLS_CERTDIR/client`. Service and job are two containers: only a volume of the runner makes them visible to the job. Without it the client falls back to "Cannot connect to the Docker daemon at tcp://docker:2375", or ends with "Client sent an HTTP request to an HTTPS server" or "open /certs/client/ca.pem: no such file or directory".',
    fix: 'Add `"/certs/client"` to `volumes` of `[runners.docker]`; on Kubernetes add a `[[runners.kubernetes.volumes.empty_dir]]` with `mount_path = "/certs/client"`.',
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: /tls
  script:
    - docker info
`,
      good: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: /certs
  script:
    - docker info
`,
      with: {
        "config.toml": `[[runners]]
  name = "builder"
  url = "https://gitlab.example.com"
  executor = "docker"
  [runners.docker]
    image = "alpine:3.22"
    privileged = true
    volumes = ["/certs/client", "/cache"]
`,
      },
    },
    references: [
      "https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-in-docker",
      "https://github.com/docker-library/docker/blob/master/dockerd-entrypoint.sh",
      "https://gitlab.com/gitlab-org/gitlab-runner/-/issues/4501",
    ],
  },

  *check(job, ctx) {
    const connection = connectionWith(ctx, job, "certificates");
    if (connection !== undefined) yield reportOf(ctx, connection);
  },
});

type Unshared = FaultyConnection<"certificates">;

/** The path that the runner shares instead, where it is the usual one. */
const sharesUsual = ({ fault }: Unshared): boolean =>
  fault.shared?.some(({ path, isReadOnly }) => !isReadOnly && isWithin(`${USUAL_CERTDIR}/client`, path)) ===
  true;

function reportOf(ctx: RuleContext, connection: Unshared): Report {
  const { fault, profile } = connection;
  const { service, clientPath, shared, readOnly } = fault;
  const what = `\`${service.at.value}\` puts the client's certificates into \`${clientPath}\``;
  const { at } = service.certdir;
  if (shared === undefined)
    return {
      at: at ?? service.at,
      severity: "info",
      message: `${what}, but runners are usually set up to share \`/certs/client\`: unless yours shares \`${clientPath}\`, which no file here says, the job ends with ${errorOf(connection)}; set \`DOCKER_TLS_CERTDIR: "/certs"\``,
      fixes: usualPath(ctx, connection),
    };
  const isUsual = sharesUsual(connection);
  const how =
    readOnly === undefined
      ? "does not share that path with the job"
      : "mounts that path read-only, so none is there";
  const remedy = isUsual
    ? 'it shares `/certs/client`, so set `DOCKER_TLS_CERTDIR: "/certs"`'
    : readOnly === undefined
      ? `add ${profile.executor === "kubernetes" ? `an \`empty_dir\` with \`mount_path = "${clientPath}"\`` : `\`"${clientPath}"\` to \`volumes\``}`
      : "mount it without `:ro`";
  return {
    at: isUsual ? (at ?? service.at) : service.at,
    severity: asFarAsSeen(connection, asFarAsTrue(connection, "error")),
    message: `${what}, but ${runnerLabel(profile)} ${how}, and the job ends with ${errorOf(connection)}; ${remedy}`,
    related: relatedOf(connection),
    fixes: isUsual ? usualPath(ctx, connection) : runnerFix(connection),
  };
}

/** What the client says depends on what the job tells it. */
function errorOf({ access: { host, tlsVerify }, fault }: Unshared): string {
  if (tlsVerify !== undefined && valueIfKnown(tlsVerify.value) !== "")
    return `"open ${fault.clientPath}/ca.pem: no such file or directory"`;
  return host === undefined
    ? '"Cannot connect to the Docker daemon at tcp://docker:2375"'
    : '"Client sent an HTTP request to an HTTPS server"';
}

function relatedOf({ fault, profile }: Unshared): NonNullable<Report["related"]> {
  const mount = fault.readOnly?.setting.at;
  if (mount !== undefined) return [{ at: mount, message: "mounted read-only" }];
  return profile.evidence.slice(0, 1).map((at) => ({ at, message: "this runner takes the job" }));
}

/** Back to the path of the usual recipe, where the pipeline names another. */
function usualPath(ctx: RuleContext, { access, fault }: Unshared): readonly FixDraft[] {
  const { at, scope } = fault.service.certdir;
  if (at === undefined || (scope !== "job" && scope !== "service")) return [];
  const { certPath } = access;
  const own = certPath?.at === undefined ? "$DOCKER_TLS_CERTDIR" : textAt(certPath.at.at);
  const path =
    certPath?.at === undefined || own.includes("$")
      ? []
      : setVariablesBeside(ctx, certPath.at.at, [["DOCKER_CERT_PATH", '"/certs/client"']]);
  const certdir = setVariablesBeside(ctx, at.at, [["DOCKER_TLS_CERTDIR", '"/certs"']]);
  return path === undefined || certdir === undefined
    ? []
    : fixOf('Set `DOCKER_TLS_CERTDIR: "/certs"`', [...certdir, ...path]);
}

function runnerFix({ fault, profile }: Unshared): readonly FixDraft[] {
  const { section, executor, file = "config.toml" } = profile;
  const { clientPath, readOnly } = fault;
  const mount = readOnly?.setting.at;
  if (mount !== undefined)
    return fixOf(`Mount \`${clientPath}\` so that it can be written, in \`${file}\``, [
      replaceText(mount, textAt(mount).replace(/:ro\b,?/, "")),
    ]);
  if (section === undefined) return [];
  if (executor !== "kubernetes")
    return fixOf(
      `Add \`"${clientPath}"\` to \`volumes\` in \`${file}\``,
      appendTomlString(section, "volumes", clientPath),
    );
  const lines = ['name = "docker-certs"', `mount_path = "${clientPath}"`, 'medium = "Memory"'];
  return fixOf(
    `Mount an \`empty_dir\` at \`${clientPath}\` in \`${file}\``,
    appendTomlTable(section, "runners.kubernetes.volumes.empty_dir", lines),
  );
}
