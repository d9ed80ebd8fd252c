// One system out of several files: what stands in one of them decides what is said about another.
import assert from "node:assert";
import * as vscode from "vscode";
import {
  fileUri,
  findingsIn,
  readFromDisk,
  revertAll,
  ruleOf,
  setText,
  show,
  untilFound,
  untilGone,
  writeToDisk,
} from "./workspace";

describe("across files", () => {
  const pipeline = fileUri("shop", ".gitlab-ci.yml");
  afterEach(revertAll);

  it("misses a build stage as soon as the open Dockerfile loses it", async () => {
    await show(pipeline);
    await untilGone(pipeline, "build-target-missing");
    const dockerfile = await show(fileUri("shop", "Dockerfile"));
    const text = dockerfile.getText();
    await setText(dockerfile, text.replace("AS release", "AS final"));
    const finding = await untilFound(pipeline, "build-target-missing");
    assert.match(finding.message, /release/);
    await setText(dockerfile, text);
    await untilGone(pipeline, "build-target-missing");
  });

  it("misses a build stage when the Dockerfile changes on disk", async () => {
    const dockerfile = fileUri("shop", "Dockerfile");
    const text = await readFromDisk(dockerfile);
    await show(pipeline);
    await writeToDisk(dockerfile, text.replace("AS release", "AS final"));
    await untilFound(pipeline, "build-target-missing");
    await writeToDisk(dockerfile, text);
    await untilGone(pipeline, "build-target-missing");
  });

  it("complains about Docker-in-Docker when the runner loses its privilege", async () => {
    const config = fileUri("shop", "runner/config.toml");
    const text = await readFromDisk(config);
    await show(pipeline);
    await untilGone(pipeline, "dind-not-privileged");
    await writeToDisk(config, text.replace("privileged = true", "privileged = false"));
    await untilFound(pipeline, "dind-not-privileged");
    await writeToDisk(config, text);
    await untilGone(pipeline, "dind-not-privileged");
  });

  it("checks an included file while it is edited", async () => {
    const included = await show(fileUri("shop", "ci/publish.yml"));
    assert.deepStrictEqual(findingsIn(included.uri).map(ruleOf), []);
    await setText(included, included.getText().replace("./docs", ""));
    await untilFound(included.uri, "build-context-missing");
    await vscode.commands.executeCommand("undo");
    await untilGone(included.uri, "build-context-missing");
  });

  it("shows a fault of an included template once, with the jobs that use it, from either side", async () => {
    const template = fileUri("shop", "ci/publish.yml");
    const text = await readFromDisk(template);
    const main = await show(pipeline);
    await setText(main, `${main.getText()}\none: { extends: .faulty }\ntwo: { extends: .faulty }\n`);
    await writeToDisk(template, `${text}\n.faulty:\n  script:\n    - docker build -t x\n`);
    const fromMain = await untilFound(template, "build-context-missing");
    assert.strictEqual(findingsIn(template).length, 1);
    const jobs = (fromMain.relatedInformation ?? []).map(({ location, message }) => [
      location.uri.path.endsWith("/.gitlab-ci.yml"),
      /`(one|two)`/.exec(message)?.[1],
    ]);
    assert.deepStrictEqual(jobs, [
      [true, "one"],
      [true, "two"],
    ]);
    await show(template);
    const opened = await untilFound(template, "build-context-missing");
    assert.strictEqual(opened.message, fromMain.message);
    assert.deepStrictEqual(opened.range, fromMain.range);
    await writeToDisk(template, text);
    await untilGone(template, "build-context-missing");
  });
});
