// Names in the editor: to the definition, all places, and a renaming over files.
import assert from "node:assert";
import * as vscode from "vscode";
import { until } from "./polling";
import { fileUri, revertAll, show } from "./workspace";

describe("names", () => {
  const pipeline = fileUri("shop", ".gitlab-ci.yml");
  const dockerfile = fileUri("shop", "Dockerfile");
  afterEach(revertAll);

  const positionOf = (document: vscode.TextDocument, text: string, offset = 0): vscode.Position =>
    document.positionAt(document.getText().indexOf(text) + offset);

  /** `file:line`, from 1. */
  const shown = (locations: readonly vscode.Location[]): readonly string[] =>
    locations.map(({ uri, range }) => `${uri.path.split("/").at(-1) ?? ""}:${String(range.start.line + 1)}`);

  it("goes from `--target` to the stage", async () => {
    const document = await show(pipeline);
    const position = positionOf(document, "--target release", "--target r".length);
    const found = await until("the stage", async () => {
      const locations = await vscode.commands.executeCommand<vscode.Location[]>(
        "vscode.executeDefinitionProvider",
        pipeline,
        position,
      );
      return locations.length > 0 ? locations : undefined;
    });
    assert.deepStrictEqual(shown(found), ["Dockerfile:6"]);
  });

  it("lists the places of a stage over files", async () => {
    const document = await show(dockerfile);
    const found = await vscode.commands.executeCommand<vscode.Location[]>(
      "vscode.executeReferenceProvider",
      dockerfile,
      positionOf(document, "AS release", 4),
    );
    assert.deepStrictEqual([...shown(found)].sort(), [".gitlab-ci.yml:28", "Dockerfile:6"]);
  });

  it("renames a stage in the Dockerfile and in the pipeline", async () => {
    const document = await show(dockerfile);
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      "vscode.executeDocumentRenameProvider",
      dockerfile,
      positionOf(document, "AS release", 4),
      "final",
    );
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.match(document.getText(), /^FROM nginx:1\.29-alpine AS final$/m);
    const changed = await vscode.workspace.openTextDocument(pipeline);
    assert.match(changed.getText(), /docker build --target final -t/);
  });

  it("says why a predefined variable keeps its name", async () => {
    const document = await show(pipeline);
    const asked = vscode.commands.executeCommand(
      "vscode.prepareRename",
      pipeline,
      positionOf(document, "$CI_COMMIT_SHA", 3),
    );
    await assert.rejects(Promise.resolve(asked), /GitLab sets `CI_COMMIT_SHA`/);
  });
});
