// `npm run test:host`: runs the in-host suite in a real VS Code's extension host, shown by a headless Chromium. The exit
// code is the result; two witnesses must agree: VS Code's own exit code and the file that the suite writes.
//   HOST_TEST_GREP     only tests whose title matches
//   HOST_TEST_VERBOSE  print the page's console, too
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { format } from "node:util";
import { buildSuite } from "./build-suite.mjs";
import { launchBrowser, VIEWPORT } from "./host/browser.mjs";
import { ROOT, SUITE } from "./host/paths.mjs";
import { addExtension, createSandbox } from "./host/sandbox.mjs";
import { remoteUri, startServer, workbenchUrl } from "./host/server.mjs";

const LIMIT_MS = 180_000;
const isVerbose = Boolean(process.env.HOST_TEST_VERBOSE);

/** Opens the workbench with the suite; resolves with the code that VS Code exits with. */
async function runInPage(page, server, sandbox) {
  const exited = new Promise((resolve, reject) => {
    void page.exposeFunction("codeAutomationExit", resolve);
    page.on("crash", () => reject(new Error("the page crashed")));
    page.on("close", () => reject(new Error("the page was closed")));
    setTimeout(() => reject(new Error("the in-host tests did not end in time")), LIMIT_MS).unref();
  });
  exited.catch(() => {}); // handled by the await below, unless opening the page fails first
  await page.exposeFunction("codeAutomationLog", (_type, args) => isVerbose && console.log(format(...args)));
  if (isVerbose) page.on("console", (message) => console.error("[console]", message.text()));
  await page.goto(
    workbenchUrl(server, { workspace: path.join(sandbox.workspace, "e2e.code-workspace") }, [
      ["extensionDevelopmentPath", remoteUri(server, ROOT)],
      ["extensionTestsPath", remoteUri(server, SUITE)],
    ]),
  );
  return await exited;
}

/** Prints the suite's own report; returns the exit code that both witnesses make together. */
function judge(code, resultsFile) {
  if (!existsSync(resultsFile)) {
    console.error("No results file: the suite did not finish.");
    return code === 0 ? 1 : code;
  }
  const { stats, tests } = JSON.parse(readFileSync(resultsFile, "utf8"));
  for (const test of tests) {
    console.log(
      test.error === undefined
        ? `  ok ${test.title} (${test.ms} ms)`
        : `  FAILED ${test.title}\n${test.error}`,
    );
  }
  console.log(
    `${stats.passes} passing, ${stats.failures} failing, ${stats.pending} pending; VS Code's exit code ${code}`,
  );
  const isGood = code === 0 && stats.failures === 0 && stats.passes > 0;
  return isGood ? 0 : code || 1;
}

const started = Date.now();
await buildSuite();
const sandbox = createSandbox("host", "workspace");
addExtension(sandbox, "yaml-extension");
const results = path.join(sandbox.folder, "results.json");
const server = await startServer(sandbox, {
  flags: ["--enable-smoke-test-driver"], // without it, VS Code ignores extensionTestsPath
  env: { HOST_TEST_RESULTS: results },
});
let browser;
let code = 1;
try {
  browser = await launchBrowser();
  const page = await browser.newPage({ viewport: VIEWPORT });
  try {
    code = await runInPage(page, server, sandbox);
  } catch (error) {
    await page.screenshot({ path: path.join(sandbox.folder, "failed.png") }).catch(() => {});
    throw error;
  }
} catch (error) {
  console.error(String(error));
} finally {
  await browser?.close().catch(() => {});
  await server.stop();
}
code = judge(code, results);
console.log(
  `In-host tests ${code === 0 ? "passed" : "FAILED"} in ${((Date.now() - started) / 1000).toFixed(1)} s`,
);
process.exit(code);
