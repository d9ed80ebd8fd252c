// "Create the Project Configuration": a new `.gitlab-ci-docker.yml` with every setting as a comment. Never overwrites one.
import { Uri, window, workspace, WorkspaceEdit, type WorkspaceFolder } from "vscode";
import type { RunningClient } from "./client";

const NAME = ".gitlab-ci-docker.yml";

/** Opens the file of a folder, which is asked for where there are several. */
export async function createConfiguration(client: RunningClient, given: unknown): Promise<void> {
  const folder = given instanceof Uri ? workspace.getWorkspaceFolder(given) : await chooseFolder();
  if (folder === undefined) return;
  const uri = Uri.joinPath(folder.uri, NAME);
  const text = await client.request<string>("gitlabCiDocker/configurationTemplate", {});
  const edit = new WorkspaceEdit();
  const contents = new TextEncoder().encode(text);
  edit.createFile(uri, { overwrite: false, ignoreIfExists: true, contents });
  await workspace.applyEdit(edit);
  await window.showTextDocument(await workspace.openTextDocument(uri));
}

async function chooseFolder(): Promise<WorkspaceFolder | undefined> {
  const folders = workspace.workspaceFolders ?? [];
  if (folders.length === 0) void window.showInformationMessage(`Open a folder to create its ${NAME}.`);
  return folders.length <= 1
    ? folders[0]
    : window.showWorkspaceFolderPick({ placeHolder: `Folder to create ${NAME} in` });
}
