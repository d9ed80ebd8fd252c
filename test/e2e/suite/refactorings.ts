// Refactorings, asked for and applied as the editor does it; the text after is what a person gets.
import assert from "node:assert";
import * as vscode from "vscode";
import { apply, fileUri, revertAll, setText, show, untilAction } from "./workspace";

const { Refactor } = vscode.CodeActionKind;

const atText = (document: vscode.TextDocument, text: string): vscode.Range => {
  const position = document.positionAt(document.getText().indexOf(text));
  return new vscode.Range(position, position);
};

const titled =
  (start: string) =>
  ({ title }: vscode.CodeAction): boolean =>
    title.startsWith(start);

describe("refactorings", () => {
  const pipeline = fileUri("shop", ".gitlab-ci.yml");
  afterEach(revertAll);

  it("make one cached build out of a build and a push, and leave the other jobs alone", async () => {
    const document = await show(pipeline);
    const before = document.getText();
    const place = atText(document, "docker build --target release");
    await apply(await untilAction(pipeline, place, Refactor, titled("Cache this build in the registry")));
    const start = before.indexOf("    - docker build --target release");
    const ref = "type=registry,ref=$CI_REGISTRY_IMAGE:buildcache";
    const cache = `--cache-from "${ref}" --cache-to "${ref},mode=max"`;
    const build = `docker buildx build ${cache} --push --target release -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" .`;
    assert.strictEqual(document.getText(), `${before.slice(0, start)}    - ${build}\n`);
  });

  it("write into a job what an included file gives it", async () => {
    const document = await show(pipeline);
    const before = document.getText();
    await setText(document, `${before}\nsecond:\n  extends: docs-image\n  needs: []\n`);
    const place = atText(document, "extends: docs-image");
    await apply(await untilAction(pipeline, place, Refactor, titled("Inline `extends: docs-image`")));
    assert.deepStrictEqual(document.getText().slice(before.length).split("\n"), [
      "",
      "second:",
      "  stage: release",
      "  script:",
      '    - docker build -t "$CI_REGISTRY_IMAGE/docs:$CI_COMMIT_SHA" ./docs',
      '    - docker push "$CI_REGISTRY_IMAGE/docs:$CI_COMMIT_SHA"',
      "  needs: []",
      "",
    ]);
  });

  it("are not offered where there is nothing to do", async () => {
    const document = await show(pipeline);
    const offered = (text: string): Thenable<readonly vscode.CodeAction[]> =>
      vscode.commands.executeCommand<vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        pipeline,
        atText(document, text),
        Refactor.value,
      );
    await untilAction(pipeline, atText(document, "docker build --target release"), Refactor, () => true);
    assert.deepStrictEqual(await offered("# Builds the shop's image"), []);
  });
});
