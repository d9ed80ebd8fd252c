// `npm run test:ui`: packs the extension, installs the .vsix into a fresh VS Code and uses it as a person does, with
// mouse and keyboard in the real workbench. Screenshots of each step go to out/screenshots/.
//   --readme-image        also writes docs/images/editor.png
//   --walkthrough-images  also writes docs/walkthrough/*.png
//   --doc-images          also writes the pictures of docs/editor.md
import assert from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { launchBrowser, VIEWPORT } from "./host/browser.mjs";
import { DOC_SETTINGS, DOC_VIEWPORT, takeDocImages } from "./host/doc-images.mjs";
import { ROOT } from "./host/paths.mjs";
import { createSandbox } from "./host/sandbox.mjs";
import { installVsix, remoteUri, startServer, workbenchUrl } from "./host/server.mjs";
import { smallPng } from "./host/small-png.mjs";
import { openWorkbench } from "./host/workbench.mjs";
import { takeWalkthroughImages, TOUR_SETTINGS, TOUR_VIEWPORT } from "./host/walkthrough.mjs";

const SCREENSHOTS = path.join(ROOT, "out/screenshots");
const README_IMAGE = path.join(ROOT, "docs/images/editor.png");
const FILE = ".gitlab-ci.yml";
/** What `stages: build release` becomes. */
const STAGES_FIXED = /^stages: \[build, release\]$/m;

const SETTINGS = {
  "editor.suggest.showWords": false,
  "editor.acceptSuggestionOnEnter": "off",
  "workbench.colorTheme": "Default Dark Modern",
};

const isImageWanted = process.argv.includes("--readme-image");
const isTourWanted = process.argv.includes("--walkthrough-images");
const areDocImagesWanted = process.argv.includes("--doc-images");

