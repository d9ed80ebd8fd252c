// Fixes: which of them go together, what they make of the files, and writing that to the disk.
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { FilePath, Finding, Fix, TextEdit } from "../core/index";
import { insideRoot } from "./inside";
import { applyToRaw } from "./raw-text";

export interface FixPlan {
  readonly edits: ReadonlyMap<FilePath, readonly TextEdit[]>;
  readonly creates: ReadonlyMap<FilePath, string>;
  /** Number of findings that the plan fixes. */
  readonly count: number;
  /** The fix of each of them. */
  readonly fixes: readonly Fix[];
}

/**
 * Chooses one fix for each finding, first come first served: a fix that touches what another one changes waits for the
 * next round. The same edit in two fixes is made once. `safeOnly` leaves out suggested fixes; manual ones are never chosen.
 */
export function planFixes(findings: readonly Finding[], safeOnly: boolean): FixPlan {
  const edits = new Map<FilePath, TextEdit[]>();
  const creates = new Map<FilePath, string>();
  const fixes: Fix[] = [];
  for (const finding of findings) {
    const fix =
      finding.fixes.find(({ safety }) => safety === "safe") ??
      (safeOnly ? undefined : finding.fixes.find(({ safety }) => safety === "suggested"));
    if (fix === undefined || !fits(fix, edits, creates)) continue;
    for (const edit of fix.edits) {
      const inFile = edits.get(edit.file) ?? [];
      if (!inFile.some((other) => isSame(edit, other))) inFile.push(edit);
      edits.set(edit.file, inFile);
    }
    for (const { file, text } of fix.creates) creates.set(file, text);
    fixes.push(fix);
  }
  return { edits, creates, count: fixes.length, fixes };
}

function fits(
  fix: Fix,
  edits: ReadonlyMap<FilePath, readonly TextEdit[]>,
  creates: ReadonlyMap<FilePath, string>,
): boolean {
  const free = fix.edits.every((edit) =>
    (edits.get(edit.file) ?? []).every((other) => isSame(edit, other) || !touch(edit, other)),
  );
  return (
    free && fix.creates.every(({ file, text }) => (creates.get(file) ?? text) === text && !edits.has(file))
  );
}

const isSame = (a: TextEdit, b: TextEdit): boolean =>
  a.start === b.start && a.end === b.end && a.newText === b.newText;

/** Neighbours touch too: which of two insertions at one place comes first can't be known. */
const touch = (a: TextEdit, b: TextEdit): boolean => a.start <= b.end && b.start <= a.end;

/** New texts of the files that a plan edits, as they will be on disk. A file whose edits overlap is left out. */
export function textsOf(
  plan: FixPlan,
  raw: (path: FilePath) => string | undefined,
): ReadonlyMap<FilePath, string> {
  const texts = new Map<FilePath, string>();
  for (const [path, edits] of plan.edits) {
    const before = raw(path);
    const after = before === undefined ? undefined : applyToRaw(before, edits);
    if (after !== undefined) texts.set(path, after);
  }
  for (const [path, text] of plan.creates) if (raw(path) === undefined) texts.set(path, text);
  return texts;
}

/**
 * Writes one file whole or not at all: into a new file beside it, which then takes its name. Keeps the file's mode, and
 * writes through a link to what it points to. Throws what the file system throws; a path outside the root is an error,
 * and so is a file that must not be written to, although another one could take its name.
 */
export function writeFile(root: string, path: FilePath, text: string): void {
  const target = writableTarget(root, path);
  const temporary = join(dirname(target), `.gitlab-ci-docker-${process.pid}-${Date.now().toString(36)}.tmp`);
  try {
    const handle = openSync(temporary, "wx");
    try {
      writeFileSync(handle, text, "utf8");
      const mode = statSync(target, { throwIfNoEntry: false })?.mode;
      if (mode !== undefined) fchmodSync(handle, mode & 0o7777);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Throws what `writeFile` would throw for a file that must not be written to, before anything is written. */
export function writableTarget(root: string, path: FilePath): string {
  const target = targetOf(root, path);
  const mode = statSync(target, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) return target;
  // The superuser may write to everything, but whoever took the permission away meant it.
  if ((mode & 0o222) === 0) throw new Error("EACCES: the file is read-only");
  accessSync(target, constants.W_OK);
  return target;
}

/** Where a file is written: where it is, or into a folder that is there. */
function targetOf(root: string, path: FilePath): string {
  const realRoot = realpathSync.native(root);
  const existing = insideRoot(root, realRoot, path);
  if (existing !== undefined) return existing;
  const cut = path.lastIndexOf("/");
  const folder = cut === -1 ? realRoot : insideRoot(root, realRoot, path.slice(0, cut));
  // A link to nowhere or to the outside has a name, but no real path inside: it must not be written through.
  const target = folder === undefined ? undefined : join(folder, path.slice(cut + 1));
  if (target === undefined || lstatSync(target, { throwIfNoEntry: false }) !== undefined) {
    throw new Error(`${path} does not lie in ${root}`);
  }
  return target;
}
