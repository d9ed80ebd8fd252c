// Settings and the project configuration count at once, each for its own folder.
import assert from "node:assert";
import * as vscode from "vscode";
import { until } from "./polling";
import {
  fileUri,
  findingsIn,
  revertAll,
  ruleOf,
  setText,
  show,
  untilFound,
  untilGone,
  writeToDisk,
} from "./workspace";

const RULE = "build-context-missing";

describe("settings", () => {
  const pipeline = fileUri("shop", ".gitlab-ci.yml");
  const projectConfiguration = fileUri("shop", ".gitlab-ci-docker.yml");
  afterEach(revertAll);

  it("switch a rule off without a restart", async () => {
    const settings = vscode.workspace.getConfiguration("gitlabCiDocker");
    await show(pipeline);
    await untilFound(pipeline, RULE);
    await settings.update("rules", { [RULE]: "off" }, vscode.ConfigurationTarget.Workspace);
    await untilGone(pipeline, RULE);
    await settings.update("rules", undefined, vscode.ConfigurationTarget.Workspace);
    await untilFound(pipeline, RULE);
  });

  it("change how loud a rule is", async () => {
    const settings = vscode.workspace.getConfiguration("gitlabCiDocker");
    await show(pipeline);
    assert.strictEqual((await untilFound(pipeline, RULE)).severity, vscode.DiagnosticSeverity.Error);
    await settings.update("rules", { [RULE]: "info" }, vscode.ConfigurationTarget.Workspace);
    const isQuiet = async (): Promise<boolean> =>
      (await untilFound(pipeline, RULE)).severity === vscode.DiagnosticSeverity.Information;
    await until("the rule at the lower severity", isQuiet);
    await settings.update("rules", undefined, vscode.ConfigurationTarget.Workspace);
  });

  it("are overridden by the project configuration, from the moment it is written", async () => {
    await show(pipeline);
    await untilFound(pipeline, RULE);
    await writeToDisk(projectConfiguration, `rules:\n  ${RULE}: off\n`);
    await untilGone(pipeline, RULE);
    await vscode.workspace.fs.delete(projectConfiguration);
    await untilFound(pipeline, RULE);
  });

  it("belong to their folder: the other one has switched a rule off that speaks here", async () => {
    const other = fileUri("tools", ".gitlab-ci.yml");
    await show(pipeline);
    await untilFound(pipeline, RULE);
    await show(other);
    await untilFound(other, "ci-stages-not-list");
    assert.ok(!findingsIn(other).map(ruleOf).includes(RULE));
  });

  it("count while the project configuration is typed, and a slip in it is shown", async () => {
    const other = fileUri("tools", ".gitlab-ci.yml");
    const document = await show(fileUri("tools", ".gitlab-ci-docker.yml"));
    await setText(document, `rules:\n  ${RULE}: warning\n`);
    await untilFound(other, RULE);
    await setText(document, "rules:\n  build-context-mising: off\n");
    const slip = await until("a problem in the project configuration", () => findingsIn(document.uri)[0]);
    assert.match(slip.message, /build-context-missing/, "it names the nearest right name");
  });
});
