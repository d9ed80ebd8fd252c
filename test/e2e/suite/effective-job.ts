// "Show the Effective Job": by command and by code lens, with links that lead back to the source.
import assert from "node:assert";
import * as vscode from "vscode";
import { until } from "./polling";
import { fileUri, revertAll, setText, show } from "./workspace";

const SHOW = "gitlabCiDocker.showEffectiveJob";
const SCHEME = "gitlab-ci-docker-job";

/** The document that shows a job, once it is in an editor. */
const shown = (): Promise<vscode.TextDocument> =>
  until("the effective job", () => {
    const document = vscode.window.activeTextEditor?.document;
    return document?.uri.scheme === SCHEME ? document : undefined;
  });

async function putCursor(document: vscode.TextDocument, text: string): Promise<void> {
  const editor = await vscode.window.showTextDocument(document);
  const position = document.positionAt(document.getText().indexOf(text));
  editor.selection = new vscode.Selection(position, position);
}

/** The link that stands on the line with this text. */
const linkAt = (document: vscode.TextDocument, text: string): Promise<vscode.DocumentLink> =>
  until(`a link beside ${text}`, async () => {
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      "vscode.executeLinkProvider",
      document.uri,
    );
    return links.find(({ range }) => document.lineAt(range.start.line).text.includes(text));
  });

describe("the effective job", () => {
  const pipeline = fileUri("shop", ".gitlab-ci.yml");
  const included = fileUri("shop", "ci/publish.yml");
  afterEach(revertAll);

  it("is shown for the job at the cursor, read-only, with what comes from other files", async () => {
    const document = await show(included);
    await putCursor(document, "docker push");
    await vscode.commands.executeCommand(SHOW);
    const job = await shown();
    assert.strictEqual(job.languageId, "yaml");
    assert.match(job.getText(), /^docs-image: +# ci\/publish\.yml:2$/m);
    assert.match(job.getText(), /^ {2}image: docker:29\.6\.2-cli +# \.gitlab-ci\.yml:6 via default$/m);
    const text = job.getText();
    await vscode.commands.executeCommand("default:type", { text: "x" });
    assert.deepStrictEqual({ text: job.getText(), isDirty: job.isDirty }, { text, isDirty: false });
  });

  it("leads back to where a value is written", async () => {
    const document = await show(included);
    await putCursor(document, "docker push");
    await vscode.commands.executeCommand(SHOW);
    const { target } = await linkAt(await shown(), "image: docker:29.6.2-cli");
    assert.ok(target, "the link has a target");
    assert.ok(target.path.endsWith("/shop/.gitlab-ci.yml"), target.path);
    await vscode.commands.executeCommand("vscode.open", target);
    const editor = await until("the source", () => {
      const active = vscode.window.activeTextEditor;
      return active?.document.uri.path === pipeline.path ? active : undefined;
    });
    await until("the place in the source", () => {
      const line = editor.document.lineAt(editor.selection.active.line).text;
      return line.includes("image: docker:29.6.2-cli") && editor.selection.active.character === 9;
    });
  });

  it("is offered above each job, and follows what is typed", async () => {
    const document = await show(included);
    const lens = await until("a code lens", async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        "vscode.executeCodeLensProvider",
        included,
        20,
      );
      return lenses.find(({ command }) => command?.command === SHOW);
    });
    assert.strictEqual(lens.range.start.line, 1);
    await vscode.commands.executeCommand(SHOW, ...((lens.command?.arguments ?? []) as unknown[]));
    const job = await shown();
    assert.match(job.getText(), /^ {2}stage: release/m);
    await setText(document, document.getText().replace("stage: release", "stage: build"));
    await until("the new stage", () => /^ {2}stage: build/m.test(job.getText()));
  });
});
