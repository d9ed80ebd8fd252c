// Loads a large bundle with the code that V8 compiled for it last time. Compiling takes longer than all the rest of a
// short run: with the cache a start takes about half as long. Node does this itself only from version 22 on.
// https://nodejs.org/api/vm.html#scriptcreatecacheddata
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Script } from "node:vm";
import { VERSION } from "./version";

export interface CachedModule {
  readonly exports: unknown;
  /** Writes the cache, functions that were compiled while running included. Does nothing where it is fresh. */
  readonly save: () => void;
}

/**
 * Runs a CommonJS file as `require` would. Caching never fails loudly: without a folder that belongs to the user alone
 * the file is compiled anew. NODE_DISABLE_COMPILE_CACHE switches it off, as it does Node's own.
 */
export function requireCached(file: string, load: NodeJS.Require): CachedModule {
  const folder = process.env["NODE_DISABLE_COMPILE_CACHE"] === undefined ? cacheFolder() : undefined;
  if (folder === undefined) return { exports: load(file), save: () => undefined };
  const source = readFileSync(file, "utf8");
  const cache = join(folder, `${basename(file)}-${keyOf(file)}.bin`);
  const cachedData = readOwn(cache);
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
function cacheFolder(): string | undefined {
  try {
    const { env, platform } = process;
    const base =
      platform === "win32" ? env["LOCALAPPDATA"] : (env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"));
    if (base === undefined || base === "") return undefined;
    const folder = join(base, "gitlab-ci-docker");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return isOwn(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

function isOwn(path: string): boolean {
  const { uid, mode } = lstatSync(path);
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
}

function readOwn(path: string): Buffer | undefined {
  try {
    return isOwn(path) ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

function save(path: string, script: Script): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, script.createCachedData(), { mode: 0o600 });
    removeOlder(path);
    renameSync(temporary, path);
  } catch {
    rmSync(temporary, { force: true });
  }
}

/** Takes away what other versions left. */
function removeOlder(path: string): void {
  const prefix = `${basename(path).split(".js-")[0] ?? ""}.js-`;
  for (const name of readdirSync(dirname(path))) {
    if (name.startsWith(prefix) && name.endsWith(".bin")) rmSync(join(dirname(path), name), { force: true });
  }
}
