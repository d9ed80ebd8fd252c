// What the editor says and offers at a place: the hover over a build command, and completion inside it.
import assert from "node:assert";
import * as vscode from "vscode";
import { until } from "./polling";
import { fileUri, revertAll, setText, show } from "./workspace";

/** Puts the text at the end of the document; the position is behind it. */
async function typeAtEnd(document: vscode.TextDocument, text: string): Promise<vscode.Position> {
  await setText(document, document.getText() + text);
  return document.positionAt(document.getText().length);
}

const labelOf = ({ label }: vscode.CompletionItem): string =>
  typeof label === "string" ? label : label.label;

const detailOf = ({ detail, label }: vscode.CompletionItem): string =>
  detail ?? (typeof label === "string" ? "" : (label.description ?? ""));

const markdownOf = (value: vscode.MarkdownString | string | undefined): string =>
  typeof value === "string" ? value : (value?.value ?? "");

/** The item with this label, resolved as it is when the user comes to it. */
const untilOffered = (
  uri: vscode.Uri,
  position: vscode.Position,
  wanted: string,
): Promise<vscode.CompletionItem> => {
  let labels: readonly string[] = [];
  const ask = async (): Promise<vscode.CompletionItem | undefined> => {
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      uri,
      position,
      undefined,
      200, // resolves so many
    );
    labels = items.map(labelOf);
    return items.find((item) => labelOf(item) === wanted);
  };
  return until(`${wanted} in the list`, ask, () => labels.slice(0, 20));
};

/** Does what choosing the item does. */
async function choose(document: vscode.TextDocument, item: vscode.CompletionItem): Promise<void> {
  const editor = await vscode.window.showTextDocument(document);
  const { insertText, range } = item;
  assert.ok(range !== undefined, `${labelOf(item)} says what it replaces`);
  const place = range instanceof vscode.Range ? range : range.replacing;
  if (insertText instanceof vscode.SnippetString) assert.ok(await editor.insertSnippet(insertText, place));
  else assert.ok(await editor.edit((builder) => builder.replace(place, insertText ?? labelOf(item))));
}

const lastLineOf = (document: vscode.TextDocument): string => document.getText().split("\n").at(-1) ?? "";

describe("hover", () => {
  const pipeline = fileUri("shop", ".gitlab-ci.yml");
  afterEach(revertAll);

  const hoverAt = (text: string, words: RegExp): Promise<string> =>
    until(`the hover over ${text}`, async () => {
      const document = await vscode.workspace.openTextDocument(pipeline);
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        pipeline,
        document.positionAt(document.getText().indexOf(text) + 1),
      );
      const said = hovers.flatMap(({ contents }) =>
        contents.map((each) => (each as vscode.MarkdownString).value),
      );
      return said.find((each) => words.test(each));
    });

  it("says what a build will do, from the Dockerfile as it stands in its editor", async () => {
    await show(pipeline);
    const before = await hoverAt("docker build --target release", /Stage/);
    assert.match(before, /^- Dockerfile: `Dockerfile`$/m);
    assert.match(before, /^- Stage: `release`, stage 2 of 2: `FROM nginx:1\.29-alpine`$/m);
    assert.match(before, /^- Daemon: Docker-in-Docker: .*with TLS$/m);
    const dockerfile = await show(fileUri("shop", "Dockerfile"));
    await setText(dockerfile, dockerfile.getText().replace("nginx:1.29-alpine", "caddy:2.10-alpine"));
    await hoverAt("docker build --target release", /stage 2 of 2: `FROM caddy:2\.10-alpine`/);
  });

  it("says what a variable is", async () => {
    await show(pipeline);
    assert.match(await hoverAt("$CI_COMMIT_SHORT_SHA", /CI_COMMIT_SHORT_SHA/), /1ecfd275/);
  });
});

describe("completion", () => {
  const pipeline = fileUri("shop", ".gitlab-ci.yml");
  afterEach(revertAll);

  it("offers flags of the tool, and then the stages of the Dockerfile", async () => {
    const document = await show(pipeline);
    const job = "\nextra:\n  stage: release\n  script:\n    - docker build --tar";
    const flag = await untilOffered(pipeline, await typeAtEnd(document, job), "--target");
    assert.ok(markdownOf(flag.documentation) !== "" || detailOf(flag) !== "", "it says what the flag is for");
    await choose(document, flag);
    assert.match(lastLineOf(document), /^ {4}- docker build --target[ =]?$/);
    if (!/[ =]$/.test(lastLineOf(document))) await typeAtEnd(document, " ");
    const stage = await untilOffered(pipeline, document.positionAt(document.getText().length), "release");
    await choose(document, stage);
    assert.match(lastLineOf(document), /^ {4}- docker build --target[ =]release$/);
  });

  it("offers variables behind a dollar sign, with where they come from", async () => {
    const document = await show(pipeline);
    const job = '\nextra:\n  variables:\n    NAME_OF_IMAGE: shop\n  script:\n    - docker push "$';
    const end = await typeAtEnd(document, job);
    const own = await untilOffered(pipeline, end, "NAME_OF_IMAGE");
    assert.match(detailOf(own), /^shop \(job\)$/);
    await choose(document, own);
    assert.strictEqual(lastLineOf(document), '    - docker push "$NAME_OF_IMAGE');
  });

  it("offers snippets where they fit, in a Dockerfile too", async () => {
    const dockerfile = fileUri("shop", "docs/Dockerfile");
    const document = await show(dockerfile);
    await setText(document, "dock");
    const item = await untilOffered(dockerfile, new vscode.Position(0, 4), "dockerfile-go");
    assert.strictEqual(item.kind, vscode.CompletionItemKind.Snippet);
    await choose(document, item);
    assert.match(document.getText(), /^(?:#.*\n)*FROM .*golang:[\d.]+/m);
    assert.doesNotMatch(document.getText(), /^dock|\$\{\d/m);
  });
});
