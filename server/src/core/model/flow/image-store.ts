// How the daemon behind a command stores images: with containerd, or with one of the older storage drivers. It decides which
// caches and outputs the daemon's own builder can make, and whether the daemon starts at all.
// https://docs.docker.com/engine/storage/containerd/ , moby `daemon/image_store_choice.go`
import { NEWEST_MAINTAINED_MAJOR } from "../../data/docker-versions";
import { REMOVED_STORAGE_DRIVERS } from "../../data/storage-drivers";
import type { QueryContext } from "../../query/query";
import type { Located } from "../../text/located";
import type { Job } from "../pipeline/job";
import { profileOf } from "../runner/profile";
import type { ContainerCommand } from "../docker/command";
import { daemonForCommand, type DindService } from "../docker/daemon";
import { serviceValue, type EffectiveValue } from "../docker/effective-value";
import { valueIfKnown } from "../docker/resolved";

export type ImageStore = "containerd" | "graphdriver" | "unknown";

/** A storage driver that somebody names for a dind service. */
export interface NamedDriver {
  /** Undefined where it is not known as text. */
  readonly name: string | undefined;
  readonly by: "variable" | "flag";
  /** Where it is written; undefined for settings without a place. */
  readonly at: Located<string> | undefined;
  readonly scope: EffectiveValue["scope"];
}

/** Drivers that Docker 29 takes for a wish for the older store; it looks for any other name among containerd's snapshotters. */
const GRAPH_DRIVERS: ReadonlySet<string> = new Set(["vfs", "overlay2", "btrfs"]);

/** Docker 29 stores images with containerd unless a driver of the older store is named. */
export function imageStoreOf(ctx: QueryContext, command: ContainerCommand): ImageStore {
  const target = command.tool === "docker" ? daemonForCommand(ctx, command).target : undefined;
  const major = target && majorOf(target);
  if (target === undefined || major === undefined) return "unknown";
  if (target.service?.command?.value.some((word) => word.includes("containerd-snapshotter")) === true)
    return "unknown";
  if (major < 29) return "graphdriver";
  const driver = storageDriverOf(ctx, command.job, target);
  if (driver === undefined) return "containerd";
  if (driver.name === undefined) return "unknown";
  return GRAPH_DRIVERS.has(driver.name) ? "graphdriver" : "containerd";
}

/**
 * The major version of a dind service: the newest for a tag without a version. Undefined for digests, for tags that are not
 * known, and for images of somebody else.
 */
export function majorOf({ flavour, image, version }: DindService): number | undefined {
  if (flavour !== "official" || !image.tag.known) return undefined;
  return (version ?? { major: NEWEST_MAINTAINED_MAJOR }).major;
}

/** The storage driver that DOCKER_DRIVER or, where that is not set, a flag names. Undefined where the daemon chooses itself. */
export function storageDriverOf(
  ctx: QueryContext,
  job: Job,
  { service }: DindService,
): NamedDriver | undefined {
  const variables = service?.variables ?? new Map<string, never>();
  const value = serviceValue(ctx, job, profileOf(ctx, job), variables, "DOCKER_DRIVER");
  const name = value && valueIfKnown(value.value);
  if (value !== undefined && name !== "") return { name, by: "variable", at: value.at, scope: value.scope };
  return service?.command === undefined ? undefined : driverInFlags(service.command);
}

function driverInFlags(command: Located<readonly string[]>): NamedDriver | undefined {
  const match = /(?:--storage-driver|(?:^|\s)-s)[=\s]\s*(\S+)/.exec(command.value.join(" "));
  if (match?.[1] === undefined) return undefined;
  const name = match[1].includes("$") ? undefined : match[1];
  return { name, by: "flag", at: { ...command, value: match[1] }, scope: "service" };
}

/** The version that removed a storage driver, where the daemon is at least that new: it then does not start. */
export function removedIn(service: DindService, driver: string): number | undefined {
  const major = majorOf(service);
  const since = REMOVED_STORAGE_DRIVERS.find(({ name }) => name === driver)?.since;
  return major !== undefined && since !== undefined && major >= since ? since : undefined;
}
