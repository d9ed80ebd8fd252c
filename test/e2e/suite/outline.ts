// The shape of files in the editor: links, the outline, names of the workspace, folds.
import assert from "node:assert";
import * as vscode from "vscode";
import { until } from "./polling";
import { fileUri, revertAll, setText, show } from "./workspace";

describe("outline", () => {
  const pipeline = fileUri("shop", ".gitlab-ci.yml");
  afterEach(revertAll);

  /** Asks until the server has read the folder. */
  const untilSome = <T>(command: string, ...parameters: readonly unknown[]): Promise<readonly T[]> =>
    until(command, async () => {
      const found = await vscode.commands.executeCommand<readonly T[] | undefined>(command, ...parameters);
      return found !== undefined && found.length > 0 ? found : undefined;
    });

  const nameOf = (uri: vscode.Uri | undefined): string => uri?.path.split("/").slice(-2).join("/") ?? "";

  it("links an include and the Dockerfile of a context", async () => {
    const document = await show(pipeline);
    const links = await untilSome<vscode.DocumentLink>("vscode.executeLinkProvider", pipeline);
    assert.deepStrictEqual(
      links.map(({ range, target }) => `${document.getText(range)} -> ${nameOf(target)}`),
      ["/ci/publish.yml -> ci/publish.yml", ". -> shop/Dockerfile"],
    );
  });

  it("links a rule to its page", async () => {
    const configuration = fileUri("tools", ".gitlab-ci-docker.yml");
    await show(configuration);
    const links = await untilSome<vscode.DocumentLink>("vscode.executeLinkProvider", configuration);
    assert.deepStrictEqual(
      links.map(({ target }) => nameOf(target)),
      ["rules/build-context-missing.md"],
    );
  });

  it("shows jobs by stage", async () => {
    await show(pipeline);
    const symbols = await untilSome<vscode.DocumentSymbol>("vscode.executeDocumentSymbolProvider", pipeline);
    const stage = symbols.find(({ name }) => name === "release");
    assert.deepStrictEqual(
      stage?.children.map(({ name, detail }) => `${name}: ${detail}`),
      ["release-image: docker:29.6.2-cli · builds Dockerfile"],
    );
  });

  it("finds jobs and stages of Dockerfiles over files", async () => {
    await show(pipeline);
    const found = await untilSome<vscode.SymbolInformation>(
      "vscode.executeWorkspaceSymbolProvider",
      "release",
    );
    assert.deepStrictEqual(found.map(({ name, location }) => `${name} in ${nameOf(location.uri)}`).sort(), [
      "release in shop/Dockerfile",
      "release-image in shop/.gitlab-ci.yml",
    ]);
  });

  it("folds a here-document, which indentation does not show", async () => {
    const document = await show(pipeline);
    const script = ["cat <<EOF > Dockerfile", "FROM alpine", "RUN true", "EOF"];
    const lines = ["job:", "  script:", "    - |", ...script.map((line) => `      ${line}`), ""];
    await setText(document, lines.join("\n"));
    const shown = await until("the folds", async () => {
      const folds = await vscode.commands.executeCommand<readonly vscode.FoldingRange[]>(
        "vscode.executeFoldingRangeProvider",
        pipeline,
      );
      const found = folds.map(({ start, end }) => `${String(start)}-${String(end)}`);
      return found.includes("3-5") ? found : undefined;
    });
    assert.deepStrictEqual(shown, ["0-6", "1-6", "2-6", "3-5"]);
  });
});
