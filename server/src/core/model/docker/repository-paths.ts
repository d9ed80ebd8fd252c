// What stands at a path of the repository when a job starts, as far as the listing of the workspace can say it: absence is
// only claimed of what git would have brought.
import { UNLISTED_FOLDERS } from "../../data/unlisted-folders";
import { defineQuery, type QueryContext } from "../../query/query";
import { pathPattern } from "../../text/path-pattern";
import { below } from "../../text/paths";
import type { FilePath } from "../../text/source-file";

/** "unknown": it is not listed, but may be there: a submodule, a folder that is never listed, a file that git ignores. */
export type Presence = "file" | "folder" | "absent" | "unknown";

/** What a path of the repository ("" is its root) is after the checkout. */
export function presenceOf(ctx: QueryContext, path: FilePath): Presence {
  if (path === "") return "folder";
  const isListed = ctx.exists(path);
  if (isListed === undefined) return "unknown";
  if (isListed) return "file";
  if (ctx.get(foldersOf, null)?.has(path) === true) return "folder";
  return mayComeOtherwise(ctx, path) ? "unknown" : "absent";
}

/**
 * Whether the workspace is the whole checkout of a repository and not a part of one: `.git`, a folder or the file of a
 * worktree or submodule, stands in it. Without it a file that is missing may be missing only here.
 */
export const isWholeRepository = (ctx: QueryContext): boolean => ctx.exists(".git") === true;

/** Listed files below a folder, as paths from there; "" is the repository's root. */
export function filesBelow(ctx: QueryContext, folder: FilePath): readonly FilePath[] {
  const prefix = folder === "" ? "" : `${folder}/`;
  return [...(ctx.paths() ?? [])]
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length));
}

/** Every folder that holds a listed file. */
const foldersOf = defineQuery<null, ReadonlySet<FilePath> | undefined>({
  name: "foldersOf",
  compute: (ctx) => {
    const paths = ctx.paths();
    if (paths === undefined) return undefined;
    const folders = new Set<FilePath>();
    for (const path of paths) {
      for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
        const folder = path.slice(0, end);
        if (folders.has(folder)) break;
        folders.add(folder);
      }
    }
    return folders;
  },
});

const mayComeOtherwise = (ctx: QueryContext, path: FilePath): boolean =>
  path.split("/").some((part) => UNLISTED_FOLDERS.has(part)) ||
  ctx.get(submodules, null).some((folder) => path === folder || path.startsWith(`${folder}/`)) ||
  isIgnoredByGit(ctx, path);

/** Folders of submodules. https://git-scm.com/docs/gitmodules */
const submodules = defineQuery<null, readonly FilePath[]>({
  name: "submodules",
  compute: (ctx) => {
    const text = ctx.exists(".gitmodules") === true ? (ctx.file(".gitmodules")?.text ?? "") : "";
    return [...text.matchAll(/^[ \t]*path[ \t]*=[ \t]*(.+?)[ \t]*$/gm)].map(([, path = ""]) =>
      path.replace(/^"(.*)"$/, "$1").replace(/\/+$/, ""),
    );
  },
});

/** Whether any `.gitignore` above a path has a pattern for it: then a program is expected to make it. */
function isIgnoredByGit(ctx: QueryContext, path: FilePath): boolean {
  const parts = path.split("/");
  return parts.some((_, depth) => {
    const folder = parts.slice(0, depth).join("/");
    const inside = parts.slice(depth);
    const prefixes = inside.map((_each, index) => inside.slice(0, index + 1).join("/"));
    return ctx.get(ignorePatterns, below(folder, ".gitignore")).some((matches) => prefixes.some(matches));
  });
}

/**
 * The patterns of one `.gitignore`, as tests of paths from its folder. What a `!` takes back is not taken back here: the
 * answer is only used to say less. https://git-scm.com/docs/gitignore#_pattern_format
 */
const ignorePatterns = defineQuery<FilePath, readonly ((path: string) => boolean)[]>({
  name: "gitIgnorePatterns",
  compute: (ctx, file) => {
    const text = ctx.exists(file) === true ? (ctx.file(file)?.text ?? "") : "";
    return text.split("\n").flatMap((line) => {
      const pattern = line.trimEnd().replace(/\/+$/, "");
      if (pattern === "" || /^[#!]/.test(pattern)) return [];
      return [pathPattern(pattern.includes("/") ? pattern.replace(/^\//, "") : `**/${pattern}`)];
    });
  },
});
