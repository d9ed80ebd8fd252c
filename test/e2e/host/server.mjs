// Starts and stops the VS Code server of a sandbox, on 127.0.0.1 only, and installs extensions into it.
import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { isHostInstalled, NODE, SERVER_MAIN, VSCODE } from "./paths.mjs";

/** Other built-in extensions cost seconds of start-up (git, TypeScript, accounts) and none of them is under test. */
const KEPT_BUILTINS = /^(yaml|docker|json|markdown-basics|markdown-language-features|shellscript|theme-.*)$/;

const START_MS = 30_000;
const STOP_MS = 3_000;

function skippedBuiltins() {
  const folder = path.join(VSCODE, "extensions");
  return readdirSync(folder)
    .filter((name) => name !== "node_modules" && !KEPT_BUILTINS.test(name))
    .map((name) => path.join(folder, name, "package.json"))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, "utf8")))
    .filter((manifest) => manifest.publisher)
    .map((manifest) => `${manifest.publisher}.${manifest.name}`)
    .join(",");
}

function environment(sandbox, extra = {}) {
  const inherited = { ...process.env };
  delete inherited.NODE_OPTIONS; // loaders of the test runner do not belong into VS Code
  delete inherited.VSCODE_IPC_HOOK_CLI; // a VS Code terminal's: would talk to that window
  return {
    ...inherited,
    HOME: sandbox.folder,
    TMPDIR: sandbox.temp,
    XDG_RUNTIME_DIR: sandbox.temp,
    EXTENSIONS_GALLERY: "{}",
    VSCODE_SKIP_BUILTIN_EXTENSIONS: skippedBuiltins(),
    ...extra,
  };
}

const commonFlags = (sandbox) => [
  ...["--server-data-dir", sandbox.data, "--extensions-dir", sandbox.extensions],
  ...["--accept-server-license-terms", "--telemetry-level", "off"],
];

/** Installs a .vsix as a user would; throws with VS Code's words when it refuses. */
export function installVsix(sandbox, vsix) {
  const args = [SERVER_MAIN, ...commonFlags(sandbox), "--install-extension", vsix];
  const { status, stdout, stderr } = spawnSync(NODE, args, { encoding: "utf8", env: environment(sandbox) });
  if (status !== 0 || !stdout.includes("successfully installed")) {
    throw new Error(`VS Code did not install ${vsix}\n${stdout}\n${stderr}`);
  }
}

/** Starts the server on a free port. `stop()` ends it with all its children and waits until it is gone. */
export async function startServer(sandbox, { flags = [], env = {} } = {}) {
  if (!isHostInstalled()) throw new Error("the VS Code host isn't installed: npm run host:install");
  const args = [SERVER_MAIN, ...commonFlags(sandbox), "--host", "127.0.0.1", "--port", "0"];
  const child = spawn(NODE, [...args, "--without-connection-token", "--disable-workspace-trust", ...flags], {
    detached: true, // a process group of its own, which is what stop() ends
    stdio: ["ignore", "pipe", "pipe"],
    env: environment(sandbox, env),
  });
  const log = createWriteStream(path.join(sandbox.folder, "server.log"));
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const end = (signal) => endGroup(child.pid, signal);
  process.once("exit", () => end("SIGKILL"));
  const port = await portOf(child);
  return {
    authority: `127.0.0.1:${port}`,
    async stop() {
      end("SIGTERM");
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())]);
      end("SIGKILL");
      await gone;
    },
  };
}

function endGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

function portOf(child) {
  return new Promise((resolve, reject) => {
    let printed = "";
    const timer = setTimeout(() => reject(new Error(`the server did not start\n${printed}`)), START_MS);
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}\n${printed}`)));
    child.stdout.on("data", (data) => {
      printed += data;
      const match = /agent listening on (\d+)/.exec(printed);
      if (match === null) return;
      clearTimeout(timer);
      resolve(Number(match[1]));
    });
  });
}

/** The workbench's address; `target` says what to open: `{ folder }` or `{ workspace }`. */
export function workbenchUrl(server, target, payload = []) {
  const query = new URLSearchParams(target);
  if (payload.length > 0) query.set("payload", JSON.stringify(payload));
  return `http://${server.authority}/?${query}`;
}

/** A file of this machine as the workbench names it. */
export const remoteUri = (server, file) => `vscode-remote://${server.authority}${file}`;
