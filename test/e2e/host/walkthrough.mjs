// The pictures of the walkthrough (`contributes.walkthroughs`), taken from the extension at work.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { smallPng } from "./small-png.mjs";

const COMMON = {
  "workbench.activityBar.location": "hidden",
  "workbench.layoutControl.enabled": false,
  "window.commandCenter": false,
  "breadcrumbs.enabled": false,
  "editor.codeLens": false,
};

/** Settings by theme; the names are part of the files' names. */
export const TOUR_SETTINGS = {
  dark: { ...COMMON, "workbench.colorTheme": "Default Dark Modern" },
  light: { ...COMMON, "workbench.colorTheme": "Default Light Modern" },
};

/** As wide as the place that VS Code has for a picture. */
export const TOUR_VIEWPORT = { width: 680, height: 480 };

const FILE = ".gitlab-ci.yml";

/** Writes `see`, `ask`, `fix` and `write` for one theme. */
export async function takeWalkthroughImages(ui, folder, theme) {
  const take = async (name) => {
    const file = path.join(folder, `${name}-${theme}.png`);
    await ui.screenshotTo(file);
    writeFileSync(file, smallPng(readFileSync(file)));
  };
  await ui.openFile(FILE);
  await ui.squiggle().waitFor();
  await ui.press("Control+KeyB"); // the side bar
  await ui.press("Control+Shift+KeyM");
  await ui.problem("docker build").waitFor();
  await take("see");

  await ui.openQuickFixes("docker build", " .");
  await take("fix");
  await ui.press("Enter");
  await ui.problem("docker build").waitFor({ state: "detached" });
  await ui.press("Control+KeyJ"); // the panel
  await ui.hoverOver("docker build --pull", "Builder");
  await take("ask");
  await ui.press("Escape");

  await ui.press("Control+End");
  await ui.press("Enter");
  await ui.type("glci");
  await ui.suggestion("glci-dind").waitFor();
  await take("write");
}
