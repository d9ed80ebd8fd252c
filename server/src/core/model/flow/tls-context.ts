// Whether `buildx create` stops because the client's TLS settings come from the environment: a builder would not have them, so
// buildx wants a context that holds them. https://github.com/docker/buildx/issues/413 , docker/buildx `builder/builder.go`
import type { QueryContext } from "../../query/query";
import { profileOf } from "../runner/profile";
import { startsThroughDockerEntrypoint } from "../docker/client-environment";
import { flagNamed, type ContainerCommand } from "../docker/command";
import { daemonForCommand, type DaemonAccess, type EffectiveValue } from "../docker/daemon";
import { connectionOf } from "../docker/daemon-connection";
import { commandValue } from "../docker/effective-value";
import { commandsOf, jobCommandsOf } from "../docker/find-commands";

export interface MissingContext {
  /** The job's own files say that the client uses TLS; otherwise its runner may still say something else. */
  readonly isDeclared: boolean;
  /** A context that the job has made before, and does not name. */
  readonly context: string | undefined;
}

/** Undefined where `buildx create` can do without a context, or has one, or nothing says that the client uses TLS. */
export function missingContextOf(ctx: QueryContext, create: ContainerCommand): MissingContext | undefined {
  if (create.tool !== "docker" || create.verb !== "buildx create") return undefined;
  if (create.operands.length > 0 || create.isOpen || !makesContainer(create)) return undefined;
  if (usesOtherContext(ctx, create)) return undefined;
  const isDeclared = hasTls(ctx, create);
  return isDeclared === undefined ? undefined : { isDeclared, context: contextBefore(ctx, create) };
}

/** Other drivers do not go through the daemon. */
function makesContainer(create: ContainerCommand): boolean {
  const driver = flagNamed(create, "driver");
  return driver === undefined || driver.value?.text === "docker-container";
}

/**
 * `--context x`; DOCKER_CONTEXT and `context use x` count only where DOCKER_HOST is not set, which the docker image's entrypoint does.
 * docker/cli `cli/command/cli.go` (resolveContextName)
 */
function usesOtherContext(ctx: QueryContext, create: ContainerCommand): boolean {
  if (create.globalFlags.some(({ name }) => name === "context" || name === "host" || name === "config"))
    return true;
  const before = jobCommandsOf(ctx, create.job).filter((command) => command.order < create.order);
  const isUnset = before.some(
    ({ argv }) => argv[0]?.text === "unset" && argv.some(({ text }) => text === "DOCKER_HOST"),
  );
  const isEmptied = commandValue(ctx, create, profileOf(ctx, create.job), "DOCKER_HOST")?.scope === "script";
  return isUnset || isEmptied;
}

/** Whether the client has TLS settings: true where files say so, false where defaults do, undefined where it is not known. */
function hasTls(ctx: QueryContext, create: ContainerCommand): boolean | undefined {
  const access = daemonForCommand(ctx, create);
  if (!isByTcp(access)) return undefined;
  if (isSet(access.tlsVerify)) return true;
  if (!isAutomatic(ctx, create, access) || isFaulty(ctx, create)) return undefined;
  return isWritten(access.target?.certdir) && isWritten(access.host?.effective);
}

function isByTcp({ kind, host, hostUnknown }: DaemonAccess): boolean {
  if (kind !== "dind" && kind !== "remote") return false;
  return !hostUnknown && (host === undefined || host.scheme === "tcp");
}

/** The docker image's entrypoint finds the daemon's certificates and sets the variables. */
const isAutomatic = (ctx: QueryContext, { job }: ContainerCommand, access: DaemonAccess): boolean =>
  access.kind === "dind" &&
  access.target?.tls === "on" &&
  !isSet(access.certPath) &&
  startsThroughDockerEntrypoint(ctx, job, profileOf(ctx, job)) === true;

const isSet = (value: EffectiveValue | undefined): boolean =>
  value !== undefined && (!value.value.known || value.value.value !== "");

const isWritten = (value: EffectiveValue | undefined): boolean =>
  value?.scope === "job" || value?.scope === "service";

/** Where the connection is wrong, that comes first; certificates may be shared by a runner that nobody described. */
function isFaulty(ctx: QueryContext, { job }: ContainerCommand): boolean {
  const fault = connectionOf(ctx, job)?.fault;
  if (fault === undefined || fault.kind === "posture") return false;
  return fault.kind !== "certificates" || fault.shared !== undefined;
}

/** The last `docker context create X` before a command. */
function contextBefore(ctx: QueryContext, create: ContainerCommand): string | undefined {
  const made = commandsOf(ctx, create.job).findLast(
    ({ verb, order, operands }) =>
      verb === "context create" && order < create.order && operands[0]?.isStatic === true,
  );
  return made?.operands[0]?.text;
}
