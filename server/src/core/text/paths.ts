// Paths of files and folders as the core writes them: `/` between parts, below the repository's root or, for checkouts
// that the user named, beside it (`../ci-templates`) or anywhere (`/srv/ci-templates`).
import type { FilePath } from "./source-file";

/** A folder as a user writes it, without `.`, doubled slashes and `x/..`; "" is the root itself. */
export function normalFolder(written: string): FilePath {
  const parts: string[] = [];
  const slashed = written.replaceAll("\\", "/");
  for (const part of slashed.split("/")) {
    if (part === "" || part === ".") continue;
    const last = parts.at(-1);
    if (part === ".." && last !== undefined && last !== "..") parts.pop();
    else parts.push(part);
  }
  return (slashed.startsWith("/") ? "/" : "") + parts.join("/");
}

/** A path below a folder. */
export const below = (folder: FilePath, path: string): FilePath =>
  folder === "" ? path : folder.endsWith("/") ? folder + path : `${folder}/${path}`;

/** Whether a path lies outside the repository: `../x`, `/x`, `C:/x`. */
export const isOutside = (path: FilePath): boolean =>
  path === ".." || /^(?:\.\.\/|\/|[A-Za-z]:\/)/.test(path);

/** The way from a folder to a path, both below the root: `../x`, "." for the folder itself. */
export function relativePath(folder: FilePath, path: FilePath): string {
  const from = folder.split("/").filter((part) => part !== "");
  const to = path.split("/").filter((part) => part !== "");
  const common = from.findIndex((part, index) => part !== to[index]);
  const shared = common === -1 ? from.length : common;
  return [...from.slice(shared).map(() => ".."), ...to.slice(shared)].join("/") || ".";
}
