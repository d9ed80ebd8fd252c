// VS Code's workbench in a browser page, in the words of a person who uses it: hover over text, press keys, wait until
// something is to be seen. Everything waits for a condition; nothing waits for a time.
import path from "node:path";

const PATIENCE_MS = 20_000;
const SHORT_MS = 2_000;
const PAUSE_MS = 50;
const TRIES = 10;
/** What fades in is shown as it will be. */
const STILL = { animations: "disabled" };

/** Wraps the page; screenshots of the steps go to `folder`. */
export function openWorkbench(page, folder) {
  page.setDefaultTimeout(PATIENCE_MS);
  let count = 0;
  let editor;
  const widget = (selector) => page.locator(selector).filter({ visible: true });

  const until = async (what, ask) => {
    const end = Date.now() + PATIENCE_MS;
    while (!(await ask())) {
      if (Date.now() > end) throw new Error(`timed out: ${what}`);
      await page.waitForTimeout(PAUSE_MS);
    }
  };

  /** The visible lines, top to bottom, as plain text. */
  const text = async () => {
    const lines = await editor
      .locator(".view-line")
      .evaluateAll((nodes) =>
        nodes
          .sort((a, b) => parseFloat(a.style.top) - parseFloat(b.style.top))
          .map((node) => node.textContent.replace(/\u00a0/g, " ")),
      );
    return lines.join("\n");
  };

  /** Where the text stands on the screen: the rectangle of its first visible occurrence. */
  const placeOf = async (wanted) => {
    let box;
    await until(`the text ${wanted}`, async () => {
      box = await editor.locator(".view-line").evaluateAll(rectangleOf, wanted);
      return box !== undefined && box !== null;
    });
    return box;
  };

  const hover = async (wanted) => {
    const content = widget(".monaco-hover:not(.hidden) .monaco-hover-content");
    await retry(async (attempt) => {
      // Looked up anew each time: a code lens that appears above moves the text down.
      const box = await placeOf(wanted);
      await page.mouse.move(box.x + box.width / 2 + attempt, box.y - 60); // away, so that the next move is one
      await page.mouse.move(box.x + box.width / 2 + attempt, box.y + box.height / 2, { steps: 4 });
      await content.first().waitFor({ timeout: SHORT_MS });
    });
    return content.first();
  };

  const screenshot = async (name) => {
    count += 1;
    await page.screenshot({
      path: path.join(folder, `${String(count).padStart(2, "0")}-${name}.png`),
      ...STILL,
    });
  };

  return {
    until,
    screenshot,
    resize: (size) => page.setViewportSize(size),
    screenshotTo: (file) => page.screenshot({ path: file, ...STILL }),
    /** A picture of a part of the window: around elements and lines of the text. */
    async screenshotOf(file, { selectors = [], lines = [] }) {
      const found = await Promise.all(selectors.map((each) => widget(each).all()));
      const elements = await Promise.all(found.flat().map((each) => each.boundingBox()));
      const texts = await Promise.all(lines.map(placeOf));
      await page.screenshot({
        path: file,
        ...STILL,
        clip: around([...elements, ...texts], page.viewportSize()),
      });
    },
    /** Does something, takes a picture of what is then to be seen; names the step if it fails. */
    async step(name, action) {
      try {
        await action();
      } catch (error) {
        throw new Error(`step "${name}" failed`, { cause: error });
      }
      await screenshot(name);
    },
    /** Waits for the editor of a file that is being opened. */
    async openFile(name) {
      editor = page.locator(`.part.editor .monaco-editor[data-uri$="/${name}"]`);
      await editor.waitFor();
    },
    /** Opens another file of the workspace, by its name. */
    async goToFile(name) {
      await page.keyboard.press("Control+KeyP");
      await widget(".quick-input-widget input").first().fill(name);
      await widget(".quick-input-list .monaco-list-row").filter({ hasText: name }).first().click();
      await this.openFile(name);
    },
    /** Clicks on the text, so that the cursor stands there. */
    async clickOn(wanted) {
      const { x, y, width, height } = await placeOf(wanted);
      await page.mouse.click(x + width / 2, y + height / 2);
    },
    /** Asks for a new name of what stands at the text, and for the preview. */
    async previewRename(wanted, name) {
      await this.clickOn(wanted);
      await page.keyboard.press("F2");
      const input = widget(".rename-box input").first();
      await input.fill(name);
      await input.press("Control+Enter");
      await widget(".bulk-edit-panel .monaco-list-row").first().waitFor();
    },
    codeLens: (title) => editor.locator(".codelens-decoration").filter({ hasText: title }).first(),
    press: (keys) => page.keyboard.press(keys),
    type: (typed) => page.keyboard.type(typed, { delay: 30 }),
    /** The first squiggle of an error. */
    squiggle: () => editor.locator(".squiggly-error").first(),
    statusBarItem: (name) => page.locator(".statusbar-item").filter({ hasText: name }).first(),
    notification: (words) => page.locator(".notification-toast").filter({ hasText: words }).first(),
    notificationButton: (words) =>
      page.locator(".notification-toast .monaco-button").filter({ hasText: words }).first(),
    walkthroughStep: (title) => page.locator(".getting-started-step").filter({ hasText: title }).first(),
    walkthroughButton: (title) =>
      page.locator(".getting-started-step .monaco-button").filter({ hasText: title }).first(),
    /** Whether the walkthrough shows a picture that could be loaded. */
    hasPicture: () =>
      page
        .locator(".getting-started-media img")
        .first()
        .evaluate((image) => image.complete && image.naturalWidth > 0)
        .catch(() => false),
    problem: (words) => page.locator(".markers-panel .monaco-list-row").filter({ hasText: words }).first(),
    /** Clicks below the problems, so that none of them is selected. */
    async deselectProblems() {
      const { x, y, width, height } = await page.locator(".markers-panel").first().boundingBox();
      await page.mouse.click(x + width / 2, y + height - 8);
    },
    suggestion: (label) => widget(".suggest-widget .monaco-list-row").filter({ hasText: label }).first(),
    tab: (name) => page.locator(".tabs-container .tab").filter({ hasText: name }).first(),
    /** The page in the Markdown preview, which is a frame in a frame. */
    markdownPreview: () => page.frameLocator("iframe.webview.ready").frameLocator("#active-frame"),
    untilText: (pattern) => until(`the text ${pattern}`, async () => pattern.test(await text())),
    /** Moves the mouse over the text; returns what the hover says, once it holds the words. */
    async hoverOver(wanted, words) {
      const content = (await hover(wanted)).filter({ hasText: words });
      await content.waitFor();
      return content.innerText();
    },
    /** Clicks the rule's name in the hover over the text. */
    async clickRuleLink(wanted, rule) {
      const content = await hover(wanted);
      await content.locator("a.code-link", { hasText: rule }).first().click();
    },
    /**
     * Goes to a problem by its row in the panel and opens its quick fixes. Repeated, because VS Code drops the request
     * when an extension registers a provider meanwhile, as they do while it starts.
     */
    async openQuickFixes(words, title) {
      await page.locator(".markers-panel .monaco-list-row").filter({ hasText: words }).first().dblclick();
      const row = widget(".action-widget .monaco-list-row").filter({ hasText: title }).first();
      await retry(async () => {
        await page.keyboard.press("Escape");
        await page.keyboard.press("Control+Period");
        await row.waitFor({ timeout: SHORT_MS });
      });
    },
    /** What the hover over an item of the status bar says. */
    async hoverStatusBarItem(name, words) {
      const content = widget(".monaco-hover:not(.hidden)").filter({ hasText: words }).first();
      await retry(async () => {
        await page.mouse.move(10, 10);
        await page.locator(".statusbar-item").filter({ hasText: name }).first().hover();
        await content.waitFor({ timeout: SHORT_MS });
      });
      return content.innerText();
    },
    /** Runs a command from the palette; then chooses from the list that it shows. */
    async choose(title, ...items) {
      await page.keyboard.press("F1");
      await widget(".quick-input-widget input").first().fill(`>${title}`);
      await widget(".quick-input-list .monaco-list-row").filter({ hasText: title }).first().click();
      for (const item of items) {
        await widget(".quick-input-widget input").first().fill(item);
        await widget(".quick-input-list .monaco-list-row").filter({ hasText: item }).first().click();
      }
    },
    /** Runs a command from the palette, again if its effect doesn't show (see above). */
    async runCommand(title, effect) {
      await retry(async () => {
        await page.keyboard.press("F1");
        await widget(".quick-input-widget input").first().fill(`>${title}`);
        await widget(".quick-input-list .monaco-list-row").filter({ hasText: title }).first().waitFor();
        await page.keyboard.press("Enter");
        const end = Date.now() + SHORT_MS;
        while (!effect.test(await text())) {
          if (Date.now() > end) throw new Error(`no effect of ${title}`);
          await page.waitForTimeout(PAUSE_MS);
        }
      });
    },
  };
}