function pack() {
  const vsix = path.join(ROOT, "out/gitlab-ci-docker.vsix");
  const { status, error } = spawnSync("npm", ["run", "--silent", "package"], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (error) throw error;
  assert.strictEqual(status, 0, "npm run package");
  return vsix;
}

/** The steps, in the order of one editing session. */
async function useTheExtension(ui, fileOnDisk) {
  await ui.openFile(FILE);
  await ui.step("squiggles", async () => {
    await ui.squiggle().waitFor();
    await ui.until("the counts in the status bar", async () =>
      /^3\s*CI Docker$/.test((await ui.statusBarItem("CI Docker").innerText()).trim()),
    );
  });

  await ui.step("status", async () => {
    const text = await ui.hoverStatusBarItem("CI Docker", "GitLab CI Docker");
    assert.match(text, /3 errors, 2 info/);
    assert.match(text, /1 pipeline, 3 jobs, 5 files/);
    assert.match(text, /Check the whole workspace/);
  });
  await ui.press("Escape");

  await ui.step("problems-panel", async () => {
    await ui.press("Control+Shift+KeyM");
    await ui.problem("docker build").waitFor();
    await ui.problem("stages").waitFor();
  });

  await ui.press("Control+KeyB"); // more room for the text
  await ui.step("hover", async () => {
    const text = await ui.hoverOver("tcp://docker:2375", "gitlab-ci-docker");
    assert.match(text, /2375/);
    assert.match(text, /gitlab-ci-docker\s*\(?dind-plain-port-with-tls/);
  });
  await ui.press("Escape");

  await ui.step("quick-fix-menu", async () => ui.openQuickFixes("docker build", " ."));
  await ui.step("quick-fix-applied", async () => {
    await ui.press("Enter");
    await ui.untilText(/- docker build --pull -t "\$CI_REGISTRY_IMAGE:\$CI_COMMIT_SHORT_SHA" \.$/m);
    await ui.problem("docker build").waitFor({ state: "detached" });
  });

  await ui.step("hover-command", async () => {
    const text = await ui.hoverOver("docker build --pull", "Builder");
    assert.match(text, /Daemon: Docker-in-Docker/);
  });
  await ui.press("Escape");

  await ui.step("fix-all", async () => {
    await ui.press("Control+Home");
    await ui.runCommand("GitLab CI Docker: Fix All Problems in This File", STAGES_FIXED);
    await ui.problem("stages").waitFor({ state: "detached" });
  });

  await ui.step("snippet-offered", async () => {
    await ui.press("Control+End");
    await ui.press("Enter");
    await ui.type("glci-dind");
    await ui.suggestion("glci-dind").waitFor();
  });
  await ui.step("snippet-inserted", async () => {
    await ui.press("Tab");
    await ui.untilText(/^build-image:\n {2}stage: build\n {2}image: docker:[\d.]+-cli\n {2}services:/m);
    await ui.type("build-tools");
    await ui.press("Escape");
  });

  await ui.step("saved", async () => {
    await ui.press("Control+KeyS");
    await ui.until("the file on disk", () => /^build-tools:$/m.test(fileOnDisk()));
    assert.match(fileOnDisk(), STAGES_FIXED);
  });

  await ui.step("rule-page", async () => {
    await ui.press("Control+Home");
    await ui.clickRuleLink("tcp://docker:2375", "dind-plain-port-with-tls");
    await ui.tab("dind-plain-port-with-tls.md").waitFor();
    await ui.markdownPreview().getByText("dind-plain-port-with-tls").first().waitFor();
  });

  await ui.step("whole-workspace", async () => {
    await ui.choose("GitLab CI Docker: Check the Whole Workspace");
    await ui.notification("in 5 files").waitFor();
    await ui.notificationButton("Show Problems").waitFor();
  });

  await ui.step("walkthrough", async () => {
    await ui.choose("Welcome: Open Walkthrough", "Build container images in GitLab CI");
    await ui.walkthroughStep("See what breaks").waitFor();
    await ui.until("the picture", () => ui.hasPicture());
  });
  await ui.step("walkthrough-text", async () => {
    await ui.walkthroughStep("Say what your runners can do").click();
    await ui.markdownPreview().getByText("executor: docker").first().waitFor();
  });
  await ui.step("walkthrough-command", async () => {
    await ui.walkthroughButton("Create the Project Configuration").click();
    await ui.tab(".gitlab-ci-docker.yml").waitFor();
  });
}

/** The README's picture: a finding that takes two files to see, in the example that the README checks. */
async function takeReadmeImage(ui) {
  await ui.openFile(FILE);
  await ui.press("Control+KeyB");
  await ui.press("Control+Shift+KeyM");
  await ui.problem("has no stage").waitFor();
  await ui.hoverOver("test .", "Quick Fix...");
  await ui.screenshotTo(README_IMAGE);
  writeFileSync(README_IMAGE, smallPng(readFileSync(README_IMAGE)));
}

/** Runs `use` in a fresh VS Code that has the .vsix installed and shows the pipeline file of the fixture. */
async function withWorkbench(name, fixture, vsix, use, { settings = {}, viewport = VIEWPORT } = {}) {
  const sandbox = createSandbox(name, fixture, { ...SETTINGS, ...settings });
  installVsix(sandbox, vsix);
  const server = await startServer(sandbox);
  let browser;
  let ui;
  try {
    browser = await launchBrowser();
    const page = await browser.newPage({ viewport });
    ui = openWorkbench(page, SCREENSHOTS);
    const file = path.join(sandbox.workspace, FILE);
    const payload = [["openFile", remoteUri(server, file)]];
    await page.goto(workbenchUrl(server, { folder: sandbox.workspace }, payload));
    await use(ui, () => readFileSync(file, "utf8"));
  } catch (error) {
    await ui?.screenshot("FAILED").catch(() => {});
    throw error;
  } finally {
    await browser?.close().catch(() => {});
    await server.stop();
  }
}

/** The walkthrough's pictures, in each theme. */
async function takeTour(vsix) {
  const folder = path.join(ROOT, "docs/walkthrough");
  for (const [theme, settings] of Object.entries(TOUR_SETTINGS)) {
    await withWorkbench("tour", "workspace/shop", vsix, (ui) => takeWalkthroughImages(ui, folder, theme), {
      settings,
      viewport: TOUR_VIEWPORT,
    });
  }
}

const takeDocs = (vsix) =>
  withWorkbench("docs", "pictures", vsix, (ui) => takeDocImages(ui, path.join(ROOT, "docs/images")), {
    settings: DOC_SETTINGS,
    viewport: DOC_VIEWPORT,
  });

const started = Date.now();
rmSync(SCREENSHOTS, { recursive: true, force: true });
mkdirSync(SCREENSHOTS, { recursive: true });
let code = 1;
try {
  if (isTourWanted) await takeTour(pack());
  if (areDocImagesWanted) await takeDocs(pack());
  const vsix = pack();
  await withWorkbench("ui", "workspace/shop", vsix, useTheExtension);
  if (isImageWanted)
    await withWorkbench("readme", path.join(ROOT, "examples/broken-build"), vsix, takeReadmeImage);
  code = 0;
} catch (error) {
  console.error(error);
}
const seconds = ((Date.now() - started) / 1000).toFixed(1);
console.log(
  `UI test ${code === 0 ? "passed" : "FAILED"} in ${seconds} s; screenshots: ${path.relative(ROOT, SCREENSHOTS)}`,
);
process.exit(code);
