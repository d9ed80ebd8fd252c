// "Report a False Alarm": opens a text about one finding, to be read, completed and posted by hand. Nothing is sent.
import { env, type TextEditor, Uri, version, window, workspace } from "vscode";
import type { RunningClient } from "./client";
import { findingsAtCursor, findingsIn, ruleOf } from "./diagnostics";

interface Position {
  readonly line: number;
  readonly character: number;
}

interface Choice {
  readonly rule: string;
  readonly message: string;
  /** In the finding. */
  readonly position: Position;
}

/** What the server's code action hands over. */
interface Given {
  readonly uri: string;
  readonly findings: readonly Choice[];
}

/** Without an argument: the finding under the cursor, or else one of the file to choose. */
export async function reportFalseAlarm(client: RunningClient, given: unknown): Promise<void> {
  const { uri, findings } = isGiven(given) ? given : atCursor(window.activeTextEditor);
  if (uri === undefined || findings.length === 0) {
    void window.showInformationMessage("Nothing was found in this file that could be a false alarm.");
    return;
  }
  const choice = findings.length === 1 ? findings[0] : await choose(findings);
  if (choice === undefined) return;
  const { rule, position } = choice;
  await workspace.openTextDocument(Uri.parse(uri)); // the server answers for open documents
  const report = await client.request<{ readonly text: string } | null>("gitlabCiDocker/falseAlarm", {
    uri,
    rule,
    position,
    client: `${env.appName} ${version}`,
  });
  if (report === null) {
    void window.showInformationMessage("That finding is gone: the file was edited meanwhile.");
    return;
  }
  await window.showTextDocument(
    await workspace.openTextDocument({ language: "markdown", content: report.text }),
  );
}

function isGiven(value: unknown): value is Given {
  return (
    typeof value === "object" &&
    value !== null &&
    "uri" in value &&
    typeof value.uri === "string" &&
    "findings" in value &&
    Array.isArray(value.findings)
  );
}

function atCursor(editor: TextEditor | undefined): Partial<Given> & Pick<Given, "findings"> {
  if (editor === undefined) return { findings: [] };
  const { uri } = editor.document;
  const here = findingsAtCursor(editor);
  const findings = (here.length > 0 ? here : findingsIn(uri)).map((each) => ({
    rule: ruleOf(each),
    message: each.message,
    position: each.range.start,
  }));
  return { uri: uri.toString(), findings };
}

async function choose(findings: readonly Choice[]): Promise<Choice | undefined> {
  const items = findings.map((choice) => ({
    label: choice.rule,
    description: `line ${choice.position.line + 1}`,
    detail: choice.message,
    choice,
  }));
  return (await window.showQuickPick(items, { placeHolder: "Finding that is a false alarm" }))?.choice;
}
