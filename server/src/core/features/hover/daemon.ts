// How a command reaches a daemon, and which builder does its build, in words.
import type { ContainerCommand } from "../../model/docker/command";
import { daemonForCommand, type DaemonAccess } from "../../model/docker/daemon";
import { connectionOf } from "../../model/docker/daemon-connection";
import { needsDaemon } from "../../model/docker/needs-daemon";
import { builderOf, type Builder } from "../../model/flow/builder";
import type { QueryContext } from "../../query/query";

const KINDS: Readonly<Record<DaemonAccess["kind"], string>> = {
  dind: "Docker-in-Docker",
  socket: "the one behind a socket",
  remote: "another machine",
  runner: "of the runner's host or of the script",
  none: "**none in sight**",
  unknown: "not known",
};

/** "Docker-in-Docker: the service `docker:29-dind` is a daemon"; undefined for commands that need none. */
export function daemonText(ctx: QueryContext, command: ContainerCommand): string | undefined {
  if (!needsDaemon(command)) return undefined;
  const { kind, because, host, target } = daemonForCommand(ctx, command);
  const address =
    host === undefined || host.scheme !== "tcp" ? "" : `, at \`tcp://${host.host}:${host.port ?? "?"}\``;
  const tls =
    target === undefined || target.tls === "unknown"
      ? ""
      : target.tls === "on"
        ? ", with TLS"
        : ", without TLS";
  const isPlainPort = kind === "dind" && connectionOf(ctx, command.job)?.fault?.kind === "plain-port";
  if (isPlainPort)
    return `${KINDS[kind]}: ${because}${address}, **where nothing answers**: with TLS it listens on 2376`;
  return `${KINDS[kind]}: ${because}${address}${tls}`;
}

/** "BuildKit, in the daemon"; undefined for other tools. */
export function builderText(ctx: QueryContext, command: ContainerCommand): string | undefined {
  const builder = builderOf(ctx, command);
  if (builder.kind === "other") return undefined;
  if (builder.kind === "legacy")
    return "the legacy builder, which knows neither `RUN --mount` nor caches by `--cache-to`";
  return builder.kind === "unknown"
    ? "not known: it depends on the versions of client and daemon"
    : buildKit(builder);
}

function buildKit({ driver, create, store }: Builder): string {
  const stores = store === "containerd" ? ", images in containerd" : "";
  switch (driver) {
    case undefined:
      return "BuildKit, with a builder that is not known";
    case "docker":
      return `BuildKit, inside the daemon${stores}`;
    default:
      return `BuildKit, driver \`${driver}\`${create === undefined ? "" : ", made by `docker buildx create`"}`;
  }
}
