// "Cache this build in the registry": a plain build and its push become one buildx build that keeps the layers of all stages in the
// registry. https://docs.docker.com/build/cache/backends/registry/
import type { ContainerCommand } from "../../model/docker/command";
import type { Build } from "../../model/docker/build";
import { daemonForCommand } from "../../model/docker/daemon";
import { commandsOf } from "../../model/docker/find-commands";
import { jobImagesOf } from "../../model/docker/job-images";
import { showText } from "../../model/docker/symbolic";
import { basesOf } from "../../model/flow/base-images";
import { builderOf } from "../../model/flow/builder";
import { canExportCache, registryCacheOf } from "../../model/flow/cache-export";
import { imageFlowOf } from "../../model/flow/image-flow";
import { meansSame } from "../../model/flow/image-use";
import { imageUsesOf } from "../../model/flow/uses-of-job";
import type { QueryContext } from "../../query/query";
import { commandsAtCursor, forAllJobs } from "./at-cursor";
import { linesBefore, withFlags, withoutFollowing } from "./command-lines";
import { contentOf, pushedBuildOf } from "./pushed-build";
import { defineRefactoring, type RefactoringDraft } from "./refactoring";

const TITLE = "Cache this build in the registry";

export const cacheBuildInRegistry = defineRefactoring({
  id: "cache-build-in-registry",
  kind: "refactor.rewrite",
  offer(ctx, cursor) {
    const commands = commandsAtCursor(ctx, cursor);
    // One cache for all of them: what differs would push the other's layers out.
    if (new Set(commands.map((command) => contentOf(ctx, command))).size > 1) return [];
    const draft = forAllJobs(commands, (command) => draftFor(ctx, command));
    return draft === undefined ? [] : [draft];
  },
});

function draftFor(ctx: QueryContext, command: ContainerCommand): RefactoringDraft | undefined {
  const pushed = pushedBuildOf(ctx, command);
  const cache = pushed && freeCache(ctx, pushed.build);
  if (pushed === undefined || cache === undefined) return undefined;
  const builder = builderLines(ctx, pushed.build);
  const lines = builder && linesBefore(command, builder);
  const flags = withFlags(
    command,
    [
      `--cache-from "type=registry,ref=${cache}"`,
      `--cache-to "type=registry,ref=${cache},mode=max"`,
      "--push",
    ],
    { buildx: true },
  );
  const removed = withoutFollowing(command, pushed.pushes);
  if (lines === undefined || flags === undefined || removed === undefined) return undefined;
  return { title: TITLE, edits: [...lines, ...flags, ...removed] };
}

/** A name for the cache; that of the job is part of it where another build with other layers has the plain one. */
function freeCache(ctx: QueryContext, build: Build): string | undefined {
  const cache = registryCacheOf(build);
  if (cache === undefined) return undefined;
  const { job } = build.command;
  const isTaken = imageFlowOf(ctx, job.root).jobs.some((other) =>
    imageUsesOf(ctx, other).some(
      (use) =>
        use.action === "cache-to" &&
        use.references.some(({ text }) => showText(text) === cache) &&
        use.command !== undefined &&
        contentOf(ctx, use.command) !== contentOf(ctx, build.command),
    ),
  );
  return isTaken ? `${cache}-${job.name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}` : cache;
}

/** What makes a builder that can export a cache; nothing where the daemon's own one can. Undefined where that is not known. */
function builderLines(ctx: QueryContext, build: Build): readonly string[] | undefined {
  const { command } = build;
  const { kind, driver } = builderOf(ctx, command);
  if (kind !== "buildkit" || driver !== "docker" || !hasBuildx(ctx, command)) return undefined;
  if (canExportCache(ctx, build)) return [];
  if (
    commandsOf(ctx, command.job).some(({ verb }) => MAKES_BUILDER.test(verb)) ||
    usesLocalImages(ctx, build)
  )
    return undefined;
  const tls = needsContext(ctx, command);
  if (tls === undefined) return undefined;
  return tls
    ? ["docker context create tls-env", "docker buildx create --use tls-env"]
    : ["docker buildx create --use"];
}

const MAKES_BUILDER = /^(?:buildx (?:create|use|install)|context )/;

/** The official client image brings buildx since 23. https://github.com/docker-library/docker */
function hasBuildx(ctx: QueryContext, { job }: ContainerCommand): boolean {
  const { images } = jobImagesOf(ctx, job).find(({ role }) => role === "cli") ?? { images: [] };
  return (
    images.length > 0 &&
    images.every(({ docker }) => docker !== undefined && (docker.version?.major ?? 23) >= 23)
  );
}

/** A builder in a container does not see the daemon's images, so it can't build on one that the job has made. */
function usesLocalImages(ctx: QueryContext, build: Build): boolean {
  const bases = basesOf(ctx, build).map(({ reference }) => reference);
  if (!build.dockerfile.known) return true;
  return imageUsesOf(ctx, build.command.job).some(
    ({ action, references }) => MAKES.has(action) && meansSame(references, bases),
  );
}

const MAKES: ReadonlySet<string> = new Set(["build", "tag", "create"]);

/** A builder gets no certificates out of variables, so they go into a context first. https://github.com/docker/buildx/issues/413 */
function needsContext(ctx: QueryContext, command: ContainerCommand): boolean | undefined {
  const access = daemonForCommand(ctx, command);
  switch (access.kind) {
    case "socket":
      return false;
    case "dind":
      if (access.target?.tls === "off" && access.tlsVerify === undefined) return false;
      return access.target === undefined || access.target.tls === "unknown" ? undefined : true;
    default:
      return undefined;
  }
}
