// The commands that are about the workspace and not about a place: check everything, create the configuration, open the example;
// and the report about a false alarm, by command and by code action.
import assert from "node:assert";
import * as vscode from "vscode";
import { until } from "./polling";
import { fileUri, findingsIn, readFromDisk, revertAll, ruleOf, setText, show, untilFound } from "./workspace";

const run = <T>(command: string, ...parameters: unknown[]): Thenable<T> =>
  vscode.commands.executeCommand<T>(`gitlabCiDocker.${command}`, ...parameters);

/** The document in the active editor, once it fits. */
const opened = (
  what: string,
  fits: (document: vscode.TextDocument) => boolean,
): Promise<vscode.TextDocument> =>
  until(what, () => {
    const document = vscode.window.activeTextEditor?.document;
    return document !== undefined && fits(document) ? document : undefined;
  });

/** Closes what was never saved, without a question. */
async function closeUntitled(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
}

describe("checking the whole workspace", () => {
  it("answers with what all folders hold, open or not", async () => {
    await untilFound(fileUri("shop", ".gitlab-ci.yml"), "dind-plain-port-with-tls");
    const answer = await run<{ outcome: string; counts: Record<string, number> } | null>("checkWorkspace");
    assert.strictEqual(answer?.outcome, "checked");
    const shown = vscode.languages
      .getDiagnostics()
      .flatMap(([, each]) => each)
      .filter(({ source }) => source === "gitlab-ci-docker");
    const errors = shown.filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
    assert.ok(errors.length > 1, "both folders have errors");
    assert.strictEqual(answer.counts["error"], errors.length);
    assert.strictEqual(answer.counts["pipelines"], 2);
    await vscode.commands.executeCommand("notifications.clearAll");
  });
});

describe("the project configuration", () => {
  const created = fileUri("shop", ".gitlab-ci-docker.yml");
  const existing = fileUri("tools", ".gitlab-ci-docker.yml");
  afterEach(async () => {
    await revertAll();
    await vscode.workspace.fs.delete(created).then(undefined, () => undefined);
  });

  it("is created with every setting as a comment, and opened", async () => {
    await run("createConfiguration", created);
    const document = await opened("the new file", ({ uri }) => uri.path === created.path);
    assert.match(document.getText(), /^# runners:$/m);
    assert.strictEqual(await readFromDisk(created), document.getText());
  });

  it("is opened and left as it is where there is one", async () => {
    const before = await readFromDisk(existing);
    await run("createConfiguration", existing);
    await opened("the file", ({ uri }) => uri.path === existing.path);
    assert.strictEqual(await readFromDisk(existing), before);
  });
});

describe("a report about a false alarm", () => {
  const pipeline = fileUri("shop", ".gitlab-ci.yml");
  afterEach(revertAll);

  const isReport = (document: vscode.TextDocument): boolean =>
    document.isUntitled && document.languageId === "markdown";

  it("holds the rule, the job and no secret", async () => {
    const document = await show(pipeline);
    await setText(
      document,
      document
        .getText()
        .replace(/^( +)(DOCKER_HOST: tcp:\/\/docker:2375)$/m, "$1DEPLOY_TOKEN: hunter22\n$1$2"),
    );
    const found = await until("the finding in its new place", () =>
      findingsIn(pipeline).find(
        (each) =>
          ruleOf(each) === "dind-plain-port-with-tls" && document.getText(each.range) === "tcp://docker:2375",
      ),
    );
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(found.range.start, found.range.start);
    await run("reportFalseAlarm");
    const text = (await opened("the report", isReport)).getText();
    assert.match(text, /^# False alarm of `dind-plain-port-with-tls`/);
    assert.match(text, /Nothing was sent/);
    assert.match(text, /^ {4}DEPLOY_TOKEN: MASKED$/m);
    assert.match(text, /^ {2}image: docker:29\.6\.2-cli +# \.gitlab-ci\.yml:6 via default$/m);
    assert.ok(!text.includes("hunter22"));
    await closeUntitled();
  });

  it("is the last code action", async () => {
    await show(pipeline);
    const { range } = await untilFound(pipeline, "dind-plain-port-with-tls");
    const last = await until("the code actions", async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        pipeline,
        range,
      );
      return actions.at(-1);
    });
    assert.strictEqual(last.title, "Report a false alarm…");
    assert.ok(last.command);
    await vscode.commands.executeCommand(
      last.command.command,
      ...((last.command.arguments ?? []) as unknown[]),
    );
    await opened("the report", isReport);
    await closeUntitled();
  });
});

describe("the example", () => {
  it("opens in the editor only, and has findings", async () => {
    await run("openExample");
    const document = await opened(
      "the example",
      ({ isUntitled, languageId }) => isUntitled && languageId === "yaml",
    );
    await untilFound(document.uri, "dind-plain-port-with-tls");
    await untilFound(document.uri, "build-context-missing");
    await closeUntitled();
  });
});

describe("the page of a rule", () => {
  const pipeline = fileUri("shop", ".gitlab-ci.yml");
  afterEach(revertAll);

  it("opens for the finding at the cursor", async () => {
    const document = await show(pipeline);
    const { range } = await untilFound(pipeline, "build-context-missing");
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(range.start, range.start);
    await run("openRulePage");
    await until(
      "the preview",
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.label.includes("build-context-missing.md"),
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.label,
    );
  });
});

describe("the language server", () => {
  const pipeline = fileUri("shop", ".gitlab-ci.yml");
  afterEach(revertAll);

  it("is started anew, and says the same again", async () => {
    await show(pipeline);
    await untilFound(pipeline, "build-context-missing");
    let wasSilent = false;
    const listening = vscode.languages.onDidChangeDiagnostics(() => {
      wasSilent ||= findingsIn(pipeline).length === 0;
    });
    await run("restartServer");
    await untilFound(pipeline, "build-context-missing");
    listening.dispose();
    assert.ok(wasSilent, "the findings were taken away meanwhile");
  });

  it("has a log that tells its version and its folders", async () => {
    await run("showOutput");
    const log = await until("the output", () =>
      vscode.workspace.textDocuments.find(
        ({ uri, fileName }) => uri.scheme === "output" && fileName.includes("GitLab CI Docker"),
      ),
    );
    await until(
      "version and folders",
      () => [/\d+\.\d+\.\d+/, /shop/, /tools/].every((words) => words.test(log.getText())),
      () => log.getText(),
    );
    await vscode.commands.executeCommand("workbench.action.closePanel");
  });
});
