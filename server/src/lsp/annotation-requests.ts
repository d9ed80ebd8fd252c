// The protocol's requests for what is shown beside the text: code lenses and inlay hints. Answered from the text that was asked
// about, behind the fence; and the client is told when what it shows has become wrong.
import {
  CodeLensRefreshRequest,
  InlayHintRefreshRequest,
  type CancellationToken,
  type ClientCapabilities,
  type CodeLens,
  type CodeLensParams,
  type Connection,
  type InlayHint,
  type InlayHintParams,
  type ServerCapabilities,
} from "vscode-languageserver";
import { answerFreshLater } from "./fresh";
import type { Folders, Placed, SharedOptions } from "./folders";
import { guard, type Log } from "./guard";
import { codeLenses } from "./handlers/code-lens";
import { inlayHints } from "./handlers/inlay-hint";
import { ownAbilities } from "./own-abilities";
import { createRefresher, type Refresher } from "./refresh";

/** What was agreed on with the client; undefined before it introduced itself. */
export type Agreed = () => { readonly folders: Folders; readonly client: ClientCapabilities } | undefined;

/** Milliseconds without a report, and so without typing, before the client is told. */
const PAUSE = 200;

export function annotationCapabilities(client: ClientCapabilities): ServerCapabilities {
  const { effectiveJob, showReferences } = ownAbilities(client);
  return {
    ...(effectiveJob || showReferences ? { codeLensProvider: { resolveProvider: false } } : {}),
    ...(client.textDocument?.inlayHint === undefined ? {} : { inlayHintProvider: true }),
  };
}

type CreateListener = NonNullable<SharedOptions["createListener"]>;

/** Listeners that also tell of each report. */
export const toldOfReports =
  (createListener: CreateListener, onReport: () => void): CreateListener =>
  (root) => {
    const listen = createListener(root);
    return (event) => {
      listen?.(event);
      if (event.kind === "checked") onReport();
    };
  };

/** Answers the requests; what comes back is to be called after each report. */
export function answerWithAnnotations(connection: Connection, log: Log, agreed: Agreed): () => void {
  const refresher = (method: string, isSupported: (client: ClientCapabilities) => boolean): Refresher =>
    createRefresher({
      document: (uri) => agreed()?.folders.document(uri),
      send: async () => {
        const { client } = agreed() ?? {};
        if (client !== undefined && isSupported(client)) await connection.sendRequest(method);
      },
      log,
      delay: PAUSE,
    });
  const lenses = refresher(
    CodeLensRefreshRequest.method,
    ({ workspace }) => workspace?.codeLens?.refreshSupport === true,
  );
  const hints = refresher(
    InlayHintRefreshRequest.method,
    ({ workspace }) => workspace?.inlayHint?.refreshSupport === true,
  );
  const answering = <P extends CodeLensParams | InlayHintParams, R>(
    name: string,
    watched: Refresher,
    answer: (placed: Placed, params: P, client: ClientCapabilities) => readonly R[],
  ) =>
    guard(`textDocument/${name}`, [], log, async (params: P, token: CancellationToken): Promise<R[]> => {
      const { folders, client } = agreed() ?? {};
      const { uri } = params.textDocument;
      if (client === undefined || folders === undefined) return [];
      return answerFreshLater<R[]>(folders, uri, token, [], (placed) => {
        const found = answer(placed, params, client);
        // Another folder's document by now: whatever was said of it is to be asked for anew.
        watched.answered(uri, found, () =>
          folders.holds(uri, placed) ? answer(placed, params, client) : null,
        );
        return [...found];
      });
    });
  connection.onCodeLens(
    answering<CodeLensParams, CodeLens>("codeLens", lenses, (placed, { textDocument }, client) =>
      codeLenses(placed, textDocument.uri, ownAbilities(client)),
    ),
  );
  connection.languages.inlayHint.on(
    answering<InlayHintParams, InlayHint>("inlayHint", hints, (placed, params) => inlayHints(placed, params)),
  );
  return () => {
    lenses.reported();
    hints.reported();
  };
}
