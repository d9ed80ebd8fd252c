// Completion: what the core knows for the place, and the ready-made configurations where one can begin. In our files only.
import {
  CompletionItemKind,
  InsertTextFormat,
  MarkupKind,
  type CompletionItem,
  type CompletionParams,
  type Range,
} from "vscode-languageserver";
import { createLineIndex, snippetsFor, type Item, type ItemKind, type Snippet } from "../../core/index";
import { kindByName } from "../../host/file-kind";
import { toOffset, toRange } from "../convert";
import type { Placed } from "../folders";

/** Characters behind which something is offered without being asked for. */
export const TRIGGER_CHARACTERS: readonly string[] = ["$", "{", "-", "=", " ", "/", "[", ":", '"'];

/** What may stand at the cursor of an open document, the best first. */
export function completions(placed: Placed, params: CompletionParams): readonly CompletionItem[] {
  const { session, path } = placed;
  const kind = session.speech.file(path)?.kind;
  if (kind === undefined || !(session.isRead(path) || kindByName(path) === kind)) return [];
  return [...known(placed, params), ...snippets(placed, params)];
}

// ---- Names and values

const KINDS: Readonly<Record<ItemKind, CompletionItemKind>> = {
  job: CompletionItemKind.Class,
  template: CompletionItemKind.Interface,
  stage: CompletionItemKind.EnumMember,
  variable: CompletionItemKind.Variable,
  command: CompletionItemKind.Function,
  flag: CompletionItemKind.Property,
  file: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
  image: CompletionItemKind.Module,
  argument: CompletionItemKind.Variable,
  key: CompletionItemKind.Property,
  rule: CompletionItemKind.Constant,
  host: CompletionItemKind.Reference,
  value: CompletionItemKind.Value,
};

function known({ session, path }: Placed, { position }: CompletionParams): readonly CompletionItem[] {
  const { speech } = session;
  return session.ask((analysis) => {
    const lines = speech.file(path)?.lines;
    if (lines === undefined) return [];
    const { items, at } = analysis.complete(path, toOffset(lines, position, speech.encoding));
    const range = toRange(lines, at.start, at.end, speech.encoding);
    return items.map((item, index): CompletionItem => ({
      label: item.label,
      kind: KINDS[item.kind],
      sortText: String(index).padStart(4, "0"),
      ...insertion(item, range),
      ...(item.detail === undefined ? {} : { detail: item.detail }),
      ...documentationOf(item),
    }));
  });
}

/** A cursor in the middle is said by a snippet. */
function insertion({ label, insert = label, caret = 0 }: Item, range: Range): Partial<CompletionItem> {
  if (caret === 0) return { textEdit: { range, newText: insert } };
  const plain = (text: string): string => text.replace(/[\\$}]/g, "\\$&");
  const newText = `${plain(insert.slice(0, -caret))}$0${plain(insert.slice(-caret))}`;
  return { insertTextFormat: InsertTextFormat.Snippet, textEdit: { range, newText } };
}

const documentationOf = ({ documentation }: Item): Pick<CompletionItem, "documentation"> =>
  documentation === undefined ? {} : { documentation: { kind: MarkupKind.Markdown, value: documentation } };

// ---- Ready-made configurations

/** The snippets that may stand at the cursor, in the order of their file. */
function snippets({ session, path }: Placed, { position }: CompletionParams): readonly CompletionItem[] {
  const kind = session.speech.file(path)?.kind;
  const text = session.document(path)?.text;
  if (kind === undefined || text === undefined) return [];
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
      documentation: { kind: MarkupKind.Markdown, value: `${snippet.description}\n\n${snippet.when}` },
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
