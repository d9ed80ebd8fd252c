// The file system as a host. Never leaves the root: not by `..`, not by an absolute path, not through a link.
import { existsSync, readdirSync, readFileSync, statSync, type Dirent } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UNLISTED_FOLDERS, type FilePath } from "../core/index";
import { MAX_FILE_SIZE, MAX_FILES, type Host, type Listing, type ReadResult } from "./host";
import { insideRoot, isBelow, realPathOf } from "./inside";

/**
 * Listed by its name alone, as a file (which it is in a worktree): it says that the root is that of a whole repository.
 */
const REPOSITORY_MARK = ".git";

/** Of a sparse checkout only a part is on disk. https://git-scm.com/docs/git-sparse-checkout */
const SPARSE = ".git/info/sparse-checkout";

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
    isListed: (path) => !path.split("/").some((part) => UNLISTED_FOLDERS.has(part)),
    exists(path) {
      const real = insideRoot(root, realRoot, path);
      const stat = real === undefined ? undefined : statSync(real, { throwIfNoEntry: false });
      return stat?.isFile() === true ? "file" : stat?.isDirectory() === true ? "folder" : undefined;
    },
    checkout: (folder) => createNodeHost(resolve(root, folder), { maxFiles, maxFileSize }),
  };
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
      if (kind === "folder" && !UNLISTED_FOLDERS.has(entry.name)) {
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
  if (path === REPOSITORY_MARK) return existsSync(join(root, SPARSE)) ? "other" : "file";
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
