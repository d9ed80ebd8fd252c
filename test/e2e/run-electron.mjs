// `npm run test:electron`: the same in-host suite in a desktop VS Code. `VSCODE_EXECUTABLE_PATH` (or
// `vscodeExecutablePath`) names an installed one; without it, @vscode/test-electron downloads the current release.
// On Linux it needs a display: `xvfb-run -a npm run test:electron`. Exit code 2: no VS Code could be had.
import { downloadAndUnzipVSCode, runTests } from "@vscode/test-electron";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildSuite } from "./build-suite.mjs";
import { FIXTURES, ROOT, SUITE } from "./host/paths.mjs";

/** The program to run; undefined, with a message, when there is none and none can be downloaded. */
async function findExecutable() {
  const given = process.env.VSCODE_EXECUTABLE_PATH ?? process.env.vscodeExecutablePath;
  if (given) return given;
  try {
    return await downloadAndUnzipVSCode({ version: "stable", cachePath: path.join(ROOT, ".vscode-test") });
  } catch (error) {
    console.error(`VS Code could not be downloaded: ${error}`);
    console.error(
      "Set VSCODE_EXECUTABLE_PATH to an installed one, or use `npm run host:install && npm run test:host`.",
    );
    return undefined;
  }
}

const vscodeExecutablePath = await findExecutable();
if (vscodeExecutablePath === undefined) process.exit(2);
await buildSuite();
const folder = mkdtempSync(path.join(os.tmpdir(), "gitlab-ci-docker-e2e-"));
let code = 1;
try {
  const workspace = path.join(folder, "workspace");
  cpSync(path.join(FIXTURES, "workspace"), workspace, { recursive: true });
  cpSync(path.join(FIXTURES, "yaml-extension"), path.join(folder, "extensions/yaml-extension"), {
    recursive: true,
  });
  code = await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: ROOT,
    extensionTestsPath: SUITE,
    launchArgs: [
      path.join(workspace, "e2e.code-workspace"),
      ...["--user-data-dir", path.join(folder, "data"), "--extensions-dir", path.join(folder, "extensions")],
      ...["--disable-workspace-trust", "--disable-telemetry", "--skip-welcome", "--skip-release-notes"],
    ],
  });
} catch (error) {
  console.error(String(error));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(code);
