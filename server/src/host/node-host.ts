// The file system as a host. Never leaves the root: not by `..`, not by an absolute path, not through a link.
import { readdirSync, readFileSync, realpathSync, statSync, type Dirent } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { FilePath } from "../core/index";
import { MAX_FILE_SIZE, MAX_FILES, type Host, type Listing, type ReadResult } from "./host";

/** Folders that are never part of a checkout's sources, and often huge. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set([
  ".git",
  ".hg",
  ".svn",
  "node_modules",
  ".venv",
  "__pycache__",
]);

export interface NodeHostLimits {
  readonly maxFiles?: number;
  readonly maxFileSize?: number;
}

/** A host for the folder `root`, an absolute path. A root that isn't there is an empty one. */
export function createNodeHost(
  root: string,
  { maxFiles = MAX_FILES, maxFileSize = MAX_FILE_SIZE }: NodeHostLimits = {},
): Host {
  const realRoot = realPathOf(root) ?? root;
  return {
    root,
    list: (folder) => walk(root, realRoot, folder, maxFiles),
    read(path) {
      const real = insideRoot(root, realRoot, path);
      return real === undefined ? { skipped: "absent" } : readText(real, maxFileSize);
    },
    isListed: (path) => !path.split("/").some((part) => SKIPPED_FOLDERS.has(part)),
    exists(path) {
      const real = insideRoot(root, realRoot, path);
      const stat = real === undefined ? undefined : statSync(real, { throwIfNoEntry: false });
      return stat?.isFile() === true ? "file" : stat?.isDirectory() === true ? "folder" : undefined;
    },
    checkout: (folder) => createNodeHost(resolve(root, folder), { maxFiles, maxFileSize }),
  };
}

/** The real path of a file below the root; undefined where there is none, or it is somewhere else. */
export function insideRoot(root: string, realRoot: string, path: FilePath): string | undefined {
  if (path === "" || path.includes("\0") || isAbsolute(path)) return undefined;
  if (path.split(/[/\\]/).includes("..")) return undefined;
  const real = realPathOf(join(root, path));
  return real !== undefined && isBelow(realRoot, real) ? real : undefined;
}

/** Whether an absolute path is a folder or lies below it. */
export const isWithin = (folder: string, path: string): boolean => folder === path || isBelow(folder, path);

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

function readText(real: string, maxFileSize: number): ReadResult {
  try {
    const stat = statSync(real);
    // Not a pipe, socket or device either: reading those can wait for ever.
    if (!stat.isFile()) return { skipped: "absent" };
    if (stat.size > maxFileSize) return { skipped: "too-large" };
    return decode(readFileSync(real));
  } catch {
    return { skipped: "unreadable" };
  }
}

const REPLACEMENT = "\ufffd";

/** Text of a file's bytes. A NUL byte means that it is no text in an encoding we know. */
export function decode(bytes: Buffer): ReadResult {
  if (bytes.includes(0)) return { skipped: "binary" };
  const text = bytes.toString("utf8");
  return { text, lossless: !text.includes(REPLACEMENT) || Buffer.from(text, "utf8").equals(bytes) };
}

interface Folder {
  /** Path below the root, with a `/` behind it; "" for the root. */
  readonly prefix: string;
  /** Whether a link was followed on the way: then no other is, so that links can't go round in circles. */
  readonly linked: boolean;
}

/** Files between two steps of a listing. */
const STEP = 500;

function* walk(
  root: string,
  realRoot: string,
  start: FilePath,
  maxFiles: number,
): Generator<number, Listing> {
  const paths = new Set<FilePath>();
  const folders: Folder[] = [{ prefix: start === "" ? "" : `${start}/`, linked: false }];
  let nextStep = STEP;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of entriesOf(join(root, folder.prefix))) {
      const path = folder.prefix + entry.name;
      const kind = kindOf(entry, root, realRoot, path);
      if (kind === "folder" && !SKIPPED_FOLDERS.has(entry.name)) {
        const linked = entry.isSymbolicLink();
        if (!(linked && folder.linked)) folders.push({ prefix: `${path}/`, linked: linked || folder.linked });
      }
      if (kind !== "file") continue;
      if (paths.size >= maxFiles) return { paths, truncated: true };
      paths.add(path);
    }
    if (paths.size < nextStep) continue;
    nextStep = paths.size + STEP;
    yield paths.size;
  }
  return { paths, truncated: false };
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function kindOf(entry: Dirent, root: string, realRoot: string, path: FilePath): "file" | "folder" | "other" {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  return entry.isSymbolicLink() ? kindOfLink(root, realRoot, path) : "other";
}

/** A link counts as what it points to, as long as that lies below the root and is no folder that holds the link. */
function kindOfLink(root: string, realRoot: string, path: FilePath): "file" | "folder" | "other" {
  const real = insideRoot(root, realRoot, path);
  if (real === undefined) return "other";
  try {
    const stat = statSync(real);
    if (stat.isFile()) return "file";
    const parent = realPathOf(dirname(join(root, path)));
    const holdsItself = parent === undefined || parent === real || isBelow(real, parent);
    return stat.isDirectory() && !holdsItself ? "folder" : "other";
  } catch {
    return "other";
  }
}
