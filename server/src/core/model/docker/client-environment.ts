// What the Docker client finds in its environment when the script starts: what the image's entrypoint adds, and what stays unset.
// https://github.com/docker-library/docker/blob/master/docker-entrypoint.sh
import { dockerImageTag } from "../../data/known-images";
import { isAtLeast } from "../../data/docker-versions";
import type { QueryContext } from "../../query/query";
import type { Job } from "../pipeline/job";
import type { RunnerProfile } from "../runner/profile";
import { settingsOf } from "../settings-of";
import { holdsClient, jobImageOf, type JobImage } from "./client-image";
import { missingClientOf } from "./client-missing";
import type { ContainerCommand } from "./command";
import type { DaemonAccess } from "./daemon";
import type { EffectiveValue } from "./effective-value";
import { commandsOf, dialectOf, jobCommandsOf } from "./find-commands";
import { baseNameOf } from "./image-reference";
import { jobScripts } from "./job-commands";
import { needsDaemon, usesRemoteBuilder } from "./needs-daemon";
import { literalText, showText } from "./symbolic";

/** A pod that does not run the docker image's entrypoint, and lacks variables that the entrypoint sets. */
export interface KubernetesEnvironmentFault {
  readonly kind: "kubernetes-environment";
  readonly missing: readonly string[];
}

/** Nothing tells the client where the daemon is: it looks for a socket. */
export interface HostUnsetFault {
  readonly kind: "host-unset";
  readonly image: JobImage;
  /**
   * "image": it is known to do nothing for the client. "entrypoint": the docker image's own is overridden. "links": docker 18.06 and
   * older wait for a variable of Docker links, which Runner 18.7 no longer gives. "unlisted": nothing is known of the image.
   */
  readonly reason: "image" | "entrypoint" | "links" | "unlisted";
}

/**
 * Whether the job's container is started through the docker image's entrypoint, which works out DOCKER_HOST and the client's
 * certificates by itself (since 18.09). Undefined where the image is not known, or is somebody's own and may derive from `docker`.
 */
export function startsThroughDockerEntrypoint(
  ctx: QueryContext,
  job: Job,
  profile: RunnerProfile,
): boolean | undefined {
  if (profile.executor === "kubernetes" && !honoursEntrypoint(job, profile)) return false;
  const image = jobImageOf(ctx, job, profile);
  const reason = image && whyNoHost(job, image);
  if (image === undefined || reason === "unlisted") return undefined;
  return reason === undefined;
}

/** Why an image's start leaves DOCKER_HOST unset; undefined for the docker image as it is. */
function whyNoHost(job: Job, image: JobImage): HostUnsetFault["reason"] | undefined {
  const entrypoint = image.from === "job" ? job.image?.entrypoint?.value : undefined;
  if (entrypoint !== undefined && entrypoint.length > 0)
    return entrypoint.some((word) => word.includes("docker-entrypoint.sh")) ? "unlisted" : "entrypoint";
  switch (holdsClient(image)) {
    case "no":
      return "image";
    case "yes":
      return image.references.every(isBeforeTls) ? "links" : undefined;
    case "unknown":
      return "unlisted";
  }
}

/** docker 18.06 and older. */
function isBeforeTls({ tag, digest }: JobImage["references"][number]): boolean {
  const text = tag.known && tag.value !== undefined ? literalText(tag.value) : undefined;
  const version = text === undefined || digest !== undefined ? undefined : dockerImageTag(text).version;
  return version !== undefined && !isAtLeast(version, "18.09");
}

/** https://docs.gitlab.com/runner/configuration/feature-flags/ (FF_KUBERNETES_HONOR_ENTRYPOINT) */
export function honoursEntrypoint(job: Job, profile: RunnerProfile): boolean {
  const flag = "FF_KUBERNETES_HONOR_ENTRYPOINT";
  const own = job.variables.get(flag);
  return own === undefined ? profile.featureFlags.get(flag) === true : /^(true|1|t)$/i.test(own.value);
}

/**
 * Variables that a job on Kubernetes must set itself, because no entrypoint does: DOCKER_HOST, and with TLS those of the client.
 * https://docs.gitlab.com/ci/docker/using_docker_build/ , https://docs.gitlab.com/runner/executors/kubernetes/
 */
