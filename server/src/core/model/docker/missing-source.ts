// Sources of COPY and ADD that are not in a build's context: they do not exist, or an ignore file leaves them out.
//
// Only literal sources: a pattern that matches nothing is no error for BuildKit (`AllowEmptyWildcard` in
// https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/convert.go).
import { defineQuery, type QueryContext } from "../../query/query";
import { nearestName } from "../../settings/nearest";
import type { DockerfileInstruction, DockerfileWord } from "../../syntax/dockerfile-nodes";
import { below } from "../../text/paths";
import type { FilePath } from "../../text/source-file";
import { builderOf } from "../flow/builder";
import { isOwnPipeline } from "../pipeline/roots";
import { flagNamed } from "./command";
import { madeBefore } from "./created-paths";
import { dockerfileOf, stageNamed, type Dockerfile, type Stage } from "./dockerfile";
import { excluderOf, ignoreFileOf, mayHoldException, type IgnoreFile, type IgnoreRule } from "./dockerignore";
import { asksForFiles, runsUnasked } from "./guards";
import type { Build } from "./image-build";
import { filesBelow, isWholeRepository, presenceOf } from "./repository-paths";
import { finalStage, reachableFrom } from "./stage-reachability";
import { literalText } from "./symbolic";
import { joinPath } from "./working-directory";

export interface MissingSource {
  readonly instruction: DockerfileInstruction;
  readonly word: DockerfileWord;
  /** The path from the context, as Docker takes it: "" in front and `..` beyond the context are dropped. */
  readonly path: FilePath;
  /** The context's directory, below the repository's root. */
  readonly context: FilePath;
  /** `../x` leaves the context. */
  readonly isBeyond: boolean;
  /** The line that leaves it out; undefined where nothing is there. */
  readonly ignored: { readonly file: IgnoreFile; readonly rule: IgnoreRule } | undefined;
  /** A path below the root that may have been meant. */
  readonly meant: FilePath | undefined;
}

interface Surroundings {
  readonly ctx: QueryContext;
  readonly build: Build;
  readonly context: FilePath;
  readonly dockerfile: Dockerfile;
  readonly ignore: IgnoreFile | undefined;
}

const missing = defineQuery<Build, readonly MissingSource[]>({
  name: "missingSourcesOf",
  compute: findMissing,
});

/** The sources for which a build surely fails, of the stages that it makes. */
export const missingSources = (ctx: QueryContext, build: Build): readonly MissingSource[] =>
  ctx.get(missing, build);

function findMissing(ctx: QueryContext, build: Build): readonly MissingSource[] {
  const around = surroundingsOf(ctx, build);
  if (around === undefined) return [];
  const found = stagesMade(around).flatMap((stage) =>
    stage.instructions.flatMap((instruction) =>
      sourcesOf(instruction).flatMap((word) => judge(around, instruction, word) ?? []),
    ),
  );
  const isWritten = found.length > 0 && madeBefore(ctx, build.command, around.dockerfile.tree.path) === "yes";
  return isWritten ? [] : found;
}

function surroundingsOf(ctx: QueryContext, build: Build): Surroundings | undefined {
  const { command, context, dockerfile: path } = build;
  if (!context.known || context.value.kind !== "directory" || !path.known) return undefined;
  if (!ctx.get(isOwnPipeline, command.job.root) || asksForFiles(command.job) || !runsUnasked(command))
    return undefined;
  const dockerfile = dockerfileOf(ctx, path.value);
  if (dockerfile === undefined || dockerfile.foreignFrontend !== undefined) return undefined;
  if (presenceOf(ctx, context.value.path) !== "folder") return undefined;
  return {
    ctx,
    build,
    context: context.value.path,
    dockerfile,
    ignore: ignoreOf(ctx, build, context.value.path, path.value),
  };
}

/** Undefined where there is none, or where it is not known which one counts. */
function ignoreOf(
  ctx: QueryContext,
  { command }: Build,
  context: FilePath,
  dockerfile: FilePath,
): IgnoreFile | undefined {
  const file = ignoreFileOf(ctx, context, dockerfile);
  if (file === undefined) return undefined;
  const isOfDockerfile = file.path !== below(context, ".dockerignore");
  if (command.tool === "docker")
    return isOfDockerfile && builderOf(ctx, command).kind === "legacy" ? undefined : file;
  // podman and buildah have a file of their own, and a flag.
  const hasOther =
    ctx.exists(below(context, ".containerignore")) === true || flagNamed(command, "ignorefile") !== undefined;
  return hasOther || isOfDockerfile ? undefined : file;
}

