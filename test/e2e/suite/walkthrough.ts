// The first steps: the walkthrough opens under its id, and each command and picture that it names is there.
import assert from "node:assert";
import * as vscode from "vscode";
import { until } from "./polling";
import { EXTENSION_ID, revertAll } from "./workspace";

interface Step {
  readonly id: string;
  readonly description: string;
  readonly media: { readonly image?: Readonly<Record<string, string>>; readonly markdown?: string };
}

interface Manifest {
  readonly contributes: {
    readonly walkthroughs: readonly { readonly id: string; readonly steps: readonly Step[] }[];
  };
}

describe("the walkthrough", () => {
  afterEach(revertAll);

  const extension = vscode.extensions.getExtension(EXTENSION_ID);
  const [walkthrough] = (extension?.packageJSON as Manifest).contributes.walkthroughs;

  // Which page the tab shows, extensions aren't told: `run-ui.mjs` looks at it.
  it("is known to VS Code with each of its steps, and opens in a tab", async () => {
    assert.ok(walkthrough);
    const id = `${EXTENSION_ID}#${walkthrough.id}`;
    const isKnown = (step: string): Promise<boolean> =>
      Promise.resolve(vscode.commands.executeCommand("welcome.markStepIncomplete", `${id}#${step}`)).then(
        () => true,
        () => false,
      );
    // VS Code may take some seconds after its start to read what extensions contribute here.
    for (const step of walkthrough.steps) await until(`the step ${step.id}`, () => isKnown(step.id));
    assert.strictEqual(await isKnown("no-such-step"), false);
    await vscode.commands.executeCommand("workbench.action.openWalkthrough", id);
    await until("its tab", () => vscode.window.tabGroups.activeTabGroup.activeTab?.label === "Welcome");
  });

  it("has buttons that lead somewhere, and its pictures", async () => {
    assert.ok(extension && walkthrough);
    const known = new Set(await vscode.commands.getCommands(true));
    const buttons = walkthrough.steps.flatMap(({ description }) =>
      [...description.matchAll(/\(command:([\w.]+)\)/g)].map(([, command]) => command ?? ""),
    );
    assert.ok(buttons.length > 3);
    assert.deepStrictEqual(
      buttons.filter((command) => !known.has(command)),
      [],
    );
    const files = walkthrough.steps.flatMap(({ media }) => [
      ...Object.values(media.image ?? {}),
      media.markdown ?? [],
    ]);
    for (const file of files.flat()) {
      const { size } = await vscode.workspace.fs.stat(vscode.Uri.joinPath(extension.extensionUri, file));
      assert.ok(size > 0, file);
    }
  });
});
