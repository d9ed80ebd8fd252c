// Fixes as the protocol wants them: edits of several files, with the versions of those that are open.
import type {
  CreateFile,
  TextDocumentEdit,
  TextEdit as ProtocolEdit,
  WorkspaceEdit,
} from "vscode-languageserver";
import type { FilePath, Fix, TextEdit } from "../core/index";
import { rangeOf, type Speech } from "./convert";

/** What the client can do with a workspace edit. */
export interface EditAbilities {
  readonly documentChanges: boolean;
  readonly createFiles: boolean;
  /** It shows edits to the user first, where they ask for it. */
  readonly changeAnnotations: boolean;
}

export interface Changes extends Pick<Fix, "edits" | "creates"> {
  /** What the user is to confirm, looking at the difference; undefined where the edit is applied at once. */
  readonly review?: string | undefined;
}

/** The edit; undefined where the client can't do it (it can't create files). */
export function workspaceEdit(
  { edits, creates, review }: Changes,
  speech: Speech,
  abilities: EditAbilities,
  versionOf: (path: FilePath) => number | undefined,
): WorkspaceEdit | undefined {
  if (creates.length > 0 && !(abilities.documentChanges && abilities.createFiles)) return undefined;
  const byFile = new Map<FilePath, ProtocolEdit[]>();
  for (const edit of edits) {
    const list = byFile.get(edit.file) ?? [];
    list.push(protocolEdit(edit, speech));
    byFile.set(edit.file, list);
  }
  if (!abilities.documentChanges) {
    return { changes: Object.fromEntries([...byFile].map(([path, list]) => [speech.uriOf(path), list])) };
  }
  const changed = [...byFile].map(([path, list]): TextDocumentEdit => ({
    textDocument: { uri: speech.uriOf(path), version: versionOf(path) ?? null },
    edits: list,
  }));
  const isReviewed = review !== undefined && abilities.changeAnnotations;
  return {
    documentChanges: [
      ...creates.flatMap(({ file, text }) => creation(speech.uriOf(file), text)),
      ...(isReviewed ? changed.map(withReview) : changed),
    ],
    ...(isReviewed ? { changeAnnotations: { [REVIEW]: { label: review, needsConfirmation: true } } } : {}),
  };
}

const REVIEW = "review";

/** https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#changeAnnotation */
const withReview = ({ textDocument, edits }: TextDocumentEdit): TextDocumentEdit => ({
  textDocument,
  edits: edits.map((edit) => ({ ...edit, annotationId: REVIEW })),
});

const protocolEdit = ({ file, start, end, newText }: TextEdit, speech: Speech): ProtocolEdit => ({
  range: rangeOf({ file, start, end }, speech),
  newText,
});

/** Fails as a whole where the file has come to be in the meantime. */
function creation(uri: string, newText: string): readonly (CreateFile | TextDocumentEdit)[] {
  const beginning = { line: 0, character: 0 };
  return [
    { kind: "create", uri, options: { overwrite: false, ignoreIfExists: false } },
    {
      textDocument: { uri, version: null },
      edits: [{ range: { start: beginning, end: beginning }, newText }],
    },
  ];
}
