// Which builder does a build: the legacy one, BuildKit inside the daemon, or one that `buildx create` made; and how the
// daemon stores images, which decides what kinds of caches and outputs it can make.
// https://docs.docker.com/build/builders/ , https://docs.docker.com/engine/storage/containerd/
import { defineQuery, type QueryContext } from "../../query/query";
import { isAtLeast } from "../../data/docker-versions";
import { flagNamed, isFlagOn, runsBefore, type ContainerCommand } from "../docker/command";
import { daemonForCommand } from "../docker/daemon";
import { commandValue } from "../docker/effective-value";
import { commandsOf, isOpaque } from "../docker/find-commands";
import { expandImage, expandImages, isDocker } from "../docker/image-of";
import type { ImageReference } from "../docker/image-reference";
import { valueIfKnown } from "../docker/resolved";
import { showText } from "../docker/symbolic";
import { profileOf } from "../runner/profile";
import { imageStoreOf, majorOf, type ImageStore } from "./image-store";

export type BuildxDriver = "docker" | "docker-container" | "kubernetes" | "remote" | "cloud";

export interface Builder {
  /** "other": not Docker (kaniko, buildah, podman…). */
  readonly kind: "legacy" | "buildkit" | "other" | "unknown";
  /** The driver of a BuildKit builder; undefined where it is not known, and for other kinds. */
  readonly driver: BuildxDriver | undefined;
  /** The `buildx create` that made it; undefined for the default builder. */
  readonly create: ContainerCommand | undefined;
  /** How the daemon stores images; "unknown" where it is not a dind service of known version. */
  readonly store: ImageStore;
}

const builders = defineQuery<ContainerCommand, Builder>({
  name: "builderOf",
  compute: (ctx, command) => {
    const kind = kindOf(ctx, command);
    const choice = kind === "buildkit" ? chosenBuilder(ctx, command) : undefined;
    return { kind, driver: choice?.driver, create: choice?.create, store: imageStoreOf(ctx, command) };
  },
});

/** What does the work of a `build` or `buildx build` command. */
export const builderOf = (ctx: QueryContext, command: ContainerCommand): Builder =>
  ctx.get(builders, command);

/** BuildKit is the default since Docker 23. https://docs.docker.com/build/buildkit/#getting-started */
function kindOf(ctx: QueryContext, command: ContainerCommand): Builder["kind"] {
  if (command.tool !== "docker" || !/^(buildx )?(build|bake)$/.test(command.verb)) return "other";
  if (command.verb.startsWith("buildx ")) return "buildkit";
  const setting = commandValue(ctx, command, profileOf(ctx, command.job), "DOCKER_BUILDKIT");
  if (setting !== undefined) {
    const value = valueIfKnown(setting.value);
    if (value === undefined) return "unknown";
    if (value !== "") return /^(0|f|false)$/i.test(value) ? "legacy" : "buildkit";
  }
  const kind = kindOfClient(ctx, command);
  // What is not read may well switch BuildKit on for old clients; nobody switches it off for new ones.
  return kind === "legacy" && !command.job.isClosed ? "unknown" : kind;
}

function kindOfClient(ctx: QueryContext, command: ContainerCommand): Builder["kind"] {
  const { job } = command;
  const docker = job.image === undefined ? undefined : expandImage(ctx, job, job.image)?.docker;
  // Packages of distributions and images of other people may be of any age.
  if (docker === undefined) return "unknown";
  // A tag without a version is the newest.
  if (docker.version === undefined || docker.version.major >= 23) return "buildkit";
  return isAtLeast(docker.version, "18.09") ? kindOfDaemon(ctx, command) : "legacy";
}

/**
 * Clients from 18.09 to 22 take the builder that the daemon recommends: BuildKit since 23. A daemon that nobody names is taken to be
 * as old as its client.
 * moby `api/server/router/build/build.go` (BuilderVersion), docker/cli 20.10 `cli/command/cli.go` (BuildKitEnabled)
 */
function kindOfDaemon(ctx: QueryContext, command: ContainerCommand): Builder["kind"] {
  const { target } = daemonForCommand(ctx, command);
  if (target === undefined) return "legacy";
  const major = majorOf(target);
  if (major === undefined) return "unknown";
  return major >= 23 ? "buildkit" : "legacy";
}

// ---- The builder that is chosen

