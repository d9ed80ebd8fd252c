// A throw-away VS Code profile with a copy of a fixture as its workspace, so that no test sees what another one did.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { FIXTURES, ROOT } from "./paths.mjs";

/** Nothing that moves, asks, updates or covers what is under test. */
const SETTINGS = {
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.reduceMotion": "on",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "chat.disableAIFeatures": true,
  "git.enabled": false,
  "editor.minimap.enabled": false,
  "files.autoSave": "off",
};

/**
 * Makes the sandbox; `name` is its folder under `.host-run/` (kept after the run, for looking at), `fixture` a folder
 * (relative to `test/e2e/fixtures/`), `settings` are added to the user settings.
 */
export function createSandbox(name, fixture, settings = {}) {
  const folder = path.join(ROOT, ".host-run", name);
  rmSync(folder, { recursive: true, force: true });
  const sandbox = {
    folder,
    workspace: path.join(folder, path.basename(fixture)),
    data: path.join(folder, "data"),
    extensions: path.join(folder, "extensions"),
    temp: mkdtempSync(path.join(os.tmpdir(), "vsh-")), // short: Unix sockets go here, their paths are limited
  };
  process.once("exit", () => rmSync(sandbox.temp, { recursive: true, force: true }));
  const userFolder = path.join(sandbox.data, "data/User");
  mkdirSync(userFolder, { recursive: true });
  mkdirSync(sandbox.extensions);
  cpSync(path.resolve(FIXTURES, fixture), sandbox.workspace, { recursive: true });
  writeFileSync(
    path.join(userFolder, "settings.json"),
    JSON.stringify({ ...SETTINGS, ...settings }, null, 2),
  );
  return sandbox;
}

/** Puts an extension of `test/e2e/fixtures/` into the sandbox; before the first start only, later VS Code keeps a list. */
export function addExtension(sandbox, fixture) {
  cpSync(path.join(FIXTURES, fixture), path.join(sandbox.extensions, fixture), { recursive: true });
}
