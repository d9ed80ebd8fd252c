// How a job reaches a Docker daemon: one answer, with the lines it rests on.
import { defineQuery, type QueryContext } from "../../query/query";
import type { Located } from "../../text/located";
import type { Job } from "../pipeline/job";
import { profileOf, type RunnerProfile } from "../runner/profile";
import type { ContainerCommand, JobCommand } from "./command";
import { answersTo, dindServicesOf, type DindService } from "./dind-service";
import { hostValueOf, parseDockerHost, type DockerHost } from "./docker-host";
import { commandValue, jobValue, type EffectiveValue } from "./effective-value";
import { commandsOf, jobCommandsOf } from "./find-commands";
import { needsDaemon } from "./needs-daemon";
import { baseName } from "./wrappers";

export { answersTo, type DindFlavour, type DindService } from "./dind-service";
export type { DockerHost } from "./docker-host";
export type { EffectiveValue } from "./effective-value";

export interface DaemonAccess {
  /**
   * "dind": a service is the daemon. "socket": the runner mounts the host's socket, or DOCKER_HOST names one. "remote":
   * DOCKER_HOST points elsewhere. "runner": commands run on the runner's host (shell executor), its executor is not understood,
   * or the script starts a daemon. "none": no daemon in sight, and everything that could bring one was read. "unknown":
   * nobody in sight says (no runner known, services that could not be read).
   */
  readonly kind: "dind" | "socket" | "remote" | "runner" | "none" | "unknown";
  /** Why, in a phrase that fits behind "because". */
  readonly because: string;
  /** The lines the answer rests on. */
  readonly evidence: readonly Located<string>[];
  /** Services that can be a daemon, of the job and of the runner. */
  readonly dind: readonly DindService[];
  /** Services that look like one but are the client image. */
  readonly clients: readonly DindService[];
  /** The service that DOCKER_HOST (or its default) means; undefined where it names none of them. */
  readonly target: DindService | undefined;
  /** DOCKER_HOST as the first command that needs a daemon sees it; undefined where it is not set or not known. */
  readonly host: DockerHost | undefined;
  /** DOCKER_HOST is set, but its value is not known. */
  readonly hostUnknown: boolean;
  readonly tlsVerify: EffectiveValue | undefined;
  readonly certPath: EffectiveValue | undefined;
  /** DOCKER_TLS_CERTDIR in the job's container; undefined where only the image's default counts. */
  readonly certdir: EffectiveValue | undefined;
}

const daemons = defineQuery<Job, DaemonAccess>({
  name: "daemonOf",
  compute: (ctx, job) => accessOf(ctx, job, commandsOf(ctx, job).find(needsDaemon)),
});

/** How a job reaches a daemon, as its first command that needs one sees it. */
export const daemonOf = (ctx: QueryContext, job: Job): DaemonAccess => ctx.get(daemons, job);

const daemonsForCommand = defineQuery<ContainerCommand, DaemonAccess>({
  name: "daemonForCommand",
  compute: (ctx, command) => accessOf(ctx, command.job, command),
});

/** The same for one command: `-H`, `DOCKER_HOST=… docker …` and what the script exported before it count. */
export const daemonForCommand = (ctx: QueryContext, command: ContainerCommand): DaemonAccess =>
  ctx.get(daemonsForCommand, command);

type Answer = Pick<DaemonAccess, "kind" | "because" | "evidence" | "target">;

interface Facts {
  readonly job: Job;
  readonly profile: RunnerProfile;
  readonly dind: readonly DindService[];
  readonly host: DockerHost | undefined;
  readonly hostValue: EffectiveValue | undefined;
  /** A command of the script that starts a daemon. */
  readonly starter: JobCommand | undefined;
}

function accessOf(ctx: QueryContext, job: Job, command: ContainerCommand | undefined): DaemonAccess {
  const profile = profileOf(ctx, job);
  const services = dindServicesOf(ctx, job, profile);
  const dind = services.filter(({ flavour }) => flavour !== "client");
  const hostValue = hostValueOf(ctx, job, profile, command);
  const host = hostValue && parseDockerHost(hostValue);
  const value = (name: string): EffectiveValue | undefined =>
    command === undefined ? jobValue(ctx, job, profile, name) : commandValue(ctx, command, profile, name);
  const starter = jobCommandsOf(ctx, job).find(startsDaemon);
  return {
    ...answer({ job, profile, dind, host, hostValue, starter }),
    dind,
    clients: services.filter(({ flavour }) => flavour === "client"),
    host,
    hostUnknown: hostValue !== undefined && host === undefined,
    tlsVerify: value("DOCKER_TLS_VERIFY"),
    certPath: value("DOCKER_CERT_PATH"),
    certdir: value("DOCKER_TLS_CERTDIR"),
  };
}

function answer(facts: Facts): Answer {
  const { job, profile, host, hostValue } = facts;
  const own = ownDaemon(facts);
  if (own !== undefined) return own;
  if (host !== undefined) return byHost(facts, host);
  if (hostValue !== undefined) {
    const kind = facts.dind.length > 0 ? "dind" : "unknown";
    return {
      kind,
      because: "the value of DOCKER_HOST is not known",
      evidence: placeOf(hostValue),
      target: undefined,
    };
  }
  return socketOf(profile) ?? (facts.dind.length > 0 ? dindByDefault(facts) : withoutDaemon(job, profile));
}

/** A daemon beside services and DOCKER_HOST: that of the runner's own host, or one that the script starts. */
function ownDaemon({ profile, starter }: Facts): Answer | undefined {
  if (profile.ignoresImages === true || profile.executor === "custom") {
    const because = `the ${profile.executor ?? "custom"} executor runs the commands on its own host`;
    return { kind: "runner", because, evidence: runnerEvidence(profile), target: undefined };
  }
  if (starter === undefined) return undefined;
  const at = { value: starter.argv[0]?.text ?? "", at: starter.at, via: starter.via };
  return { kind: "runner", because: "the script starts a daemon itself", evidence: [at], target: undefined };
}