interface Choice {
  readonly driver: BuildxDriver | undefined;
  readonly create: ContainerCommand | undefined;
}

const DEFAULT_BUILDER: Choice = { driver: "docker", create: undefined };
const UNKNOWN_BUILDER: Choice = { driver: undefined, create: undefined };

function chosenBuilder(ctx: QueryContext, command: ContainerCommand): Choice {
  const named = nameOfBuilder(ctx, command);
  if (named === undefined) return UNKNOWN_BUILDER;
  const earlier = commandsOf(ctx, command.job).filter((other) => other.order < command.order);
  if (named !== "") return named === "default" ? DEFAULT_BUILDER : builderNamed(earlier, named);
  // `docker build` stays with the default builder unless `buildx install` made it an alias.
  const followsChoice =
    command.verb.startsWith("buildx ") || earlier.some(({ verb }) => verb === "buildx install");
  return followsChoice ? lastChosen(ctx, command, earlier) : DEFAULT_BUILDER;
}

/** `--builder X`, else `BUILDX_BUILDER`; "" where neither is there, undefined where it is not known as text. */
function nameOfBuilder(ctx: QueryContext, command: ContainerCommand): string | undefined {
  const flag = flagNamed(command, "builder") ?? command.globalFlags.find(({ name }) => name === "builder");
  if (flag !== undefined) return flag.value?.isStatic === true ? flag.value.text : undefined;
  const variable = commandValue(ctx, command, profileOf(ctx, command.job), "BUILDX_BUILDER");
  return variable === undefined ? "" : valueIfKnown(variable.value);
}

function builderNamed(earlier: readonly ContainerCommand[], name: string): Choice {
  const create = earlier.findLast(
    (other) => other.verb === "buildx create" && flagNamed(other, "name")?.value?.text === name,
  );
  return create === undefined ? UNKNOWN_BUILDER : madeBy(create);
}

/** The last `buildx create --use` or `buildx use X` before the command. */
function lastChosen(
  ctx: QueryContext,
  command: ContainerCommand,
  earlier: readonly ContainerCommand[],
): Choice {
  const chooses = earlier.findLast(choosesBuilder);
  // A function runs where it is called, maybe behind a choice that stands below it.
  if (command.use.inFunction !== undefined && commandsOf(ctx, command.job).some(choosesBuilder))
    return UNKNOWN_BUILDER;
  if (chooses === undefined) return hasFreshClient(ctx, command) ? DEFAULT_BUILDER : UNKNOWN_BUILDER;
  if (!runsBefore(chooses, command)) return UNKNOWN_BUILDER;
  if (chooses.verb === "buildx create") return madeBy(chooses);
  const [name] = chooses.operands;
  if (name?.isStatic !== true) return UNKNOWN_BUILDER;
  return name.text === "default" ? DEFAULT_BUILDER : builderNamed(earlier, name.text);
}

/** Whether a command decides which builder `docker buildx build` takes from now on. */
export const choosesBuilder = (command: ContainerCommand): boolean =>
  command.verb === "buildx use" || (command.verb === "buildx create" && isFlagOn(command, "use"));

const DRIVERS: readonly BuildxDriver[] = ["docker", "docker-container", "kubernetes", "remote", "cloud"];

/** `buildx create` makes a container unless it is told otherwise. */
function madeBy(create: ContainerCommand): Choice {
  const flag = flagNamed(create, "driver");
  if (flag === undefined) return { driver: "docker-container", create };
  return { driver: DRIVERS.find((driver) => driver === flag.value?.text), create };
}

/**
 * In a container of the official image the client starts without a choice of builders. Other images may bring one, and on a
 * runner's host the client keeps that of the job before.
 */
function hasFreshClient(ctx: QueryContext, { job }: ContainerCommand): boolean {
  if (job.image === undefined || profileOf(ctx, job).ignoresImages === true) return false;
  // What is not read may choose one.
  if (isOpaque(ctx, job)) return false;
  return expandImages(ctx, job, job.image).every(({ reference }) => isOfficial(reference));
}

/** On Docker Hub, or behind GitLab's proxy for it. What another registry calls `docker` is somebody's own. */
const isOfficial = (reference: ImageReference): boolean =>
  isDocker(reference) &&
  reference.registry.known &&
  (reference.registry.value === undefined ||
    showText(reference.registry.value).startsWith("$CI_DEPENDENCY_PROXY_"));
