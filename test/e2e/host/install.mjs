// `npm run host:install`: a real VS Code from the npm registry alone, without install scripts and without a compiler.
// Does nothing when it is already there.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { HOST_PACKAGE, isHostInstalled, NODE, SERVER_MAIN, VSCODE } from "./paths.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));

function npm(cwd, ...args) {
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, error } = spawnSync("npm", [...args, ...quiet], { cwd, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Two packages without their native build matter: without spdlog, for one, output channels stay empty. */
function replaceNativeModules() {
  const modules = path.join(VSCODE, "node_modules/@vscode");
  if (existsSync(path.join(modules, "spdlog/build"))) return;
  copyFileSync(path.join(HERE, "spdlog-shim.cjs"), path.join(modules, "spdlog/index.js"));
  copyFileSync(path.join(HERE, "watchdog-shim.cjs"), path.join(modules, "native-watchdog/index.js"));
}

/** Extensions that no test needs: one wants the network when it starts, the other is 47 MB. */
function removeUnneededExtensions() {
  for (const name of ["copilot", "mermaid-markdown-features"]) {
    rmSync(path.join(VSCODE, "extensions", name), { recursive: true, force: true });
  }
}

const started = Date.now();
if (process.platform !== "linux" || process.arch !== "x64") {
  console.error("The test host is made for Linux on x64; use `npm run test:electron` here.");
  process.exit(2);
}
if (!isHostInstalled()) {
  npm(HOST_PACKAGE, "ci");
  // What code-server's install script would do, with native builds; the server works without those. Its lockfile does
  // not suit `npm ci`.
  npm(VSCODE, "install", "--omit=dev");
}
replaceNativeModules();
removeUnneededExtensions();
const version = spawnSync(NODE, [SERVER_MAIN, "--version"], { encoding: "utf8" });
if (version.status !== 0) {
  console.error(version.stdout, version.stderr);
  process.exit(1);
}
const seconds = ((Date.now() - started) / 1000).toFixed(1);
console.log(`VS Code ${version.stdout.split("\n")[0]} is ready (${seconds} s)`);
