// The language server: says what it can do, and passes messages to those who can do it.
import {
  CodeActionKind,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  TextDocumentSyncKind,
  type ClientCapabilities,
  type Connection,
  type InitializeParams,
  type InitializeResult,
} from "vscode-languageserver";
import type { Analysis, Workspace } from "../core/index";
import { ruleUrl, VERSION } from "../host/version";
import { chooseEncoding, type Encoding } from "./convert";
import { changed } from "./document";
import { Folders } from "./folders";
import { guard, guardNow, onlyOnce } from "./guard";
import { codeActions, FIX_ALL } from "./handlers/code-action";
import { SECTION, sectionOf, settingsFor, type ConfigurationSource } from "./handlers/configuration";
import { createScanProgress } from "./scan-progress";
import type { EditAbilities } from "./workspace-edit";

export interface ServerOptions {
  readonly createAnalysis: (workspace: Workspace) => Analysis;
  /** Milliseconds to wait after an edit for the next one. */
  readonly debounce?: number;
}

const DEBOUNCE = 30;

/** What was agreed on with the client. */
interface Agreement {
  readonly encoding: Encoding;
  readonly client: ClientCapabilities;
  readonly edits: EditAbilities;
  readonly folders: Folders;
}

/** Serves a connection until it ends. */
export function startServer(connection: Connection, { createAnalysis, debounce = DEBOUNCE }: ServerOptions): void {
  const log = onlyOnce((message) => {
    try {
      connection.console.error(message);
    } catch {
      // The connection is gone, and with it whoever could read this.
    }
  });
  let pushed: unknown;
  let agreement: Agreement | undefined;
  const roots: string[] = [];

  const agree = (params: InitializeParams): Agreement => {
    const client = params.capabilities;
    const encoding = chooseEncoding(client.general?.positionEncodings);
    const source: ConfigurationSource = {
      pull:
        client.workspace?.configuration === true
          ? (scopeUri) => connection.workspace.getConfiguration({ section: SECTION, ...(scopeUri === undefined ? {} : { scopeUri }) })
          : undefined,
      pushed: () => pushed,
      complain: onlyOnce((message) => connection.window.showWarningMessage(`gitlab-ci-docker: ${message}`)),
    };
    const folders = new Folders(
      {
        createAnalysis,
        debounce,
        log,
        publish: (diagnostics) => void connection.sendDiagnostics(diagnostics),
        onScan: createScanProgress(connection, client.window?.workDoneProgress === true),
        speech: { encoding, ruleUrl, hasRelated: client.textDocument?.publishDiagnostics?.relatedInformation === true },
      },
      (folder) => settingsFor(source, folder),
    );
    const edit = client.workspace?.workspaceEdit;
    const edits = {
      documentChanges: edit?.documentChanges === true,
      createFiles: edit?.resourceOperations?.includes("create") === true,
    };
    return { encoding, client, edits, folders };
  };

  connection.onInitialize((params): InitializeResult => {
    pushed = sectionOf(params.initializationOptions) ?? params.initializationOptions;
    agreement = agree(params);
    roots.push(...rootsOf(params));
    return capabilities(agreement.encoding);
  });
  connection.onInitialized(
    guardNow("initialized", log, () => {
      if (agreement === undefined) return;
      register(connection, agreement.client);
      roots.forEach((root) => agreement?.folders.addFolder(root));
      if (agreement.client.workspace?.workspaceFolders !== true) return;
      connection.workspace.onDidChangeWorkspaceFolders(
        guardNow("workspace/didChangeWorkspaceFolders", log, ({ added, removed }) => {
          removed.forEach(({ uri }) => agreement?.folders.removeFolder(uri));
          added.forEach(({ uri }) => agreement?.folders.addFolder(uri));
        }),
      );
    }),
  );
  connection.onShutdown(() => agreement?.folders.dispose());

  synchronise(connection, log, () => agreement);
  connection.onDidChangeConfiguration(
    guardNow("workspace/didChangeConfiguration", log, ({ settings }) => {
      pushed = sectionOf(settings) ?? pushed;
      void agreement?.folders.configure().catch((error: unknown) => log(`configuration failed: ${String(error)}`));
    }),
  );
  connection.onDidChangeWatchedFiles(
    guardNow("workspace/didChangeWatchedFiles", log, ({ changes }) => agreement?.folders.filesChanged(changes.map(({ uri }) => uri))),
  );
  connection.onCodeAction(
    guard("textDocument/codeAction", [], log, async (params) => {
      const placed = await agreement?.folders.placed(params.textDocument.uri);
      return placed === undefined || agreement === undefined ? [] : [...codeActions(placed, params, agreement.edits)];
    }),
  );
}

function capabilities(encoding: Encoding): InitializeResult {
  return {
    serverInfo: { name: "gitlab-ci-docker", version: VERSION },
    capabilities: {
      positionEncoding: encoding,
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}

/** The folders that are open from the start; `rootUri` is what older clients send. */
function rootsOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  if (workspaceFolders !== undefined && workspaceFolders !== null) return workspaceFolders.map(({ uri }) => uri);
  return rootUri === null ? [] : [rootUri];
}

/** Asks the client to tell about changed files and settings, where it wants to be asked. */
function register(connection: Connection, { workspace }: ClientCapabilities): void {
  if (workspace?.didChangeWatchedFiles?.dynamicRegistration === true) {
    // Any file: a build context or an include may be called anything, and whether a file exists matters too.
    void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: "**/*" }] });
  }
  if (workspace?.didChangeConfiguration?.dynamicRegistration === true) {
    void connection.client.register(DidChangeConfigurationNotification.type, { section: SECTION });
  }
}

/** Keeps the open documents in step. Done at once, in order: the next message counts on it. */
function synchronise(connection: Connection, log: (message: string) => void, agreed: () => Agreement | undefined): void {
  connection.onDidOpenTextDocument(
    guardNow("textDocument/didOpen", log, ({ textDocument: { uri, languageId, version, text } }) => {
      agreed()?.folders.setDocument(changed({ uri, languageId, version, text: "" }, version, [{ text }], "utf-16"));
    }),
  );
  connection.onDidChangeTextDocument(
    guardNow("textDocument/didChange", log, ({ textDocument: { uri, version }, contentChanges }) => {
      const agreement = agreed();
      const document = agreement?.folders.document(uri);
      if (agreement === undefined || document === undefined) return;
      agreement.folders.setDocument(changed(document, version, contentChanges, agreement.encoding));
    }),
  );
  connection.onDidCloseTextDocument(
    guardNow("textDocument/didClose", log, ({ textDocument }) => agreed()?.folders.closeDocument(textDocument.uri)),
  );
}
