// What we say about files, as VS Code has it.
import { type Diagnostic, languages, type TextEditor, type Uri } from "vscode";

const SOURCE = "gitlab-ci-docker";

/** What a rule found in a file; not what could not be read. */
export const findingsIn = (uri: Uri): readonly Diagnostic[] =>
  languages.getDiagnostics(uri).filter((each) => each.source === SOURCE && ruleOf(each) !== "problem");

/** Those that hold the cursor. */
export const findingsAtCursor = ({ document, selection }: TextEditor): readonly Diagnostic[] =>
  findingsIn(document.uri).filter(({ range }) => range.contains(selection.active));

export function ruleOf({ code }: Diagnostic): string {
  const value = typeof code === "object" ? code.value : code;
  return value === undefined ? "" : String(value);
}
