// What `check` was asked to check: folders that are roots, and files and other folders within the root of their
// repository.
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, relative, resolve, sep } from "node:path";
import type { FilePath } from "../core/index";
import { findRoot, rootOfFolder } from "../host/find-root";
import { isWithin } from "../host/inside";
import { decode } from "../host/node-host";
import { UsageError } from "./usage-error";

/** One root, and what was named of it. */
export interface Target {
  readonly root: string;
  /** Files that were named, as paths below the root. */
  readonly files: ReadonlySet<FilePath>;
  /** Folders that were named; "" where the whole root is meant. */
  readonly folders: readonly FilePath[];
}

/** Groups PATH arguments by root. A path that isn't there is a `UsageError`. */
export function targetsOf(paths: readonly string[], cwd: string): readonly Target[] {
  const targets = new Map<string, { readonly files: Set<FilePath>; readonly folders: FilePath[] }>();
  for (const path of paths.length === 0 ? ["."] : paths) {
    const full = resolve(cwd, path);
    const isFolder = isFolderNamed(path, full);
    const root = isFolder ? rootOfFolder(full) : findRoot(full);
    const target = targets.get(root) ?? { files: new Set(), folders: [] };
    if (isFolder) target.folders.push(pathBelow(root, full));
    else target.files.add(pathBelow(root, full));
    targets.set(root, target);
  }
  return [...targets].map(([root, named]) => ({ root, ...named }));
}

function isFolderNamed(path: string, full: string): boolean {
  const stat = statSync(full, { throwIfNoEntry: false });
  if (stat !== undefined) return stat.isDirectory();
  const hint = path === "-" ? "; `--stdin` checks standard input" : "";
  throw new UsageError(`there is no file or folder \`${path}\`${hint}`);
}

/**
 * Whether what is found at a path of a target is told there. Where the roots of two targets lie within each other both
 * may find it: then the inner one tells.
 */
export function isTold(target: Target, targets: readonly Target[], path: FilePath): boolean {
  if (!isNamed(target, path)) return false;
  const full = resolve(target.root, path);
  const inner = targets.filter(({ root }) => root !== target.root && isWithin(target.root, root));
  return !inner.some((each) => isWithin(each.root, full) && isNamed(each, pathBelow(each.root, full)));
}

/** A file outside of the root (a checkout that the configuration names) belongs to the root as a whole. */
const isNamed = ({ files, folders }: Target, path: FilePath): boolean =>
  files.has(path) || folders.some((folder) => folder === "" || path.startsWith(`${folder}/`));

/** Path below a root, with `/` between its parts; with `../` in front where it lies elsewhere. */
export const pathBelow = (root: string, full: string): FilePath => relative(root, full).split(sep).join("/");

/** The file that standard input stands for; `root` is undefined where it belongs to no folder. */
export interface StandardInput {
  readonly root: string | undefined;
  readonly path: FilePath;
  readonly text: string;
}

/** Places standard input: at `name` in its repository, or nowhere under a name that fits its text. */
export function standardInput(bytes: Buffer, name: string | undefined, cwd: string): StandardInput {
  const read = decode(bytes);
  if ("skipped" in read || !read.lossless) throw new UsageError("standard input is no UTF-8 text");
  if (name === undefined) return { root: undefined, path: nameFor(read.text), text: read.text };
  const full = resolve(cwd, name);
  if (!existsSync(dirname(full))) return { root: undefined, path: basename(full), text: read.text };
  const root = findRoot(full);
  return { root, path: pathBelow(root, full), text: read.text };
}

function nameFor(text: string): FilePath {
  if (/^\s*\[\[\s*runners\s*\]\]/m.test(text)) return "config.toml";
  const first = text.split("\n").find((line) => line.trim() !== "" && !line.trimStart().startsWith("#"));
  return /^\s*(?:FROM|ARG)\s/i.test(first ?? "") ? "Dockerfile" : ".gitlab-ci.yml";
}

/** Reads the file of `--config`. */
export function readConfiguration(
  path: string,
  cwd: string,
): { readonly full: string; readonly text: string } {
  const full = resolve(cwd, path);
  try {
    return { full, text: readFileSync(full, "utf8") };
  } catch {
    throw new UsageError(`the configuration \`${path}\` can't be read`);
  }
}

/** How a configuration from elsewhere is called below a root. */
export function configurationPath(root: string | undefined, full: string): FilePath {
  if (root === undefined) return full;
  const path = pathBelow(root, full);
  return path === "" || isAbsolute(path) ? full : path;
}

/** The folder that holds all roots. */
export function commonRoot(roots: readonly string[]): string {
  const [first = "", ...others] = roots;
  let folder = first;
  while (
    !others.every((root) => root === folder || root.startsWith(folder.endsWith(sep) ? folder : folder + sep))
  ) {
    const parent = dirname(folder);
    if (parent === folder) return folder;
    folder = parent;
  }
  return folder;
}
