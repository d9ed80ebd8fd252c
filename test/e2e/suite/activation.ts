// The extension wakes up when it should, and what package.json promises is there.
import assert from "node:assert";
import * as vscode from "vscode";
import { EXTENSION_ID } from "./workspace";
import { until } from "./polling";

describe("activation", () => {
  const extension = vscode.extensions.getExtension(EXTENSION_ID);

  it("happens by itself, because the workspace holds a .gitlab-ci.yml", async () => {
    assert.ok(extension, "VS Code knows the extension");
    await until("active", () => extension.isActive);
  });

  it("registers every command of package.json", async () => {
    const manifest = extension?.packageJSON as { contributes: { commands: { command: string }[] } };
    const promised = manifest.contributes.commands.map(({ command }) => command);
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.ok(promised.length > 0);
    assert.deepStrictEqual(
      promised.filter((command) => !registered.has(command)),
      [],
    );
  });

  it("teaches the YAML extension GitLab's !reference tag", () => {
    assert.deepStrictEqual(vscode.workspace.getConfiguration("yaml").get("customTags"), [
      "!reference sequence",
    ]);
  });
});
