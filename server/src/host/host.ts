// The only door to the outside: what the tool may list and read. Nothing outside the root but the checkouts that the
// user named, nothing over a network.
import type { FilePath } from "../core/index";

/** Text of a file, or why there is none. */
export type ReadResult =
  | {
      readonly text: string;
      /** False where the bytes are not valid UTF-8: such a file is checked, but never written. */
      readonly lossless: boolean;
    }
  | { readonly skipped: SkipReason };

/** `absent`: there is no such file, or it lies outside the root; nobody needs to be told. */
export type SkipReason = "absent" | "too-large" | "binary" | "unreadable";

export interface Listing {
  readonly paths: ReadonlySet<FilePath>;
  /** True when there are more files than are listed. */
  readonly truncated: boolean;
}

export interface Host {
  /** Absolute path of the root folder. */
  readonly root: string;
  /**
   * Lists all files below a folder ("" is the root). Runs in steps, so that the caller may do something else in between;
   * each step yields the number of files so far.
   */
  list(folder: FilePath): Generator<number, Listing>;
  read(path: FilePath): ReadResult;
  /** False for what a listing leaves out: version control and installed packages. */
  isListed(path: FilePath): boolean;
  /** What stands at a path below the root. */
  exists(path: FilePath): "file" | "folder" | undefined;
  /**
   * A host for another folder, which the user must have named: `../ci-templates` from the root, or absolute. It never
   * leaves that folder either.
   */
  checkout(folder: FilePath): Host;
}

/** Larger files are not read: no pipeline or Dockerfile is. */
export const MAX_FILE_SIZE = 5 * 1024 * 1024;

/** More files are not listed. */
export const MAX_FILES = 200_000;

/** Runs a listing to its end at once. */
export function listNow(steps: Generator<number, Listing>): Listing {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The file that stands at a path, or all files below it. */
export function filesAt(host: Host, path: FilePath): readonly FilePath[] {
  const there = host.exists(path);
  if (there === undefined) return [];
  return there === "file" ? [path] : [...listNow(host.list(path)).paths];
}
