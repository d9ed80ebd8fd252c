// Whether the name that a job's client calls is one of its dind service, and whether the daemon's certificate stands for it.
// https://docs.gitlab.com/ci/services/#accessing-the-services
import type { QueryContext } from "../../query/query";
import { entryOf } from "../../syntax/toml-nodes";
import type { Located } from "../../text/located";
import type { Job, Service } from "../pipeline/job";
import { splitAliases } from "../runner/profile-of-runner";
import type { RunnerProfile } from "../runner/profile";
import { isDockerExecutor } from "../runner/runner-profile";
import { startsThroughDockerEntrypoint } from "./client-environment";
import { answersTo, type DaemonAccess, type DindService, type DockerHost } from "./daemon";
import { imageHostnames } from "./dind-service";
import { certdirOf } from "./dind-tls";
import { serviceValue } from "./effective-value";
import { expandText } from "./expand";
import { parseReference } from "./image-reference";

export type HostFault = {
  readonly kind: "unreachable-host";
  readonly service: DindService;
} & (
  | {
      /** `localhost` on the Docker executor, where a service is another container. */
      readonly which: "localhost";
      readonly host: DockerHost;
    }
  | {
      /** No service answers to the name. */
      readonly which: "unnamed";
      readonly name: string;
      /** Undefined where the image's entrypoint chose the name. */
      readonly host: DockerHost | undefined;
    }
  | {
      /** The certificate does not stand for the name. */
      readonly which: "certificate";
      readonly host: DockerHost;
    }
  | {
      /** An earlier service has the name already. */
      readonly which: "taken";
      readonly name: string;
      readonly first: Service;
    }
  | {
      /** Kubernetes takes no such name. */
      readonly which: "alias";
      readonly alias: Located<string>;
      readonly name: string;
    }
);

/** Why the client's host name does not lead to the daemon; undefined where it does, or where nobody can tell. */
export function hostFault(
  ctx: QueryContext,
  job: Job,
  access: DaemonAccess,
  profile: RunnerProfile,
): HostFault | undefined {
  if (access.hostUnknown) return undefined;
  if (profile.executor === "kubernetes") return badAlias(access);
  const { host } = access;
  return (
    (host === undefined ? undefined : asLocalhost(access, host, profile)) ??
    unnamed(ctx, job, access, profile) ??
    (host === undefined ? undefined : withoutCertificate(ctx, job, access, host, profile)) ??
    taken(ctx, job, access, profile)
  );
}

const LOCAL = ["localhost", "127.0.0.1", "[::1]"];

function asLocalhost(
  { dind, target }: DaemonAccess,
  host: DockerHost,
  profile: RunnerProfile,
): HostFault | undefined {
  const [service] = dind;
  // An unknown runner may be one of Kubernetes, where services share the job's network.
  if (service === undefined || target !== undefined || !isDockerExecutor(profile.executor)) return undefined;
  if (!LOCAL.includes(host.host) || sharesNetwork(profile)) return undefined;
  return { kind: "unreachable-host", which: "localhost", service, host };
}

/** `network_mode = "host"` puts job and services on the host's network. */
const sharesNetwork = ({ section }: RunnerProfile): boolean =>
  section !== undefined && entryOf(section, "network_mode") !== undefined;

function unnamed(
  ctx: QueryContext,
  job: Job,
  { host, dind, target }: DaemonAccess,
  profile: RunnerProfile,
): HostFault | undefined {
  const service = dind.find(({ from }) => from === "job");
  if (service === undefined || target !== undefined || sharesNetwork(profile)) return undefined;
  const name = host === undefined ? defaultName(ctx, job, profile) : serviceName(host);
  if (name === undefined || dind.some((each) => answersTo(each, name) !== false)) return undefined;
  if (profile.extraHosts.some((entry) => entry.startsWith(`${name}:`))) return undefined;
  return job.services.some((each) => isReachableAs(ctx, job, each, name) !== false)
    ? undefined
    : { kind: "unreachable-host", which: "unnamed", service, name, host };
}

