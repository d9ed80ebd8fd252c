// Loads a large bundle with the code that V8 compiled for it last time. Compiling takes longer than all the rest of a
// short run: with the cache a start takes about half as long. Node does this itself only from version 22 on.
// https://nodejs.org/api/vm.html#scriptcreatecacheddata
import { createHash } from "node:crypto";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { Script } from "node:vm";
import { isWithin } from "./inside";
import { VERSION } from "./version";

export interface CachedModule {
  readonly exports: unknown;
  /** Writes the cache, functions that were compiled while running included. Does nothing where it is fresh. */
  readonly save: () => void;
}

/**
 * Runs a CommonJS file as `require` would. Caching never fails loudly: without a folder that belongs to the user alone
 * the file is compiled anew. `foreign` are the folders whose files somebody else may have written (what is checked):
 * no cache in one of them is used. NODE_DISABLE_COMPILE_CACHE switches the cache off, as it does Node's own, and so does
 * CI: a machine of a CI service is gone before a cache could be of use, and what is in its folders came with a job.
 */
export function requireCached(file: string, load: NodeJS.Require, foreign: readonly string[]): CachedModule {
  const { NODE_DISABLE_COMPILE_CACHE: isDisabled, CI: ci } = process.env;
  const folder = isDisabled === undefined && ci === undefined ? cacheFolder(foreign) : undefined;
  if (folder === undefined) return { exports: load(file), save: () => undefined };
  const source = readFileSync(file, "utf8");
  const cache = join(folder, `${basename(file)}-${keyOf(file)}.bin`);
  const cachedData = readCache(cache);
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  // What `script` evaluates to is the function expression that was written around the source.
  const run = script.runInThisContext() as (...parameters: readonly unknown[]) => void;
  const module = { exports: {} };
  run(module.exports, load, module, file, dirname(file));
  const isFresh = cachedData !== undefined && script.cachedDataRejected !== true;
  return { exports: module.exports, save: () => (isFresh ? undefined : save(cache, script)) };
}

/** V8 itself compares only the length of the source, so the key must tell builds apart. */
function keyOf(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return [VERSION, size, Math.round(mtimeMs), process.arch, process.versions.v8].join("-");
}

/** A folder that nobody else can write to: what lies there is run. Undefined where there is none. */
function cacheFolder(foreign: readonly string[]): string | undefined {
  try {
    const base = cacheBase();
    if (base === undefined || !isAbsolute(base)) return undefined;
    const folder = join(base, "gitlab-ci-docker");
    if (foreign.some((each) => isWithin(each, folder))) return undefined;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const real = realpathSync.native(folder);
    if (foreign.some((each) => isWithin(realpathSync.native(each), real))) return undefined;
    return isOwn(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** A relative XDG_CACHE_HOME counts as none: https://specifications.freedesktop.org/basedir-spec/latest/#basics */
function cacheBase(): string | undefined {
  if (process.platform === "win32") return process.env["LOCALAPPDATA"];
  const { XDG_CACHE_HOME: given } = process.env;
  return given !== undefined && isAbsolute(given) ? given : join(homedir(), ".cache");
}

function isOwn(path: string): boolean {
  const { uid, mode } = lstatSync(path);
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
}

/** V8 looks at the head of its data only, and crashes over what a full disk or a lost power supply made of the rest. */
function readCache(path: string): Buffer | undefined {
  try {
    if (!isOwn(path)) return undefined;
    const bytes = readFileSync(path);
    const data = bytes.subarray(SUM_SIZE);
    return bytes.subarray(0, SUM_SIZE).equals(sumOf(data)) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Against accidents, not against attackers: nobody else can write to the folder. */
const sumOf = (data: Buffer): Buffer => createHash("sha1").update(data).digest();
const SUM_SIZE = 20;

function save(path: string, script: Script): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const data = script.createCachedData();
    writeFileSync(temporary, Buffer.concat([sumOf(data), data]), { mode: 0o600 });
    removeOlder(path);
    renameSync(temporary, path);
  } catch {
    rmSync(temporary, { force: true });
  }
}

/**
 * Takes away what other versions left. What another V8 made stays for a while: the command and an editor's server run in
 * different ones, and would make each other's anew for ever.
 */
function removeOlder(path: string): void {
  const [prefix = ""] = basename(path).split("-", 1);
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(`${prefix}-`) || !name.endsWith(".bin")) continue;
    const other = join(dirname(path), name);
    if (name.endsWith(BY_THIS_V8) || Date.now() - statSync(other).mtimeMs > LONG_UNUSED)
      rmSync(other, { force: true });
  }
}

const BY_THIS_V8 = `-${process.arch}-${process.versions.v8}.bin`;
const LONG_UNUSED = 90 * 24 * 60 * 60 * 1000;