/** BuildKit makes no others; the legacy builder makes more. */
function stagesMade({ dockerfile, build: { target } }: Surroundings): readonly Stage[] {
  const [variant, ...others] = target?.variants ?? [];
  const name = variant === undefined ? "" : literalText(variant);
  if (name === undefined || others.length > 0) return [];
  const stage = name === "" ? finalStage(dockerfile) : stageNamed(dockerfile, name);
  return stage === undefined ? [] : [...reachableFrom([stage])];
}

/** Literal paths of the context. Quotes and backslashes are left to those who can read them. */
function sourcesOf({ keyword, flags, json, words }: DockerfileInstruction): readonly DockerfileWord[] {
  if (keyword !== "COPY" && keyword !== "ADD") return [];
  if (flags.some(({ name }) => name === "from")) return [];
  return (json ?? words)
    .slice(0, -1)
    .filter(({ text }) => text !== "" && !/[$*?[\\"'`{]|<<|:\/\/|^git@|^-/.test(text));
}

function judge(
  around: Surroundings,
  instruction: DockerfileInstruction,
  word: DockerfileWord,
): MissingSource | undefined {
  const { ctx, build, context, ignore } = around;
  const { path, isBeyond } = insideContext(word.text);
  if (path === "") return undefined;
  const found = { instruction, word, path, context, isBeyond };
  const rule = ignore && excluderOf(ignore, path);
  if (ignore !== undefined && rule !== undefined && madeBefore(ctx, build.command, ignore.path) !== "yes")
    return isLetIn(around, ignore, path)
      ? undefined
      : { ...found, ignored: { file: ignore, rule }, meant: undefined };
  const full = below(context, path);
  if (presenceOf(ctx, full) !== "absent" || madeBefore(ctx, build.command, full) !== "no") return undefined;
  const meant = meantBy(around, word.text, path);
  if (meant === undefined && !isWholeRepository(ctx)) return undefined;
  return { ...found, ignored: undefined, meant };
}

/**
 * Whether something of a path that is left out is there all the same: what an exception names below a folder, and the Dockerfile
 * and the ignore file, which Docker's builders treat in ways of their own.
 */
function isLetIn({ ctx, context, dockerfile }: Surroundings, ignore: IgnoreFile, path: FilePath): boolean {
  const full = below(context, path);
  if (full === dockerfile.tree.path || full === ignore.path) return true;
  return ctx.exists(full) !== true && mayHoldException(ignore, path);
}

/** As BuildKit cleans it: `/a/./b/` and `../a/b` are `a/b`. */
function insideContext(source: string): { readonly path: FilePath; readonly isBeyond: boolean } {
  const parts: string[] = [];
  let isBeyond = false;
  for (const part of source.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) isBeyond = true;
  }
  return { path: parts.join("/"), isBeyond };
}

/** What stands at the same path seen from elsewhere, or is written nearly alike. */
function meantBy(
  { ctx, context, dockerfile }: Surroundings,
  source: string,
  path: FilePath,
): FilePath | undefined {
  const own = dockerfile.tree.path;
  const folder = own.slice(0, Math.max(own.lastIndexOf("/"), 0));
  const fromContext = joinPath(context, source.replace(/^\/+/, ""));
  const elsewhere = [fromContext, joinPath(folder, source.replace(/^\/+/, "")), path].find(
    (each) => each !== undefined && each !== "" && /^(file|folder)$/.test(presenceOf(ctx, each)),
  );
  if (elsewhere !== undefined) return elsewhere;
  const files = filesBelow(ctx, context);
  const alike = files.find((each) => each.toLowerCase() === path.toLowerCase()) ?? slip(path, files);
  return alike === undefined ? undefined : below(context, alike);
}

/** One letter, in a name that is long enough for that to be a slip. */
const slip = (path: FilePath, files: readonly FilePath[]): FilePath | undefined =>
  path.length < 7 ? undefined : nearestName(path, files, 1);
