// Completion: the ready-made configurations, in our files only, where one can begin.
import {
  CompletionItemKind,
  InsertTextFormat,
  type CompletionItem,
  type CompletionParams,
} from "vscode-languageserver";
import { createLineIndex, snippetsFor, type Snippet } from "../../core/index";
import { kindByName } from "../../host/file-kind";
import { toOffset } from "../convert";
import type { Placed } from "../folders";

/** The snippets that may stand at the cursor of an open document, in the order of their file. */
export function completions(
  { session, path }: Placed,
  { position }: CompletionParams,
): readonly CompletionItem[] {
  const kind = session.speech.file(path)?.kind;
  const text = session.document(path)?.text;
  if (kind === undefined || text === undefined || !(session.isRead(path) || kindByName(path) === kind))
    return [];
  const lines = createLineIndex(text);
  const start = lines.lineStart(position.line);
  const typed = text.slice(start, toOffset(lines, position, session.speech.encoding));
  // Only what begins a line: a job, a table, an instruction.
  if (!/^[\w-]*$/.test(typed)) return [];
  const rest = text.slice(0, start) + text.slice(start + lines.lineText(position.line).length);
  const fits = ({ placement }: Snippet): boolean => placement !== "whole-file" || isEmpty(rest);
  return snippetsFor(kind)
    .filter(fits)
    .map((snippet, index): CompletionItem => ({
      label: snippet.prefix,
      kind: CompletionItemKind.Snippet,
      detail: snippet.name,
      documentation: snippet.description,
      sortText: `~${String(index).padStart(3, "0")}`,
      insertTextFormat: InsertTextFormat.Snippet,
      textEdit: {
        range: { start: { line: position.line, character: 0 }, end: position },
        newText: snippet.body,
      },
    }));
}

/** Whether a file holds comments and blank lines only. */
const isEmpty = (text: string): boolean => text.split("\n").every((line) => /^\s*(#.*)?$/.test(line));