export function kubernetesEnvironmentFault(
  ctx: QueryContext,
  job: Job,
  access: DaemonAccess,
  profile: RunnerProfile,
): KubernetesEnvironmentFault | undefined {
  if (profile.executor !== "kubernetes" || access.kind !== "dind" || !isJudgeable(ctx, job)) return undefined;
  if (honoursEntrypoint(job, profile) && startsThroughDockerEntrypoint(ctx, job, profile) !== false)
    return undefined;
  const { known } = ctx.get(settingsOf, null).settings.variables;
  const missing = [...missingHost(access), ...missingCertificates(access)].filter(
    (name) => !known.includes(name),
  );
  return missing.length === 0 ? undefined : { kind: "kubernetes-environment", missing };
}

const missingHost = ({ host, hostUnknown }: DaemonAccess): readonly string[] =>
  host === undefined && !hostUnknown ? ["DOCKER_HOST"] : [];

/** At port 2375 the port is the fault. */
function missingCertificates({ target, dind, host, tlsVerify, certPath }: DaemonAccess): readonly string[] {
  const daemon = target ?? dind[0];
  if (daemon?.tls !== "on" || host?.port === 2375) return [];
  return [
    ...(isUnset(tlsVerify) ? ["DOCKER_TLS_VERIFY"] : []),
    ...(isUnset(certPath) ? ["DOCKER_CERT_PATH"] : []),
  ];
}

const isUnset = (value: EffectiveValue | undefined): boolean =>
  value === undefined || (value.value.known && value.value.value === "");

/** A job that talks to a dind service without DOCKER_HOST, in a container that does not set it either. */
export function hostUnsetFault(
  ctx: QueryContext,
  job: Job,
  access: DaemonAccess,
  profile: RunnerProfile,
): HostUnsetFault | undefined {
  if (access.kind !== "dind" || missingHost(access).length === 0 || !isJudgeable(ctx, job)) return undefined;
  if (profile.executor === "kubernetes" || profile.executor === "docker-windows") return undefined;
  if (ctx.get(settingsOf, null).settings.variables.known.includes("DOCKER_HOST")) return undefined;
  const image = jobImageOf(ctx, job, profile);
  const reason = image && whyNoHost(job, image);
  if (image === undefined || reason === undefined) return undefined;
  if (reason === "unlisted" && image.references.some(mayDerive)) return undefined;
  return { kind: "host-unset", image, reason };
}

/** An image whose name is not known, or speaks of Docker or of CI: it may bring the docker image's entrypoint. */
function mayDerive(reference: JobImage["references"][number]): boolean {
  const name = showText(reference.text).toLowerCase();
  return baseNameOf(reference) === undefined || /docker|dind|\bci\b|deploy|build/.test(name);
}

/** Whether it is known what the client's environment is when the job first needs a daemon. */
function isJudgeable(ctx: QueryContext, job: Job): boolean {
  if (!job.isClosed || dialectOf(ctx, job) !== "posix" || job.variables.has("DOCKER_CONTEXT")) return false;
  const commands = commandsOf(ctx, job);
  const first = commands.find((command) => needsDaemon(command) && !usesRemoteBuilder(ctx, command));
  if (first === undefined || missingClientOf(ctx, job) !== undefined) return false;
  return (
    !commands.some(({ verb, order }) => verb === "context use" && order < first.order) &&
    !readsVariables(ctx, job, first)
  );
}

/** `source env.sh`, `eval "$(…)"` in front of a command, where the file was not read. */
function readsVariables(ctx: QueryContext, job: Job, first: ContainerCommand): boolean {
  const { calls } = ctx.get(jobScripts, job);
  const read = new Set(calls.filter(({ file }) => file.isComplete).map(({ command }) => command.order));
  return jobCommandsOf(ctx, job).some(
    ({ order, argv }) =>
      order < first.order &&
      !read.has(order) &&
      argv[0] !== undefined &&
      (!argv[0].isStatic || /^(\.|source|eval)$/.test(argv[0].text)),
  );
}
