// The commands of package.json. Each is one function; what they share comes in as arguments.
import { commands, type Disposable, languages, type TextEditor, window } from "vscode";
import type { RunningClient } from "./client";
import { provideEffectiveJobs } from "./effective-job";
import type { RulePages } from "./rule-pages";

const SOURCE = "gitlab-ci-docker";
const FIX_ALL_KIND = "source.fixAll.gitlabCiDocker";

/** Registers all commands; dispose of the result to take them away again. */
export function registerCommands(client: RunningClient): Disposable[] {
  const effectiveJobs = provideEffectiveJobs(client);
  return [
    effectiveJobs.provision,
    commands.registerCommand("gitlabCiDocker.showEffectiveJob", (job?: unknown) => effectiveJobs.show(job)),
    commands.registerCommand("gitlabCiDocker.restartServer", () => client.restart()),
    commands.registerCommand("gitlabCiDocker.showOutput", () => client.showOutput()),
    commands.registerCommand("gitlabCiDocker.fixAll", fixAll),
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

/** Opens a rule's page in the Markdown preview. Without an id: the rule under the cursor, or else one to choose. */
async function openRulePage(pages: RulePages, id: unknown): Promise<void> {
  const rule =
    typeof id === "string" ? id : (ruleAtCursor(window.activeTextEditor) ?? (await chooseRule(pages)));
  if (rule === undefined) return;
  const page = pages.get(rule);
  if (page === undefined) {
    void window.showWarningMessage(`There is no page for the rule "${rule}".`);
    return;
  }
  await commands.executeCommand("markdown.showPreview", page);
}

function ruleAtCursor(editor: TextEditor | undefined): string | undefined {
  if (editor === undefined) return undefined;
  const found = languages
    .getDiagnostics(editor.document.uri)
    .find((diagnostic) => diagnostic.source === SOURCE && diagnostic.range.contains(editor.selection.active));
  const code = found?.code;
  const value = typeof code === "object" ? code.value : code;
  return value === undefined ? undefined : String(value);
}

async function chooseRule(pages: RulePages): Promise<string | undefined> {
  return window.showQuickPick([...pages.keys()].sort(), { placeHolder: "Rule whose page to open" });
}
