// The commands of package.json. Each is one function; what they share comes in as arguments.
import { commands, type Disposable, window, workspace } from "vscode";
import { checkWorkspace } from "./check-workspace";
import type { RunningClient } from "./client";
import { createConfiguration } from "./create-configuration";
import { findingsAtCursor, ruleOf } from "./diagnostics";
import { provideEffectiveJobs } from "./effective-job";
import { EXAMPLE_PIPELINE } from "./example-pipeline";
import { reportFalseAlarm } from "./false-alarm";
import type { RulePages } from "./rule-pages";
import { showReferences } from "./show-references";

const FIX_ALL_KIND = "source.fixAll.gitlabCiDocker";

/** Registers all commands; dispose of the result to take them away again. */
export function registerCommands(client: RunningClient): Disposable[] {
  const effectiveJobs = provideEffectiveJobs(client);
  return [
    effectiveJobs.provision,
    commands.registerCommand("gitlabCiDocker.showEffectiveJob", (job?: unknown) => effectiveJobs.show(job)),
    commands.registerCommand("gitlabCiDocker.showReferences", showReferences), // of code lenses: not in the palette
    commands.registerCommand("gitlabCiDocker.restartServer", () => client.restart()),
    commands.registerCommand("gitlabCiDocker.showOutput", () => client.showOutput()),
    commands.registerCommand("gitlabCiDocker.fixAll", fixAll),
    commands.registerCommand("gitlabCiDocker.checkWorkspace", () => checkWorkspace(client)),
    commands.registerCommand("gitlabCiDocker.createConfiguration", (folder?: unknown) =>
      createConfiguration(client, folder),
    ),
    commands.registerCommand("gitlabCiDocker.reportFalseAlarm", (finding?: unknown) =>
      reportFalseAlarm(client, finding),
    ),
    commands.registerCommand("gitlabCiDocker.openExample", openExample),
    commands.registerCommand("gitlabCiDocker.openRulePage", async (id?: unknown) =>
      openRulePage(await client.rulePages, id),
    ),
  ];
}

/** Applies all safe fixes to the file in the active editor, by the way that "fix on save" takes. */
async function fixAll(): Promise<void> {
  if (window.activeTextEditor === undefined) {
    void window.showInformationMessage("Open a file to fix the problems in it.");
    return;
  }
  await commands.executeCommand("editor.action.sourceAction", { kind: FIX_ALL_KIND, apply: "first" });
}

/** Opens a broken pipeline that is in the editor only. */
async function openExample(): Promise<void> {
  const document = await workspace.openTextDocument({ language: "yaml", content: EXAMPLE_PIPELINE });
  await window.showTextDocument(document);
}

/** Opens a rule's page in the Markdown preview. Without an id: the rule under the cursor, or else one to choose. */
async function openRulePage(pages: RulePages, id: unknown): Promise<void> {
  const rule = typeof id === "string" ? id : (ruleAtCursor() ?? (await chooseRule(pages)));
  if (rule === undefined) return;
  const page = pages.get(rule);
  if (page === undefined) {
    void window.showWarningMessage(`There is no page for the rule "${rule}".`);
    return;
  }
  await commands.executeCommand("markdown.showPreview", page);
}

function ruleAtCursor(): string | undefined {
  const [found] = window.activeTextEditor === undefined ? [] : findingsAtCursor(window.activeTextEditor);
  return found && ruleOf(found);
}

async function chooseRule(pages: RulePages): Promise<string | undefined> {
  return window.showQuickPick([...pages.keys()].sort(), { placeHolder: "Rule whose page to open" });
}
