// Code lenses that lead from a Dockerfile to its jobs, and inlay hints, as VS Code asks for them.
import assert from "node:assert";
import * as vscode from "vscode";
import { until } from "./polling";
import { fileUri, revertAll, setText, show } from "./workspace";

const SHOW_REFERENCES = "gitlabCiDocker.showReferences";

async function lensesOf(uri: vscode.Uri): Promise<readonly vscode.Command[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    uri,
    20,
  );
  return lenses.flatMap(({ command }) => command ?? []);
}

const untilLens = (uri: vscode.Uri, title: string): Promise<vscode.Command> =>
  until(`the lens "${title}"`, async () => (await lensesOf(uri)).find((each) => each.title === title));

/** Clicks on a lens. */
const click = ({ command, arguments: values = [] }: vscode.Command): Thenable<unknown> =>
  vscode.commands.executeCommand(command, ...(values as unknown[]));

const untilAt = (uri: vscode.Uri, line: string): Promise<true> =>
  until(`the cursor at ${line}`, () => {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.uri.path !== uri.path) return false;
    return editor.document.lineAt(editor.selection.active.line).text === line;
  });

const labelsIn = (hints: readonly vscode.InlayHint[]): readonly string[] =>
  hints.map(({ label }) => (typeof label === "string" ? label : label.map(({ value }) => value).join("")));

describe("code lenses", () => {
  const pipeline = fileUri("shop", ".gitlab-ci.yml");
  const dockerfile = fileUri("shop", "Dockerfile");
  afterEach(revertAll);

  it("lead from a Dockerfile to the job that builds it, and from the job to the stage", async () => {
    await show(dockerfile);
    const built = await untilLens(dockerfile, "Built by release-image (target release)");
    assert.strictEqual(built.command, SHOW_REFERENCES);
    await click(built);
    await untilAt(pipeline, "release-image:");
    await click(
      await untilLens(pipeline, "Builds Dockerfile (target release) → $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"),
    );
    await untilAt(dockerfile, "FROM nginx:1.29-alpine AS release");
  });

  it("follow what is typed in the pipeline, and go with the setting", async () => {
    const document = await show(pipeline);
    await show(dockerfile);
    await untilLens(dockerfile, "Target of release-image");
    await setText(document, document.getText().replace("release-image:", "publish-image:"));
    await untilLens(dockerfile, "Target of publish-image");
    const settings = vscode.workspace.getConfiguration("gitlabCiDocker");
    await settings.update("codeLens", false, vscode.ConfigurationTarget.Workspace);
    await until("no lens", async () => (await lensesOf(dockerfile)).length === 0);
    await settings.update("codeLens", undefined, vscode.ConfigurationTarget.Workspace);
    await untilLens(dockerfile, "Target of publish-image");
  });
});

describe("inlay hints", () => {
  const included = fileUri("shop", "ci/publish.yml");
  afterEach(revertAll);

  it("come when the user wants them, and say what a reference becomes", async () => {
    const settings = vscode.workspace.getConfiguration("gitlabCiDocker");
    const document = await show(included);
    const ask = async (): Promise<readonly vscode.InlayHint[]> =>
      vscode.commands.executeCommand<vscode.InlayHint[]>(
        "vscode.executeInlayHintProvider",
        included,
        new vscode.Range(0, 0, document.lineCount, 0),
      );
    assert.deepStrictEqual(await ask(), []);
    await settings.update("inlayHints", true, vscode.ConfigurationTarget.Workspace);
    const hints = await until("hints", async () => {
      const found = await ask();
      return found.length > 0 ? found : undefined;
    });
    const label = "→ registry.example.co…/docs:1ecfd275763ef…";
    assert.deepStrictEqual(labelsIn(hints), [label, label]);
    const [first] = hints;
    const line = document.lineAt(first?.position.line ?? 0).text;
    assert.ok(line.slice(0, first?.position.character).endsWith('docs:$CI_COMMIT_SHA"'), line);
    await settings.update("inlayHints", undefined, vscode.ConfigurationTarget.Workspace);
    await until("no hints", async () => (await ask()).length === 0);
  });
});
