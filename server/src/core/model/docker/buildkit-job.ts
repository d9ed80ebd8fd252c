// Jobs that build with BuildKit by itself (`buildctl`), or with buildah and podman, and what they lack to work.
// https://docs.gitlab.com/ci/docker/using_buildkit/ , https://github.com/moby/buildkit/blob/master/docs/rootless.md
import type { QueryContext } from "../../query/query";
import { ROOTLESS_FLAG } from "../../data/builder-images";
import { builderImage } from "../../data/known-images";
import { entryOf } from "../../syntax/toml-nodes";
import type { FilePath } from "../../text/source-file";
import type { Job } from "../pipeline/job";
import { profileOf } from "../runner/profile";
import { isDockerExecutor, type RunnerProfile } from "../runner/runner-profile";
import { settingsOf } from "../settings-of";
import { flagsNamed, type ContainerCommand, type Flag } from "./command";
import { commandValue } from "./effective-value";
import { commandsOf, dialectOf, isOpaque, jobCommandsOf } from "./find-commands";
import { jobImagesOf, type JobImage } from "./job-images";
import { pathText } from "./path-text";
import { presenceOf } from "./repository-paths";
import { showText } from "./symbolic";
import { wordBehind } from "./command-words";
import { directoryAt } from "./working-directory";
import { baseName } from "./wrappers";

/** The builder that the job's image is; undefined for any other image, and where the runner does not use it. */
export function builderOfImage(ctx: QueryContext, job: Job): ReturnType<typeof builderImage> {
  const image = ownImage(ctx, job);
  const repository = image && showText(image.images[0]?.reference.repository ?? { parts: [] });
  return repository === undefined ? undefined : builderImage(repository);
}

function ownImage(ctx: QueryContext, job: Job): JobImage | undefined {
  if (profileOf(ctx, job).ignoresImages === true) return undefined;
  return jobImagesOf(ctx, job).find(({ role }) => role === "cli");
}

export const isRootless = (ctx: QueryContext, job: Job): boolean =>
  ownImage(ctx, job)?.images.every(({ tag }) => tag?.includes("rootless") === true) === true;

/** What variables of the project's settings or an unread file set, nobody can say. */
const isSetElsewhere = (ctx: QueryContext, job: Job, name: string): boolean =>
  !job.isClosed || ctx.get(settingsOf, null).settings.variables.known.includes(name);

// ---- A daemon for buildctl

/** The first `buildctl` that wants a daemon where nothing is one; undefined where there is one, or may be. */
export function clientWithoutDaemon(ctx: QueryContext, job: Job): ContainerCommand | undefined {
  const client = commandsOf(ctx, job).find(
    ({ tool, verb, isNamed, argv: [name], globalFlags }) =>
      tool === "buildctl" &&
      isNamed &&
      baseName(name?.text ?? "") === "buildctl" &&
      /^(build|du|prune)$/.test(verb) &&
      globalFlags.every((flag) => flag.name !== "addr"),
  );
  if (client === undefined || mayHaveDaemon(ctx, job)) return undefined;
  return commandValue(ctx, client, profileOf(ctx, job), "BUILDKIT_HOST") === undefined ? client : undefined;
}

function mayHaveDaemon(ctx: QueryContext, job: Job): boolean {
  const profile = profileOf(ctx, job);
  const mounts = [...(profile.volumes ?? []), ...profile.mountPaths];
  return (
    isSetElsewhere(ctx, job, "BUILDKIT_HOST") ||
    dialectOf(ctx, job) !== "posix" ||
    isOpaque(ctx, job) ||
    profile.services.length > 0 ||
    mounts.some(({ value }) => /buildkit/.test(value)) ||
    job.keywords.get("services")?.value.kind === "unknown" ||
    jobImagesOf(ctx, job).some(({ role, use }) => role === "dind" && /buildkit|\$/.test(use.name.value)) ||
    jobCommandsOf(ctx, job).some(({ argv }) => argv.some(({ text }) => /buildkitd|buildx/.test(text)))
  );
}

// ---- Rootless

/** The first daemonless build of a rootless image whose flags do not switch the process sandbox off. */
export function sandboxedBuild(ctx: QueryContext, job: Job): ContainerCommand | undefined {
  const build = commandsOf(ctx, job).find(({ nameAt, argv: [name], tool }) => {
    const base = baseName(name?.text ?? "");
    return tool === "buildctl" && base === "buildctl-daemonless.sh" && nameAt.end > nameAt.start;
  });
  if (build === undefined || isSetElsewhere(ctx, job, "BUILDKITD_FLAGS")) return undefined;
  const flags = commandValue(ctx, build, profileOf(ctx, job), "BUILDKITD_FLAGS");
  if (flags === undefined) return build;
  return flags.value.known && !flags.value.value.includes(ROOTLESS_FLAG) ? build : undefined;
}

// ---- `--local dockerfile=`

export interface FileAsFolder {
  readonly command: ContainerCommand;
  readonly flag: Flag;
  readonly path: FilePath;
}

/** `--local dockerfile=` that names a file of the repository: it wants the directory of the Dockerfile. */
export function filesAsFolders(ctx: QueryContext, job: Job): readonly FileAsFolder[] {
  return commandsOf(ctx, job).flatMap((command) =>
    command.tool === "buildctl" && command.verb === "build"
      ? flagsNamed(command, "local").flatMap((flag) => fileAsFolder(ctx, command, flag))
      : [],
  );
}

const LOCAL = "dockerfile=";

function fileAsFolder(ctx: QueryContext, command: ContainerCommand, flag: Flag): readonly FileAsFolder[] {
  if (flag.value?.text.startsWith(LOCAL) !== true) return [];
  const path = pathText(command.job, wordBehind(flag.value.word, LOCAL.length));
  const at = path === undefined ? undefined : directoryAt(command.workingDirectory, path);
  const isFile = at?.known === true && presenceOf(ctx, at.path) === "file";
  return isFile ? [{ command, flag, path: at.path }] : [];
}

// ---- buildah and podman

/**
 * The first build of buildah or podman on a runner that is known to be unprivileged and without `/dev/fuse`, where nothing says
 * how to store images.
 */
export function buildWithoutStorage(ctx: QueryContext, job: Job): ContainerCommand | undefined {
  const profile = profileOf(ctx, job);
  if (!isDockerExecutor(profile.executor) || profile.privileged?.value !== false || hasFuse(profile))
    return undefined;
  const builder = builderOfImage(ctx, job);
  if ((builder !== "buildah" && builder !== "podman") || isSetElsewhere(ctx, job, "STORAGE_DRIVER"))
    return undefined;
  const build = commandsOf(ctx, job).find(
    ({ tool, verb }) => tool === builder && /^(build|bud|from)$/.test(verb),
  );
  const isSaid =
    build === undefined ||
    build.globalFlags.some(({ name }) => /^(storage-driver|root)$/.test(name)) ||
    commandValue(ctx, build, profile, "STORAGE_DRIVER") !== undefined;
  return isSaid || isOpaque(ctx, job) ? undefined : build;
}

/** https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnersdocker-section */
function hasFuse({ section }: RunnerProfile): boolean {
  const devices = section && entryOf(section, "devices");
  return section === undefined || devices !== undefined;
}
