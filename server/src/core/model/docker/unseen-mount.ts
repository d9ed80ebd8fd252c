// Bind mounts whose source the daemon does not see: it has a file system of its own, and shares few folders with the job.
// https://docs.gitlab.com/ci/docker/using_docker_build/ (limitations of the socket), https://docs.gitlab.com/runner/executors/docker/
import type { QueryContext } from "../../query/query";
import { stringAt } from "../runner/config";
import { isDockerExecutor, type RunnerProfile } from "../runner/runner-profile";
import { profileOf } from "../runner/profile";
import { isWithin } from "../runner/shared-paths";
import { bindMountsOf, type BindMount } from "./bind-mount";
import type { ContainerCommand } from "./command";
import { daemonForCommand } from "./daemon";
import { jobCommandsOf } from "./find-commands";
import { baseName } from "./wrappers";

export interface UnseenMount {
  readonly mount: BindMount;
  /** "host": the runner's own. "service": a dind service. */
  readonly daemon: "host" | "service";
  /** False where the runner's volumes are not all known: it could share the folder. */
  readonly isSure: boolean;
}

/** Mounts of a command that come out empty, because their source is not where the daemon runs. */
export function unseenMountsOf(ctx: QueryContext, command: ContainerCommand): readonly UnseenMount[] {
  const mounts = bindMountsOf(command);
  if (mounts.length === 0 || command.shell !== 0) return [];
  const profile = profileOf(ctx, command.job);
  const access = daemonForCommand(ctx, command);
  if (access.kind === "socket" && access.host === undefined && access.dind.length === 0)
    return keepsCheckoutInside(profile)
      ? mounts.flatMap((mount) =>
          mount.lies === "checkout" ? [{ mount, daemon: "host", isSure: isRead(profile) }] : [],
        )
      : [];
  if (access.kind !== "dind" || access.target === undefined) return [];
  return mounts.flatMap((mount) =>
    mount.lies === "absolute" && isOwnFile(ctx, command, mount) && !isShared(profile, mount.path)
      ? [{ mount, daemon: "service", isSure: isRead(profile) }]
      : [],
  );
}

/** Who describes a runner in the settings need not name every volume. */
const isRead = ({ source, isDoubtful }: RunnerProfile): boolean => source === "config" && !isDoubtful;

/** The checkout lies in a volume of Docker, not in a folder of the host under the same name. */
function keepsCheckoutInside(profile: RunnerProfile): boolean {
  if (!isDockerExecutor(profile.executor) || profile.volumes === undefined) return false;
  if (stringAt(profile.runner?.table, "builds_dir") !== undefined) return false;
  return !profile.volumes.some(({ value }) => /^\/[^:]*:\/?(builds(\/|:|$)|$)/.test(value));
}

/**
 * Paths that mean the same on both sides, or are meant to be the daemon's own: its socket, its devices. The checkout, the cache
 * and the client certificates are shared with services.
 */
const NOT_THE_JOBS =
  /^\/(builds|cache|certs|dev|sys|proc|run|var\/run|var\/lib\/docker|etc\/(localtime|timezone|hosts|resolv\.conf|passwd|group)|lib\/modules|usr\/src|boot|tmp\/\.X11-unix)(\/|$)/;

function isShared(profile: RunnerProfile, path: string): boolean {
  if (NOT_THE_JOBS.test(path) || stringAt(profile.runner?.table, "builds_dir") !== undefined) return true;
  const volumes = [...(profile.volumes ?? []), ...profile.mountPaths];
  return volumes.some(({ value }) => value.split(":").some((part) => part !== "" && isWithin(path, part)));
}

/** The job makes the folder, or puts something there, so that it counts on finding it in the container. */
function isOwnFile(ctx: QueryContext, command: ContainerCommand, { path }: BindMount): boolean {
  return jobCommandsOf(ctx, command.job).some(
    (other) =>
      other.order < command.order &&
      other.shell === command.shell &&
      WRITERS.has(baseName(other.argv[0]?.text ?? "")) &&
      (other.argv.some(({ text }) => isWithin(text, path)) ||
        other.use.command.redirects.some(({ target }) => isWithin(target?.text ?? "", path))),
  );
}

const WRITERS = new Set(
  "mkdir cp mv tar unzip curl wget tee touch install git mktemp ln rsync echo printf cat".split(" "),
);
