// The protocol's requests about the shape of a document, each behind the fence: never from another text than the one that was
// asked about, empty where nobody waits any more or where we fail.
import type {
  CancellationToken,
  ClientCapabilities,
  Connection,
  DocumentLink,
  DocumentLinkParams,
  DocumentSymbol,
  DocumentSymbolParams,
  FoldingRange,
  FoldingRangeParams,
  SelectionRange,
  SelectionRangeParams,
  ServerCapabilities,
  SymbolInformation,
  TextDocumentIdentifier,
} from "vscode-languageserver";
import { answerFresh } from "./fresh";
import type { Folders, Placed } from "./folders";
import { guard, type Log } from "./guard";
import { foldingRanges, selectionRanges } from "./handlers/folding";
import { documentLinks, linkAbilities } from "./handlers/links";
import { documentSymbols, workspaceSymbols } from "./handlers/outline";

/** What was agreed on with the client; undefined before it introduced itself. */
export type Agreed = () => { readonly folders: Folders; readonly client: ClientCapabilities } | undefined;

/** `label`: what VS Code writes above the outline where another extension gives one too. */
export const OUTLINE_CAPABILITIES: ServerCapabilities = {
  documentLinkProvider: { resolveProvider: false },
  documentSymbolProvider: { label: "GitLab CI Docker" },
  workspaceSymbolProvider: true,
  foldingRangeProvider: true,
  selectionRangeProvider: true,
};

export function answerAboutOutlines(connection: Connection, log: Log, agreed: Agreed): void {
  const answering = <P extends { readonly textDocument: TextDocumentIdentifier }, R>(
    name: string,
    answer: (placed: Placed, params: P, client: ClientCapabilities) => R,
  ) =>
    guard<[P, CancellationToken], R | null>(`textDocument/${name}`, null, log, (params, token) => {
      const { folders, client = {} } = agreed() ?? {};
      return answerFresh<R | null>(folders, params.textDocument.uri, token, null, (placed) =>
        answer(placed, params, client),
      );
    });
  connection.onDocumentLinks(
    answering<DocumentLinkParams, DocumentLink[]>("documentLink", (placed, _params, client) =>
      documentLinks(placed, linkAbilities(client)),
    ),
  );
  connection.onDocumentSymbol(
    answering<DocumentSymbolParams, DocumentSymbol[] | SymbolInformation[] | null>(
      "documentSymbol",
      (placed, _params, { textDocument }) =>
        documentSymbols(placed, textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true),
    ),
  );
  connection.onFoldingRanges(
    answering<FoldingRangeParams, FoldingRange[] | null>(
      "foldingRange",
      (placed, _params, { textDocument }) =>
        foldingRanges(placed, textDocument?.foldingRange?.rangeLimit ?? Infinity),
    ),
  );
  connection.onSelectionRanges(
    answering<SelectionRangeParams, SelectionRange[] | null>("selectionRange", (placed, { positions }) =>
      selectionRanges(placed, positions),
    ),
  );
  answerAboutNames(connection, log, agreed);
}

/** Names of all folders and of the documents that lie in none. */
function answerAboutNames(connection: Connection, log: Log, agreed: Agreed): void {
  connection.onWorkspaceSymbol(
    guard("workspace/symbol", [], log, async ({ query }, token): Promise<SymbolInformation[]> => {
      const found: SymbolInformation[] = [];
      for (const session of (await agreed()?.folders.sessions()) ?? []) {
        if (token.isCancellationRequested) return [];
        found.push(...workspaceSymbols(session, query));
      }
      return found;
    }),
  );
}
