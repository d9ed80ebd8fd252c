// Paths inside a container, as far as they can be told from the text.

/** An absolute path without `.` and `..`; undefined where variables or patterns decide, or where it leaves the root. */
export function absolutePath(directory: string, path: string): string | undefined {
  if (path === "" || /[$*?["'`\\~{\s]/.test(path)) return undefined;
  const parts: string[] = [];
  for (const part of `${path.startsWith("/") ? "" : directory}/${path}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return `/${parts.join("/")}`;
}

/** A name in a folder. */
export const inFolder = (folder: string, name: string): string =>
  folder.endsWith("/") ? folder + name : `${folder}/${name}`;

/** Whether a path is a folder or lies in it. */
export const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);

/** The last part of a path. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The folder of an absolute path. */
export const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf("/"), 1));