/** What the docker image's entrypoint chooses. */
const defaultName = (ctx: QueryContext, job: Job, profile: RunnerProfile): string | undefined =>
  job.isClosed && startsThroughDockerEntrypoint(ctx, job, profile) === true ? "docker" : undefined;

/** A host name that can only be a service's: one with a dot, or an address, may be anywhere. */
const serviceName = ({ scheme, host }: DockerHost): string | undefined =>
  scheme !== "tcp" || host === "" || /[.:]/.test(host) || LOCAL.includes(host) ? undefined : host;

/**
 * Whether Runner makes a service of the job reachable under a name; undefined where its names are not all known. A service that is
 * no daemon by its image may be one.
 */
function isReachableAs(ctx: QueryContext, job: Job, service: Service, name: string): boolean | undefined {
  const aliases = splitAliases(service.alias?.value);
  if (aliases.includes(name)) return true;
  const answers = expandText(ctx, job, service.text).map((text) => {
    const image = parseReference(text);
    const { hostnames, isComplete } = imageHostnames(image);
    return answersTo({ image, hostnames, hostnamesComplete: isComplete }, name);
  });
  if (answers.length > 0 && answers.every((answer) => answer === true)) return true;
  const isOpen = aliases.some((alias) => alias.includes("$"));
  return !isOpen && answers.every((answer) => answer === false) ? false : undefined;
}

/**
 * The entrypoint asks for certificates for `docker`, `localhost`, the container's own host name and addresses, and what
 * DOCKER_TLS_SAN adds: the client refuses any other name.
 * https://github.com/docker-library/docker/blob/master/dockerd-entrypoint.sh (_tls_san)
 */
function withoutCertificate(
  ctx: QueryContext,
  job: Job,
  { target: service }: DaemonAccess,
  host: DockerHost,
  profile: RunnerProfile,
): HostFault | undefined {
  const name = serviceName(host);
  if (service?.flavour !== "official" || host.port !== 2376 || certdirOf(job, service) === undefined)
    return undefined;
  if (name === undefined || name === "docker" || !service.hostnames.includes(name)) return undefined;
  const own = service.service?.variables;
  if (own === undefined || serviceValue(ctx, job, profile, own, "DOCKER_TLS_SAN") !== undefined)
    return undefined;
  return { kind: "unreachable-host", which: "certificate", service, host };
}

/**
 * The first service that claims a name gets it. Two of the same image are no fault of the connection.
 * https://gitlab.com/gitlab-org/gitlab-runner (executors/docker/services.go: "already in use")
 */
function taken(
  ctx: QueryContext,
  job: Job,
  { target, dind, host }: DaemonAccess,
  profile: RunnerProfile,
): HostFault | undefined {
  if (job.services.length < 2 || profile.services.length > 0) return undefined;
  const name = host?.host ?? "docker";
  const claiming = job.services.filter((each) => isReachableAs(ctx, job, each, name) === true);
  const [first, second] = claiming;
  if (first === undefined || second === undefined || target?.from !== "job") return undefined;
  const service = dind.find((each) => each.service === second);
  if (service === undefined || first.name.value === second.name.value) return undefined;
  return { kind: "unreachable-host", which: "taken", service, name, first };
}

/**
 * Runner refuses an alias that is no DNS name: "provided host alias … for service … is invalid DNS".
 * https://gitlab.com/gitlab-org/gitlab-runner (executors/kubernetes/host_aliases.go)
 */
function badAlias({ dind }: DaemonAccess): HostFault | undefined {
  for (const service of dind) {
    const alias = service.service?.alias;
    const name = splitAliases(alias?.value).find((each) => !each.includes("$") && !isDnsName(each));
    if (alias !== undefined && name !== undefined)
      return { kind: "unreachable-host", which: "alias", service, alias, name };
  }
  return undefined;
}

/** RFC 1123: lower-case letters, digits and dashes, in labels with dots between. */
const isDnsName = (name: string): boolean =>
  /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(name);
