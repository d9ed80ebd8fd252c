// Stages that Compose files choose, and names that Bake files may use: developers build with them what the pipeline builds too.
// https://docs.docker.com/reference/compose-file/build/ , https://docs.docker.com/build/bake/reference/
import { composeFileOf, composePathsOf, type ComposeBuild } from "../../model/docker/compose";
import type { ContainerCommand } from "../../model/docker/command";
import { dockerfileOf, stageNamed } from "../../model/docker/dockerfile";
import { commandsOf } from "../../model/docker/find-commands";
import { joinPath } from "../../model/docker/working-directory";
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { nameOfStage } from "./dockerfile-names";
import { allJobs, callsOf } from "./jobs-of-workspace";
import { nameWithin, type Mention } from "./symbol";

const COMPOSE = /(?:^|\/)(?:docker-)?compose(?:[.-][\w.-]*)?\.ya?ml$/;
const BAKE = /(?:^|\/)[\w.-]*bake[\w.-]*\.(?:hcl|json)$/;

const filesBeside = defineQuery<
  null,
  { readonly compose: readonly FilePath[]; readonly bake: readonly FilePath[] }
>({
  name: "composeAndBakeFiles",
  compute: (ctx) => {
    const paths = [...(ctx.paths() ?? [])];
    return {
      compose: paths.filter((path) => COMPOSE.test(path)),
      bake: paths.filter((path) => BAKE.test(path)),
    };
  },
  equals: (a, b) => a.compose.join("\0") === b.compose.join("\0") && a.bake.join("\0") === b.bake.join("\0"),
});

/** The stages that Compose files choose. A file that is not loaded yet becomes wanted. */
export function composeTargets(ctx: QueryContext): readonly Mention[] {
  return ctx
    .get(filesBeside, null)
    .compose.flatMap((path) =>
      (composeFileOf(ctx, path)?.services ?? []).flatMap(({ build }) =>
        build === undefined ? [] : targetOf(ctx, path, build),
      ),
    );
}

function targetOf(ctx: QueryContext, file: FilePath, build: ComposeBuild): readonly Mention[] {
  const { target } = build;
  const owner = dockerfilePath(file, build);
  const dockerfile = target === undefined || owner === undefined ? undefined : dockerfileOf(ctx, owner);
  const stage = target && dockerfile && stageNamed(dockerfile, target.value);
  if (target === undefined || stage?.name === undefined || owner === undefined) return [];
  const at = nameWithin(target.at, target.value) ?? target.at;
  const own = { kind: "build-stage", name: nameOfStage(stage), owner, role: "reference", at } as const;
  return [/^\d+$/.test(target.value) ? { ...own, isFixed: true } : own];
}

function dockerfilePath(file: FilePath, { context, dockerfile }: ComposeBuild): FilePath | undefined {
  const folder = file.slice(0, Math.max(file.lastIndexOf("/"), 0));
  const written = [context?.value ?? ".", dockerfile?.value ?? "Dockerfile"];
  if (written.some((each) => each.includes("$") || /^\w+:/.test(each))) return undefined;
  const [inside = "", name = ""] = written;
  const base = joinPath(folder, inside);
  return base === undefined ? undefined : joinPath(base, name);
}

/** Why a name can't be renamed that a file of Compose or Bake may use in a way that is not followed. */
export function usedBeside(ctx: QueryContext, name: string, what: "stage" | "argument"): string | undefined {
  const { compose, bake } = ctx.get(filesBeside, null);
  const known = new Set(composeTargets(ctx).map(({ at }) => at.chunk.file));
  const word = new RegExp(`(?<![\\w.-])${name.replaceAll(".", "\\.")}(?![\\w.-])`, "i");
  // Where a Compose file's stages are followed, only those of other Dockerfiles and variables are left.
  const unclear = what === "stage" ? compose.filter((path) => !known.has(path)) : compose;
  const target = what === "stage" ? new RegExp(`target:\\s*["']?(?:\\$|${word.source})`, "i") : word;
  const found =
    bake.find((path) => word.test(ctx.file(path)?.text ?? "")) ??
    unclear.find((path) => target.test(ctx.file(path)?.text ?? ""));
  if (found !== undefined) return `\`${found}\` may use \`${name}\` too, and is not followed`;
  return otherPrograms(ctx, name, what) ?? unknownFiles(ctx, name);
}

/** Files of other programs that call a builder. */
const CALLING =
  /(?:^|\/)(?:(?:GNU)?[Mm]akefile|justfile|Taskfile\.ya?ml|skaffold\.yaml|devcontainer\.json|package\.json|Tiltfile|Jenkinsfile)$|\.(?:mk|sh|bash)$|(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/;

/** More of them are not read for one name. */
const MOST_CALLING = 300;

const callingFiles = defineQuery<null, readonly FilePath[]>({
  name: "filesThatMayBuild",
  compute: (ctx) => [...(ctx.paths() ?? [])].filter((path) => CALLING.test(path)).slice(0, MOST_CALLING),
  equals: (a, b) => a.join("\0") === b.join("\0"),
});

/** A Makefile or a script that no job calls uses the name. */
function otherPrograms(ctx: QueryContext, name: string, what: "stage" | "argument"): string | undefined {
  const word = `["']?${name.replaceAll(".", "\\.")}(?![\\w.-])`;
  const pattern = new RegExp(
    what === "stage"
      ? `(?:--target[= \\t]+|\\btarget["']?\\s*[:=]\\s*)${word}`
      : `--build-arg[= \\t]+${word}`,
    "i",
  );
  const followed = new Set(allJobs(ctx).flatMap((job) => callsOf(ctx, job).map(({ file }) => file.path)));
  const found = ctx
    .get(callingFiles, null)
    .find((path) => !followed.has(path) && pattern.test(ctx.file(path)?.text ?? ""));
  return found && `\`${found}\` uses \`${name}\` too, and is not followed`;
}

/** Jobs that build from files which nobody here can find. */
function unknownFiles(ctx: QueryContext, name: string): string | undefined {
  for (const job of allJobs(ctx)) {
    const command = commandsOf(ctx, job).find((each) => buildsFromFile(ctx, each));
    if (command !== undefined)
      return `The job \`${job.name}\` builds from a Bake or Compose file that is not found, and may use \`${name}\``;
  }
  return undefined;
}

function buildsFromFile(ctx: QueryContext, command: ContainerCommand): boolean {
  const { compose, bake } = ctx.get(filesBeside, null);
  if (command.verb === "buildx bake")
    return command.flags.some(({ name }) => name === "file") || bake.length + compose.length === 0;
  const isCompose = command.tool === "docker-compose" || command.verb.startsWith("compose");
  if (!isCompose || !/(?:^|\s)(?:build|up|run|create)$/.test(command.verb)) return false;
  const paths = composePathsOf(ctx, command);
  return paths === undefined || paths.some((path) => !compose.includes(path));
}
