// The Dockerfile or the context of a build that the repository does not hold, and what may have been meant instead.
import type { QueryContext } from "../../query/query";
import { nearestName } from "../../settings/nearest";
import type { Located } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { isOwnPipeline } from "../pipeline/roots";
import { madeBefore } from "./created-paths";
import { asksForFiles, runsUnasked } from "./guards";
import type { Build } from "./image-build";
import { isWholeRepository, presenceOf } from "./repository-paths";
import { literalText } from "./symbolic";
import { joinPath } from "./working-directory";

export interface MissingBuildFile {
  readonly kind: "dockerfile" | "context";
  /** What is looked for, below the repository's root. */
  readonly path: FilePath;
  /** Where it is named; undefined for the Dockerfile that no flag names. */
  readonly at: Pick<Located<unknown>, "at" | "via"> | undefined;
  /** A file is there where the context's directory should be. */
  readonly isFile: boolean;
  /** Files, or folders for a context, that may have been meant: the likeliest first. */
  readonly meant: readonly FilePath[];
}

/**
 * The file that a build surely fails for. Undefined where nothing is missing, where the job or another one may have made it,
 * and where the workspace may be a part of the repository and nothing in it looks like what was meant.
 */
export function missingBuildFile(ctx: QueryContext, build: Build): MissingBuildFile | undefined {
  const { command } = build;
  if (!ctx.get(isOwnPipeline, command.job.root) || asksForFiles(command.job) || !runsUnasked(command))
    return undefined;
  const missing = missingContext(ctx, build) ?? missingDockerfile(ctx, build);
  if (missing === undefined || madeBefore(ctx, command, missing.path) !== "no") return undefined;
  return isWholeRepository(ctx) || missing.meant.length > 0 ? missing : undefined;
}

function missingContext(
  ctx: QueryContext,
  { command, context, contexts }: Build,
): MissingBuildFile | undefined {
  if (!context.known || context.value.kind !== "directory") return undefined;
  const { path } = context.value;
  const presence = presenceOf(ctx, path);
  if (presence === "folder" || presence === "unknown") return undefined;
  const [argument] = contexts;
  const isFile = presence === "file";
  const beside = foldersBeside(ctx, path);
  return {
    kind: "context",
    path,
    at: argument && { at: argument.at, via: command.via },
    isFile,
    meant: isFile ? [parentOf(path)] : nearestOf(path, beside, FEW),
  };
}

function missingDockerfile(ctx: QueryContext, build: Build): MissingBuildFile | undefined {
  const { dockerfile, file } = build;
  if (!dockerfile.known || presenceOf(ctx, dockerfile.value) !== "absent") return undefined;
  const path = dockerfile.value;
  const known = ctx.filesOfKind("dockerfile");
  const meant = [
    ...[...(ctx.paths() ?? [])].filter((each) => each.toLowerCase() === path.toLowerCase()),
    ...inContext(ctx, build),
    ...nearestOf(path, known, FEW),
    // The only Dockerfile there is, in another folder.
    ...known.filter((each) => known.length === 1 && sameName(each, path)),
  ];
  return { kind: "dockerfile", path, at: file?.at, isFile: false, meant: [...new Set(meant)] };
}

/** Docker looks for what `-f` names from the working directory, and many expect the context. */
function inContext(ctx: QueryContext, { context, file }: Build): readonly FilePath[] {
  const [variant] = file?.variants ?? [];
  const written = variant && literalText(variant);
  if (written === undefined || !context.known || context.value.kind !== "directory") return [];
  const path = joinPath(context.value.path, written);
  return path !== undefined && ctx.exists(path) === true ? [path] : [];
}

const sameName = (a: FilePath, b: FilePath): boolean => nameOf(a) === nameOf(b);

/** Letters that may be wrong in what is surely a slip. */
const FEW = 2;

const nameOf = (path: FilePath): string => path.slice(path.lastIndexOf("/") + 1);
const parentOf = (path: FilePath): FilePath => path.slice(0, Math.max(path.lastIndexOf("/"), 0));

function nearestOf(path: FilePath, candidates: readonly FilePath[], mostWrong?: number): readonly FilePath[] {
  const nearest = nearestName(path, candidates, mostWrong);
  return nearest === undefined ? [] : [nearest];
}

/** Folders that stand in the same folder as a path would. */
function foldersBeside(ctx: QueryContext, path: FilePath): readonly FilePath[] {
  const parent = parentOf(path);
  const prefix = parent === "" ? "" : `${parent}/`;
  const folders = [...(ctx.paths() ?? [])].flatMap((each) => {
    const end = each.startsWith(prefix) ? each.indexOf("/", prefix.length) : -1;
    return end === -1 ? [] : [each.slice(0, end)];
  });
  return [...new Set(folders)];
}
