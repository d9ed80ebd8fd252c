// The fixture workspace as the tests speak of it: files, buffers, findings. Two folders: `shop` has one fault of each
// kind that the tests need, `tools` has its own project configuration.
import assert from "node:assert";
import * as vscode from "vscode";
import { until } from "./polling";

export const EXTENSION_ID = "gitlab-ci-docker.gitlab-ci-docker";
export const SOURCE = "gitlab-ci-docker";

/** The address of a file: folder of the workspace, then the path inside it. */
export function fileUri(folder: "shop" | "tools", path: string): vscode.Uri {
  const found = vscode.workspace.workspaceFolders?.find((each) => each.name === folder);
  assert.ok(found, `the workspace has the folder ${folder}`);
  return vscode.Uri.joinPath(found.uri, path);
}

/** Opens a file in an editor. */
export async function show(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

/** Gives the buffer this text, as typing would, without saving it. */
export async function setText(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  edit.replace(document.uri, document.validateRange(whole), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
  assert.strictEqual(document.getText(), text);
}

/** Writes the file behind every editor's back. */
export const writeToDisk = (uri: vscode.Uri, text: string): Thenable<void> =>
  vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));

/** The file's text on disk. */
export const readFromDisk = async (uri: vscode.Uri): Promise<string> =>
  new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));

/** What we say about the file at this moment. */
export const findingsIn = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === SOURCE);

export const ruleOf = ({ code }: vscode.Diagnostic): string =>
  String(typeof code === "object" ? code.value : code);

/** The findings as `rule@text of the place`, sorted by place: says what and where in words that can be compared. */
export function summaryOf(document: vscode.TextDocument): string[] {
  return findingsIn(document.uri)
    .sort((a, b) => a.range.start.compareTo(b.range.start))
    .map(
      (finding) => `${finding.range.start.line + 1} ${ruleOf(finding)}: ${document.getText(finding.range)}`,
    );
}

/** Waits until the rule speaks about the file. */
export const untilFound = (uri: vscode.Uri, rule: string): Promise<vscode.Diagnostic> =>
  until(`${rule} in ${uri.path}`, () => findingsIn(uri).find((each) => ruleOf(each) === rule), rulesIn(uri));

/** Waits until the rule is silent about the file. */
export const untilGone = (uri: vscode.Uri, rule: string): Promise<true> =>
  until(
    `no ${rule} in ${uri.path}`,
    () => !findingsIn(uri).some((each) => ruleOf(each) === rule),
    rulesIn(uri),
  );

const rulesIn = (uri: vscode.Uri) => (): string[] => findingsIn(uri).map(ruleOf);

/** Throws away what tests typed, and closes all editors. VS Code itself may be writing its settings: not ours to revert. */
export async function revertAll(): Promise<void> {
  const isOurs = ({ uri }: vscode.TextDocument): boolean =>
    vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  for (const document of vscode.workspace.textDocuments.filter((each) => each.isDirty && isOurs(each))) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("workbench.action.files.revert");
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

/**
 * Asks for code actions until one fits. Asks again because VS Code cancels the request, and answers `[]`, whenever any
 * extension registers another provider meanwhile, as they do while VS Code starts.
 */
export async function untilAction(
  uri: vscode.Uri,
  range: vscode.Range,
  kind: vscode.CodeActionKind,
  fits: (action: vscode.CodeAction) => boolean,
): Promise<vscode.CodeAction> {
  let titles: string[] = [];
  const ask = async (): Promise<vscode.CodeAction | undefined> => {
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      uri,
      range,
      kind.value,
      20, // resolves so many, where the server leaves the edit for later
    );
    titles = actions.map((action) => action.title);
    return actions.find(fits);
  };
  return until(`code action ${kind.value}`, ask, () => titles);
}

/** Applies the action as a click on it would. */
export async function apply(action: vscode.CodeAction): Promise<void> {
  assert.ok(action.edit, `"${action.title}" brings its edit`);
  assert.ok(await vscode.workspace.applyEdit(action.edit), `"${action.title}" can be applied`);
}
