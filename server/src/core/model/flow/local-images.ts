// Which images a job finds in its own daemon: those that its commands build, name, fetch or load. A dind service starts empty
// with each job; the daemon of a host keeps what other jobs left.
// https://docs.gitlab.com/ci/docker/using_docker_build/ ("each job is in a clean environment")
import { mayMakeImages } from "../../data/image-makers";
import { defineQuery, type QueryContext } from "../../query/query";
import type { ContainerCommand, JobCommand } from "../docker/command";
import { isFlagOn } from "../docker/command";
import { daemonForCommand } from "../docker/daemon";
import { commandsOf, dialectOf, isOpaque, jobCommandsOf } from "../docker/find-commands";
import { isOwnRegistry } from "../docker/registry-use";
import { baseName } from "../docker/wrappers";
import type { ImageReference } from "../docker/image-reference";
import type { Job } from "../pipeline/job";
import { profileOf } from "../runner/profile";
import type { ImageAction, ImageUse } from "./image-use";
import { mayBeSame } from "./same-image";
import { imageUsesOf } from "./uses-of-job";

export interface LocalImages {
  /** Everything that brings an image under a name: builds, `tag`, `commit`, `import`, `pull`, `run`. */
  readonly brought: readonly ImageUse[];
  /** Images may be there that nothing in sight names: `load`, compose, bake, what is not read. */
  readonly isOpen: boolean;
}

/** `run` pulls what is not there, and builds leave their base images in the older store. */
const BRINGS: ReadonlySet<ImageAction> = new Set<ImageAction>([
  "build",
  "tag",
  "create",
  "pull",
  "run",
  "base",
]);

const locals = defineQuery<Job, LocalImages>({
  name: "localImagesOf",
  compute: (ctx, job) => ({
    brought: imageUsesOf(ctx, job).filter(({ action }) => BRINGS.has(action)),
    isOpen: isOpenJob(ctx, job),
  }),
});

/** The images that a job finds in its own daemon, wherever in the job they come from. */
export const localImagesOf = (ctx: QueryContext, job: Job): LocalImages => ctx.get(locals, job);

/** Whether a job's daemon can hold an image; false is a proof where the daemon starts empty. */
export function mayBeLocal(ctx: QueryContext, job: Job, references: readonly ImageReference[]): boolean {
  const { brought, isOpen } = localImagesOf(ctx, job);
  return isOpen || brought.some((use) => mayBeOneOf(use.references, references));
}

/** Whether a variant of one may be a variant of the other. */
export const mayBeOneOf = (a: readonly ImageReference[], b: readonly ImageReference[]): boolean =>
  a.some((each) => b.some((other) => !areSurelyDifferent(each, other)));

/** Whether two references mean different images whatever their variables hold. */
export const areSurelyDifferent = (a: ImageReference, b: ImageReference): boolean =>
  mayBeSame(a, b) === "no" || isHere(a, b) || isHere(b, a);

/** `app` and `$CI_REGISTRY_IMAGE`: a name without a registry is never one in the project's own. */
const isHere = (a: ImageReference, b: ImageReference): boolean =>
  a.registry.known && a.registry.value === undefined && isLiteral(a) && isOwnRegistry(b);

const isLiteral = ({ repository: { parts } }: ImageReference): boolean => parts[0]?.kind === "literal";

function isOpenJob(ctx: QueryContext, job: Job): boolean {
  if (!job.isClosed || dialectOf(ctx, job) !== "posix" || isOpaque(ctx, job)) return true;
  return (
    commandsOf(ctx, job).some(bringsUnnamed) ||
    jobCommandsOf(ctx, job).some(({ argv }) => mayMakeImages(baseName(argv[0]?.text ?? "")))
  );
}

const UNNAMED: ReadonlySet<string> = new Set([
  "load",
  "import",
  "buildx bake",
  "compose build",
  "compose pull",
  "compose up",
  "compose run",
  "compose create",
  "exec",
  "stack deploy",
  "service create",
]);

/** What a command brings is not named by its words, or not by words that are all known. */
function bringsUnnamed(command: ContainerCommand): boolean {
  const { tool, verb } = command;
  if (tool === "skopeo" || tool === "crane")
    return command.argv.some(({ text }) => text.includes("docker-daemon:"));
  if (UNNAMED.has(verb) || tool === "buildctl") return true;
  if (verb === "pull") return command.isOpen || isFlagOn(command, "all-tags");
  if (verb === "run" || verb === "create") return reachesDaemon(command);
  return command.isOpen && /^(?:buildx )?build$|^tag$|^commit$/.test(verb);
}

/** A container that is given the daemon's socket may build anything: `docker run -v /var/run/docker.sock:… pack build`. */
const reachesDaemon = ({ argv }: JobCommand): boolean =>
  argv.some(({ text }) => /docker\.sock|DOCKER_HOST|--privileged|--volumes-from/.test(text));

/**
 * What becomes of a daemon's images when a job ends. "gone": the daemon is a service of the job. "kept": it is that of a host,
 * or far away. "unknown": nothing says which daemon it is.
 */
export function imagesAfter(ctx: QueryContext, command: ContainerCommand): "gone" | "kept" | "unknown" {
  const { kind, target } = daemonForCommand(ctx, command);
  if (kind === "socket" || kind === "runner" || kind === "remote") return "kept";
  if (kind !== "dind" || target === undefined) return "unknown";
  const { volumes, mountPaths } = profileOf(ctx, command.job);
  const isKept = [...(volumes ?? []), ...mountPaths].some(({ value }) => value.includes("/var/lib/docker"));
  return isKept ? "kept" : "gone";
}