const placeOf = ({ at }: EffectiveValue): readonly Located<string>[] => (at === undefined ? [] : [at]);

// ---- DOCKER_HOST is known

function byHost(facts: Facts, host: DockerHost): Answer {
  const evidence = placeOf(host.effective);
  if (host.scheme === "unix" || host.scheme === "npipe" || host.scheme === "fd") {
    return { kind: "socket", because: "DOCKER_HOST names a socket", evidence, target: undefined };
  }
  const target =
    facts.dind.find((service) => answersTo(service, host.host) === true) ?? localTarget(facts, host.host);
  if (target !== undefined)
    return {
      kind: "dind",
      because: `DOCKER_HOST names the service \`${target.at.value}\``,
      evidence: [...evidence, target.at],
      target,
    };
  const isLocal = ["docker", "localhost", "127.0.0.1", "[::1]"].includes(host.host);
  if (host.scheme === "ssh" || !isLocal) return elsewhere(facts, host, evidence);
  if (facts.dind.length > 0)
    return {
      kind: "dind",
      because: `no service answers to \`${host.host}\``,
      evidence: [...evidence, ...facts.dind.map(({ at }) => at)],
      target: undefined,
    };
  if (facts.profile.extraHosts.some((entry) => entry.startsWith(`${host.host}:`))) {
    return {
      kind: "remote",
      because: `the runner's extra_hosts name \`${host.host}\``,
      evidence,
      target: undefined,
    };
  }
  return { ...withoutDaemon(facts.job, facts.profile), evidence };
}

/** On Kubernetes services share the job's network: `localhost` is the daemon. An unknown runner may be one. */
function localTarget({ profile, dind }: Facts, host: string): DindService | undefined {
  const mayShare = profile.executor === "kubernetes" || profile.executor === undefined;
  const isShared = mayShare && (host === "localhost" || host === "127.0.0.1");
  return isShared ? dind[0] : undefined;
}

/** A name that a service may answer to after all (its image is not known), another service, or a remote host. */
function elsewhere({ dind }: Facts, host: DockerHost, evidence: readonly Located<string>[]): Answer {
  const possible = dind.find((service) => answersTo(service, host.host) === undefined);
  if (possible !== undefined)
    return {
      kind: "dind",
      because: `a service may answer to \`${host.host}\``,
      evidence: [...evidence, possible.at],
      target: possible,
    };
  // A name without a dot beside a dind service is meant for that service.
  if (dind.length > 0 && host.scheme === "tcp" && !/[.:]/.test(host.host)) {
    return {
      kind: "dind",
      because: `no service answers to \`${host.host}\``,
      evidence: [...evidence, ...dind.map(({ at }) => at)],
      target: undefined,
    };
  }
  return { kind: "remote", because: `DOCKER_HOST points to \`${host.host}\``, evidence, target: undefined };
}

// ---- DOCKER_HOST is not set

/** Client and entrypoint take a socket before anything else. */
function socketOf(profile: RunnerProfile): Answer | undefined {
  const mount = [...(profile.volumes ?? []), ...profile.mountPaths].find(({ value }) =>
    /docker\.sock(:|$)/.test(value),
  );
  if (mount === undefined) return undefined;
  const evidence = mount.at === undefined ? [] : [{ value: mount.value, at: mount.at, via: [] }];
  return {
    kind: "socket",
    because: "the runner mounts the host's Docker socket",
    evidence,
    target: undefined,
  };
}

/** The docker image's entrypoint then goes to the host `docker`. */
function dindByDefault({ dind, profile }: Facts): Answer {
  const byName = dind.find((service) => answersTo(service, "docker") !== false);
  const target = profile.executor === "kubernetes" ? (byName ?? dind[0]) : byName;
  const because =
    target === undefined
      ? "no service answers to `docker`"
      : `the service \`${target.at.value}\` is a daemon`;
  return { kind: "dind", because, evidence: dind.map(({ at }) => at), target };
}

function withoutDaemon(job: Job, profile: RunnerProfile): Answer {
  const none = (kind: "none" | "unknown", because: string): Answer => ({
    kind,
    because,
    evidence: runnerEvidence(profile),
    target: undefined,
  });
  if (!job.isClosed || job.keywords.get("services")?.value.kind === "unknown")
    return none("unknown", "not everything that makes up this job could be read");
  if (!profile.isKnown) return none("unknown", "nothing says which runner takes this job");
  if (profile.volumes === undefined) return none("unknown", "the runner's volumes are not known");
  return none("none", "no service is a daemon, and the runner mounts no Docker socket");
}

const runnerEvidence = (profile: RunnerProfile): readonly Located<string>[] =>
  profile.evidence.slice(-1).map((at) => ({ value: profile.executor ?? "", at, via: [] }));

/** `dockerd &`, `dockerd-entrypoint.sh &`, `service docker start`, `systemctl start docker`. */
function startsDaemon({ argv }: JobCommand): boolean {
  const [name, ...rest] = argv;
  if (name === undefined) return false;
  const words = rest.map(({ text }) => text);
  switch (baseName(name.text)) {
    case "dockerd":
    case "dockerd-entrypoint.sh":
    case "dockerd-rootless.sh":
    case "start-docker":
    case "start-docker.sh":
      return true;
    case "service":
    case "rc-service":
      return words[0] === "docker" && words.includes("start");
    case "systemctl":
      return words.includes("start") && words.some((word) => /^docker(\.service)?$/.test(word));
    default:
      return false;
  }
}
