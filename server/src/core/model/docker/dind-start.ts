// How a dind service is started: a command of its own may leave out the listener that the image's entrypoint adds, and the host's
// socket may stand in the way of its own.
// https://github.com/docker-library/docker/blob/master/dockerd-entrypoint.sh
import { isAtLeast } from "../../data/docker-versions";
import type { QueryContext } from "../../query/query";
import type { Located } from "../../text/located";
import type { Job } from "../pipeline/job";
import type { RunnerProfile, Setting } from "../runner/profile";
import { volumeTarget } from "../runner/shared-paths";
import { startsThroughDockerEntrypoint } from "./client-environment";
import type { DaemonAccess, DindService } from "./daemon";
import { valueIfKnown } from "./resolved";

export interface DroppedListener {
  readonly kind: "dropped-listener";
  readonly service: DindService;
  /** The keyword that starts the daemon in its own way. */
  readonly by: "command" | "entrypoint";
  readonly words: Located<readonly string[]>;
  /** The port at which the client knocks; undefined where none is written. */
  readonly port: number | undefined;
  /** Ports that the command listens on; none of them is the client's. */
  readonly ports: readonly number[];
}

/** A daemon that is started past the entrypoint and listens on no TCP port that the client uses. */
export function droppedListener(
  ctx: QueryContext,
  job: Job,
  access: DaemonAccess,
  profile: RunnerProfile,
): DroppedListener | undefined {
  const { host, target, hostUnknown } = access;
  const start = target && startOf(target);
  if (target === undefined || start === undefined || hostUnknown) return undefined;
  if (host === undefined && !goesToService(ctx, job, start, profile)) return undefined;
  const ports = listenedPorts(target);
  const port = host?.port;
  if (ports === undefined || mayBeHeard(ports, port)) return undefined;
  return { kind: "dropped-listener", service: target, ...start, port, ports };
}

/**
 * Without DOCKER_HOST it is the docker image's entrypoint that goes to the service. A socket that the command names may be shared
 * with the job.
 */
const goesToService = (
  ctx: QueryContext,
  job: Job,
  { words }: Pick<DroppedListener, "words">,
  profile: RunnerProfile,
): boolean =>
  job.isClosed &&
  startsThroughDockerEntrypoint(ctx, job, profile) === true &&
  !words.value.some((word) => word.includes("unix:"));

/** Whether one of the daemon's ports may be the client's. */
const mayBeHeard = (ports: readonly number[], port: number | undefined): boolean =>
  ports.length > 0 && (port === undefined || ports.includes(port));

/** The TCP ports of a start that is written out; undefined where something else may open more. */
function listenedPorts({ service }: DindService): readonly number[] | undefined {
  const text = [...(service?.entrypoint?.value ?? []), ...(service?.command?.value ?? [])].join(" ");
  if (!isPlainDaemon(text)) return undefined;
  const listeners = [...text.matchAll(/tcp:\/\/[^\s:]*(?::(\d+))?/g)].map(([, port]) => port);
  return listeners.includes(undefined) ? undefined : listeners.map(Number);
}

/** The port that the image's entrypoint makes the daemon listen on; undefined where it is not known. */
export function entrypointPort({ flavour, version, certdir }: DindService): 2375 | 2376 | undefined {
  const path = valueIfKnown(certdir.value);
  if (flavour !== "official" || path === undefined) return undefined;
  return path === "" || (version !== undefined && !isAtLeast(version, "18.09")) ? 2375 : 2376;
}

/** What starts the daemon instead of the entrypoint. */
function startOf({
  service,
  bypassesEntrypoint,
}: DindService): Pick<DroppedListener, "by" | "words"> | undefined {
  if (service === undefined) return undefined;
  const { command, entrypoint } = service;
  if (entrypoint !== undefined)
    return bypassesEntrypoint ? { by: "entrypoint", words: entrypoint } : undefined;
  const [first = "", option = ""] = command?.value ?? [];
  const isShell = /(^|\/)(ba|da|a)?sh$/.test(first) && /^-\w*c$/.test(option);
  return command !== undefined && (bypassesEntrypoint || isShell)
    ? { by: "command", words: command }
    : undefined;
}

/** A start of `dockerd` of which everything is written here: no other program, no file with settings, no variable. */
const isPlainDaemon = (text: string): boolean =>
  /(^|[\s/;&])dockerd(\s|$)/.test(text) &&
  !/dockerd-entrypoint|dockerd-rootless|--config-file|\$|\.sh\b|socat|nginx/.test(text);

export interface HostSocketFault {
  readonly kind: "host-socket";
  readonly service: DindService;
  readonly mount: Setting<string>;
  /** Whether the client goes to the service, which is dead; else it goes to the host's daemon, and the service is idle. */
  readonly isUsed: boolean;
}

/** A dind service on a runner that mounts the host's socket where the daemon wants to make its own. */
export function hostSocket(access: DaemonAccess, profile: RunnerProfile): HostSocketFault | undefined {
  const service = access.dind.find(
    ({ from, flavour, image }) => from === "job" && flavour === "official" && !/rootless/.test(image.key),
  );
  if (service === undefined) return undefined;
  const mount =
    profile.volumes?.find((volume) => isSocket(volumeTarget(volume.value))) ??
    profile.mountPaths.find(({ value }) => isSocket(value));
  const isUsed = access.kind === "dind" && (access.host !== undefined || access.hostUnknown);
  return mount && { kind: "host-socket", service, mount, isUsed };
}

const isSocket = (path: string): boolean => /^(\/var)?\/run\/docker\.sock$/.test(path);
