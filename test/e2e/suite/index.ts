// What VS Code loads as `extensionTestsPath`: runs the suite with mocha in the extension host. Nothing here or in the
// suite knows which host it is, so that a downloaded VS Code (`@vscode/test-electron`) runs the same file.
import { writeFileSync } from "node:fs";
import Mocha from "mocha";
import * as vscode from "vscode";
import { EXTENSION_ID } from "./workspace";

interface TestResult {
  readonly title: string;
  readonly ms?: number;
  readonly error?: string;
}

/** Called by VS Code; it exits with 0 when the promise resolves and with 1 when it rejects. */
export function run(): Promise<void> {
  if (vscode.extensions.getExtension(EXTENSION_ID) === undefined)
    throw new Error(`${EXTENSION_ID} isn't there`);
  const grep = process.env["HOST_TEST_GREP"];
  const mocha = new Mocha({
    ui: "bdd",
    timeout: 30_000,
    color: false,
    ...(grep === undefined ? {} : { grep }),
  });
  mocha.suite.emit("pre-require", globalThis, "", mocha); // defines describe and it
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- must run after the line above
  require("./all");
  return new Promise((resolve, reject) => {
    const tests: TestResult[] = [];
    const runner = mocha.run((failures) => {
      report({ stats: runner.stats, tests });
      if (failures > 0) reject(new Error(`${failures} in-host tests failed`));
      else if (!runner.stats?.passes) reject(new Error("no in-host test ran"));
      else resolve();
    });
    runner.on("pass", (test) => tests.push({ title: test.fullTitle(), ms: test.duration ?? 0 }));
    runner.on("fail", (test, error: Error) =>
      tests.push({ title: test.fullTitle(), error: error.stack ?? String(error) }),
    );
  });
}

/** The second witness beside the exit code: a file that only a suite that ran to its end writes. */
function report(results: object): void {
  const file = process.env["HOST_TEST_RESULTS"];
  if (file !== undefined) writeFileSync(file, JSON.stringify(results, undefined, 1));
}
