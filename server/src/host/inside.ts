// Which paths lie inside a folder. Imports nothing of the core, which is slow to load.
import { realpathSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import type { FilePath } from "../core/index";

/** The real path of a file below the root; undefined where there is none, or it is somewhere else. */
export function insideRoot(root: string, realRoot: string, path: FilePath): string | undefined {
  if (path === "" || path.includes("\0") || isAbsolute(path)) return undefined;
  if (path.split(/[/\\]/).includes("..")) return undefined;
  const real = realPathOf(join(root, path));
  return real !== undefined && isBelow(realRoot, real) ? real : undefined;
}

/** Whether an absolute path is a folder or lies below it. */
export const isWithin = (folder: string, path: string): boolean => folder === path || isBelow(folder, path);

/** Whether an absolute path lies below a folder. */
export function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The path without links; undefined where nothing is there. */
export function realPathOf(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
