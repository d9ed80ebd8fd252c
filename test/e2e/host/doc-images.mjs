// The pictures of docs/editor.md, taken from the extension at work on `fixtures/pictures`. Each shows one thing, cut out
// of the window.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { smallPng } from "./small-png.mjs";

export const DOC_SETTINGS = {
  "workbench.activityBar.location": "hidden",
  "workbench.layoutControl.enabled": false,
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.editor.showTabs": "none",
  "window.commandCenter": false,
  "breadcrumbs.enabled": false,
  "editor.stickyScroll.enabled": false,
  "editor.lightbulb.enabled": "off",
  "problems.autoReveal": false,
  "editor.suggest.showWords": false,
  "editor.scrollBeyondLastLine": true,
};

export const DOC_VIEWPORT = { width: 900, height: 900 };
const LOW = { width: 900, height: 560 };
const WIDE = { width: 1000, height: 640 };
const TALL = { width: 900, height: 1900 };

const PIPELINE = ".gitlab-ci.yml";
const BUILD_LINE =
  'docker build --target production --build-arg VERSION=1.4 -t "$IMAGE:$CI_COMMIT_REF_NAME" .';
const LENS = ".codelens-decoration";
const SUGGESTIONS = ".suggest-widget";

/** Writes all pictures into `folder`. */
export async function takeDocImages(ui, folder) {
  const take = async (name, parts) => {
    const file = path.join(folder, `${name}.png`);
    await ui.screenshotOf(file, parts);
    writeFileSync(file, smallPng(readFileSync(file)));
  };
  await ui.openFile(PIPELINE);
  await ui.press("Control+KeyB"); // the side bar
  await takeLenses(ui, take);
  await takeProblems(ui, take);
  await takeHover(ui, take);
  await takeCompletion(ui, take);
  await takeRename(ui, take);
}

async function takeLenses(ui, take) {
  await ui.codeLens("Builds Dockerfile").waitFor();
  await take("lens-job", { selectors: [LENS], lines: [BUILD_LINE, "docker build --target tests ."] });
  await ui.goToFile("Dockerfile");
  await ui.codeLens("Target of build-api").waitFor();
  await take("lens-dockerfile", {
    selectors: [LENS],
    lines: ["LABEL org.opencontainers.image.version=$VERSION"],
  });
}

async function takeProblems(ui, take) {
  await ui.resize(WIDE);
  await ui.press("Control+Shift+KeyM");
  await ui.problem("config.toml").waitFor();
  await ui.problem("CI_COMMIT_REF_NAME").waitFor();
  await ui.deselectProblems(); // a selected one has no icon of its severity
  await take("problems", { selectors: [".part.panel .title", ".markers-panel .monaco-list-row"] });
  await ui.press("Control+KeyJ"); // the panel
  await ui.resize(DOC_VIEWPORT);
}

async function takeHover(ui, take) {
  await ui.goToFile(PIPELINE);
  await ui.resize(TALL); // the hover may be a quarter as high as the editor
  await ui.hoverOver("docker build", "Builder");
  await take("hover", { selectors: [".monaco-hover"], lines: [BUILD_LINE] });
  await ui.press("Escape");
  await ui.resize(DOC_VIEWPORT);
}

async function takeCompletion(ui, take) {
  await ui.press("Control+End");
  await ui.type("    - docker build --");
  await ui.suggestion("--target").waitFor();
  await take("completion-flags", { selectors: [SUGGESTIONS], lines: ["test-api:"] });
  await ui.press("Escape");
  await ui.type('tag "$');
  await ui.suggestion("CI_COMMIT_SHA").waitFor();
  await take("completion-variables", { selectors: [SUGGESTIONS], lines: ["test-api:"] });
  await ui.press("Escape");
  await ui.runCommand("Revert File", /--target tests \.\n$/);
}

async function takeRename(ui, take) {
  await ui.goToFile("Dockerfile");
  await ui.resize(LOW);
  await ui.previewRename("AS production", "release");
  await take("rename", { selectors: [".part.editor", ".part.panel"] });
}