/** Runs in the page: the rectangle of `wanted` in the first line that holds it. */
function rectangleOf(lines, wanted) {
  for (const line of lines) {
    const whole = line.textContent.replace(/\u00a0/g, " ");
    const start = whole.indexOf(wanted);
    if (start === -1) continue;
    const range = document.createRange();
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    let offset = 0;
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const end = offset + node.length;
      if (start >= offset && start < end) range.setStart(node, start - offset);
      if (start + wanted.length > offset && start + wanted.length <= end) {
        range.setEnd(node, start + wanted.length - offset);
      }
      offset = end;
    }
    const { x, y, width, height } = range.getBoundingClientRect();
    return { x, y, width, height };
  }
  return undefined;
}

/** The rectangle that holds all of them, with a margin, inside the window. */
function around(boxes, window) {
  const [beside, above] = [3, 4]; // not so much that half a line of text shows
  const left = Math.max(0, Math.min(...boxes.map(({ x }) => x)) - beside);
  const top = Math.max(0, Math.min(...boxes.map(({ y }) => y)) - above);
  const right = Math.min(window.width, Math.max(...boxes.map(({ x, width }) => x + width)) + beside);
  const bottom = Math.min(window.height, Math.max(...boxes.map(({ y, height }) => y + height)) + above);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

async function retry(action) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action(attempt);
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
  }
}
