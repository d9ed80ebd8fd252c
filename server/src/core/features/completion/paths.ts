// Paths of the repository behind an option: Dockerfiles, and folders that can be a build's context.
import { dockerfileOf, type Dockerfile } from "../../model/docker/dockerfile";
import type { QueryContext } from "../../query/query";
import { below, normalFolder, relativePath } from "../../text/paths";
import type { FilePath } from "../../text/source-file";
import type { Item } from "./item";

/** All Dockerfiles, as seen from a folder. */
export const dockerfileItems = (ctx: QueryContext, folder: FilePath): readonly Item[] =>
  ctx
    .filesOfKind("dockerfile")
    .map((path) => ({ label: relativePath(folder, path), kind: "file", detail: "Dockerfile" }));

const MOST_FILES = 200;

/** Files that the pipeline may include, as `include:local` writes them; those that hold pipelines already first. */
export function includeItems(ctx: QueryContext, own: FilePath, prefix: string): readonly Item[] {
  const known = new Set(ctx.filesOfKind("gitlab-ci"));
  const others = [...(ctx.paths() ?? [])].filter(
    (path) => /\.ya?ml$/.test(path) && !known.has(path) && !/(^|\/)(\.git|node_modules)\//.test(path),
  );
  return [...[...known].sort(), ...others.sort()]
    .filter((path) => path !== own)
    .slice(0, MOST_FILES)
    .map((path) => ({ label: prefix + path, kind: "file", detail: undefined }));
}

/** Most folders that are offered: a repository has thousands. */
const MOST_FOLDERS = 200;

/** Folders for a build context: those with a Dockerfile first, then the others down to two levels. */
export function contextItems(ctx: QueryContext, folder: FilePath): readonly Item[] {
  const withDockerfile = ctx.filesOfKind("dockerfile").map(folderOf);
  const others = new Set([...(ctx.paths() ?? [])].flatMap((path) => foldersOf(path)));
  const folders = [...new Set(["", ...withDockerfile, ...[...others].sort()])].filter(
    (path) => !/(^|\/)(\.git|node_modules)(\/|$)/.test(path),
  );
  return folders.slice(0, MOST_FOLDERS).map((path) => {
    const has = withDockerfile.includes(path);
    return {
      label: relativePath(folder, path),
      kind: "folder",
      detail: has ? "has a Dockerfile" : undefined,
    };
  });
}

const folderOf = (path: FilePath): FilePath => path.slice(0, Math.max(path.lastIndexOf("/"), 0));

const foldersOf = (path: FilePath): readonly FilePath[] => {
  const parts = path.split("/").slice(0, -1);
  return parts.slice(0, 2).map((_, index) => parts.slice(0, index + 1).join("/"));
};

/**
 * The Dockerfiles that a half-typed build may mean: the one of its options; without a known one, every Dockerfile of the
 * repository.
 *
 * @param folder where the command runs, below the root
 */
export function dockerfilesMeant(
  ctx: QueryContext,
  folder: FilePath,
  file: string | undefined,
  context: string | undefined,
): readonly Dockerfile[] {
  const at = (path: string): FilePath => normalFolder(below(folder, path));
  const named = file === undefined ? at(below(context ?? ".", "Dockerfile")) : at(file);
  const own = ctx.filesOfKind("dockerfile").includes(named) ? dockerfileOf(ctx, named) : undefined;
  if (own !== undefined) return [own];
  return ctx.filesOfKind("dockerfile").flatMap((path) => dockerfileOf(ctx, path) ?? []);
}
