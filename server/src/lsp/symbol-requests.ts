// The protocol's requests about names, each behind the fence: never from another text than the one that was asked about, empty
// where nobody waits any more or where we fail.
import type {
  CancellationToken,
  ClientCapabilities,
  Connection,
  Location,
  PrepareRenameResult,
  ReferenceParams,
  RenameParams,
  ResponseError,
  ServerCapabilities,
  TextDocumentPositionParams,
  WorkspaceEdit,
} from "vscode-languageserver";
import { answerFreshLater } from "./fresh";
import type { Folders, Placed } from "./folders";
import { guard, type Log } from "./guard";
import { definitions, highlights, prepareRename, references, rename } from "./handlers/symbols";
import type { EditAbilities } from "./workspace-edit";

/** What was agreed on with the client; undefined before it introduced itself. */
export type Agreed = () => { readonly folders: Folders; readonly edits: EditAbilities } | undefined;

export const symbolCapabilities = ({ textDocument }: ClientCapabilities): ServerCapabilities => ({
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: textDocument?.rename?.prepareSupport === true ? { prepareProvider: true } : true,
});

export function answerAboutSymbols(connection: Connection, log: Log, agreed: Agreed): void {
  const answering = <P extends TextDocumentPositionParams, R>(
    name: string,
    empty: R,
    answer: (placed: Placed, params: P, edits: EditAbilities) => R,
  ) =>
    guard(`textDocument/${name}`, empty, log, async (params: P, token: CancellationToken): Promise<R> => {
      const { folders, edits } = agreed() ?? {};
      const { uri } = params.textDocument;
      if (edits === undefined) return empty;
      return answerFreshLater(folders, uri, token, empty, (placed) => answer(placed, params, edits));
    });
  connection.onDefinition(answering("definition", [], definitions));
  connection.onReferences(answering<ReferenceParams, Location[]>("references", [], references));
  connection.onDocumentHighlight(answering("documentHighlight", [], highlights));
  connection.onPrepareRename(
    answering<TextDocumentPositionParams, PrepareRenameResult | ResponseError | null>(
      "prepareRename",
      null,
      prepareRename,
    ),
  );
  connection.onRenameRequest(
    answering<RenameParams, WorkspaceEdit | ResponseError | null>("rename", null, rename),
  );
}
