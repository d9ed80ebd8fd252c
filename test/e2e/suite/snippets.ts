// Snippets are offered in pipeline files and nowhere else, and inserting one gives text that we say nothing about.
import assert from "node:assert";
import * as vscode from "vscode";
import { until } from "./polling";
import { fileUri, findingsIn, revertAll, ruleOf, setText, show, untilFound } from "./workspace";

describe("snippets", () => {
  afterEach(revertAll);

  it("are offered where a job can begin", async () => {
    const document = await show(fileUri("tools", ".gitlab-ci.yml"));
    await setText(document, "\n");
    const offered = await until("snippets", async () => notEmpty(await snippetsAt(document)));
    assert.ok(offered.length >= 30, `only ${offered.length} are offered`);
  });

  it("are not offered in YAML that is no pipeline", async () => {
    const pipeline = await show(fileUri("tools", ".gitlab-ci.yml"));
    await setText(pipeline, "\n");
    const offered = await until("snippets", async () => notEmpty(await snippetsAt(pipeline)));
    const ours = new Set(offered.map(labelOf));
    const other = await show(fileUri("shop", "deploy/kubernetes.yaml"));
    const there = (await snippetsAt(other)).map(labelOf).filter((label) => ours.has(label));
    assert.deepStrictEqual(there, []);
  });

  it("insert text that is free of findings", async () => {
    const document = await show(fileUri("tools", ".gitlab-ci.yml"));
    await setText(document, "\n");
    const offered = await until("snippets", async () => notEmpty(await snippetsAt(document)));
    for (const item of offered) {
      const editor = await vscode.window.showTextDocument(document);
      await setText(document, "\n");
      await until("silence", () => findingsIn(document.uri).length === 0);
      assert.ok(item.insertText instanceof vscode.SnippetString, `${labelOf(item)} is a snippet`);
      assert.ok(await editor.insertSnippet(item.insertText, new vscode.Position(0, 0)));
      const inserted = document.getText();
      assert.ok(inserted.trim().length > 20, `${labelOf(item)} inserts text`);
      // A fault behind it: when that is found, the text before it has been checked, too.
      await setText(document, `${inserted}\n${FAULT}`);
      await untilFound(document.uri, "ci-null-script-entry");
      const lines = inserted.split("\n").length;
      // A hint (here: that nothing tells what the runner may do) is no finding that anybody has to act on.
      const about = findingsIn(document.uri).filter(
        ({ range, severity }) => range.start.line < lines && severity !== vscode.DiagnosticSeverity.Hint,
      );
      assert.deepStrictEqual(
        about.map((finding) => `${ruleOf(finding)}: ${finding.message}`),
        [],
        `after ${labelOf(item)}`,
      );
    }
  });
});

const FAULT = "with-a-fault:\n  script:\n    -\n";

const labelOf = ({ label }: vscode.CompletionItem): string =>
  typeof label === "string" ? label : label.label;

const notEmpty = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined);

async function snippetsAt(document: vscode.TextDocument): Promise<vscode.CompletionItem[]> {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    "vscode.executeCompletionItemProvider",
    document.uri,
    new vscode.Position(0, 0),
  );
  return list.items.filter(({ kind }) => kind === vscode.CompletionItemKind.Snippet);
}
