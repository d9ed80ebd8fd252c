// The language server: says what it can do, and passes messages to those who can do it.
import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  TextDocumentSyncKind,
  type ClientCapabilities,
  type CompletionItem,
  type CodeAction,
  type Connection,
  type Hover,
  type InitializeParams,
  type InitializeResult,
} from "vscode-languageserver";
import type { Analysis, Workspace } from "../core/index";
import { ruleUrl, VERSION } from "../host/version";
import { chooseEncoding, type Encoding } from "./convert";
import { annotationCapabilities, answerWithAnnotations, toldOfReports } from "./annotation-requests";
import { changed } from "./document";
import { Folders } from "./folders";
import { answerFresh } from "./fresh";
import { guard, guardNow, onlyOnce, type Log } from "./guard";
import { ACTION_KINDS, codeActions, type ActionAbilities } from "./handlers/code-action";
import { completions, TRIGGER_CHARACTERS } from "./handlers/completion";
import { SECTION, sectionOf, settingsFor, type ConfigurationSource } from "./handlers/configuration";
import {
  EFFECTIVE_JOB_REQUEST,
  effectiveJobAnswer,
  jobItems,
  JOBS_REQUEST,
  type EffectiveJobParams,
  type JobsParams,
} from "./handlers/effective-job";
import { hover } from "./handlers/hover";
import { createObservers, type Observers } from "./observers";
import { answerOwnRequests } from "./own-requests";
import { leftToOthers } from "./neighbours";
import { answerAboutOutlines, OUTLINE_CAPABILITIES } from "./outline-requests";
import { createScanProgress } from "./scan-progress";
import { answerAboutSymbols, symbolCapabilities } from "./symbol-requests";
import type { EditAbilities } from "./workspace-edit";

export interface ServerOptions {
  readonly createAnalysis: (workspace: Workspace) => Analysis;
  /** Milliseconds to wait after an edit for the next one; by how long an analysis takes unless told. */
  readonly debounce?: number;
}

/** What was agreed on with the client. */
interface Agreement extends Observers {
  readonly encoding: Encoding;
  readonly client: ClientCapabilities;
  readonly edits: EditAbilities;
  readonly folders: Folders;
  /** Folders that are open from the start. */
  readonly roots: readonly string[];
}

interface State {
  /** The settings that the client sent last. */
  pushed: unknown;
  /** Undefined until the client introduced itself. */
  agreement: Agreement | undefined;
  /** Called after each report of a folder. */
  onReport: () => void;
}

/** Serves a connection until it ends. */
export function startServer(connection: Connection, options: ServerOptions): void {
  const log = logOf(connection);
  const state: State = { pushed: undefined, agreement: undefined, onReport: () => undefined };
  connection.onInitialize((params): InitializeResult => {
    state.pushed = sectionOf(params.initializationOptions) ?? params.initializationOptions;
    state.agreement = agree(connection, options, log, state, params);
    return capabilities(state.agreement);
  });
  connection.onInitialized(guardNow("initialized", log, () => begin(connection, log, state.agreement)));
  connection.onShutdown(() => state.agreement?.folders.dispose());
  synchronise(connection, log, state);
  connection.onDidChangeConfiguration(
    guardNow("workspace/didChangeConfiguration", log, ({ settings }) => {
      state.pushed = sectionOf(settings) ?? state.pushed;
      state.agreement?.folders
        .configure()
        .catch((error: unknown) => log(`configuration failed: ${String(error)}`));
    }),
  );
  connection.onDidChangeWatchedFiles(
    guardNow("workspace/didChangeWatchedFiles", log, ({ changes }) =>
      state.agreement?.folders.filesChanged(changes.map(({ uri }) => uri)),
    ),
  );
  connection.onCodeAction(
    guard("textDocument/codeAction", [], log, (params, token) =>
      answerFresh<CodeAction[]>(state.agreement?.folders, params.textDocument.uri, token, [], (placed) =>
        state.agreement === undefined
          ? []
          : [...codeActions(placed, params, abilitiesOf(state.agreement), log)],
      ),
    ),
  );
  answerAtCursor(connection, log, state);
  answerAboutJobs(connection, log, state);
  answerAboutSymbols(connection, log, () => state.agreement);
  state.onReport = answerWithAnnotations(connection, log, () => state.agreement);
  answerAboutOutlines(connection, log, () => state.agreement);
  answerOwnRequests(connection, log, () => state.agreement);
}

/** What the editor asks about the place of the cursor. */
function answerAtCursor(connection: Connection, log: Log, state: State): void {
  connection.onHover(
    guard("textDocument/hover", null, log, (params, token) =>
      answerFresh<Hover | null>(state.agreement?.folders, params.textDocument.uri, token, null, (placed) =>
        hover(placed, params),
      ),
    ),
  );
  connection.onCompletion(
    guard("textDocument/completion", [], log, (params, token) =>
      answerFresh<CompletionItem[]>(
        state.agreement?.folders,
        params.textDocument.uri,
        token,
        [],
        (placed) => [...completions(placed, params)],
      ),
    ),
  );
}

/** What the editor asks to show effective jobs. */
function answerAboutJobs(connection: Connection, log: Log, state: State): void {
  const placedAt = (uri: string) => state.agreement?.folders.placed(uri);
  connection.onRequest(
    JOBS_REQUEST,
    guard(JOBS_REQUEST, [], log, async ({ uri }: JobsParams) => {
      const placed = await placedAt(uri);
      return placed === undefined ? [] : [...jobItems(placed)];
    }),
  );
  connection.onRequest(
    EFFECTIVE_JOB_REQUEST,
    guard(EFFECTIVE_JOB_REQUEST, null, log, async (params: EffectiveJobParams) => {
      const placed = await placedAt(params.uri);
      return placed === undefined ? null : effectiveJobAnswer(placed, params);
    }),
  );
}

function logOf(connection: Connection): Log {
  return onlyOnce((message) => {
    try {
      connection.console.error(message);
    } catch {
      // The connection is gone, and with it whoever could read this.
    }
  });
}

function agree(
  connection: Connection,
  { createAnalysis, debounce }: ServerOptions,
  log: Log,
  state: State,
  params: InitializeParams,
): Agreement {
  const { capabilities: client } = params;
  const encoding = chooseEncoding(client.general?.positionEncodings);
  const source: ConfigurationSource = {
    pull: client.workspace?.configuration === true ? (folder) => pullSettings(connection, folder) : undefined,
    pushed: () => state.pushed,
    complain: onlyOnce((message) => connection.window.showWarningMessage(`gitlab-ci-docker: ${message}`)),
  };
  const roots = rootsOf(params);
  const observers = createObservers(connection, params, roots);
  const folders = new Folders(
    {
      readsCheckouts: observers.own.isTrusted,
      isLeft: leftToOthers(observers.own),
      createListener: toldOfReports(observers.createListener, () => state.onReport()),
      createAnalysis,
      debounce,
      log,
      publish: (diagnostics) => void connection.sendDiagnostics(diagnostics),
      createScanProgress: () => createScanProgress(connection, client.window?.workDoneProgress === true),
      speech: {
        encoding,
        ruleUrl,
        hasRelated: client.textDocument?.publishDiagnostics?.relatedInformation === true,
      },
    },
    (folder) => settingsFor(source, folder),
  );
  return { ...observers, encoding, client, edits: editAbilities(client), folders, roots };
}

const abilitiesOf = ({ edits, own }: Agreement): ActionAbilities => ({
  ...edits,
  falseAlarm: own.falseAlarm,
});

const pullSettings = (connection: Connection, folder: string | undefined): Promise<unknown> =>
  connection.workspace.getConfiguration({
    section: SECTION,
    ...(folder === undefined ? {} : { scopeUri: folder }),
  });

function editAbilities({ workspace }: ClientCapabilities): EditAbilities {
  const edit = workspace?.workspaceEdit;
  return {
    documentChanges: edit?.documentChanges === true,
    createFiles: edit?.resourceOperations?.includes("create") === true,
    changeAnnotations: edit?.changeAnnotationSupport !== undefined,
  };
}

/** The client is ready to be asked: reads the folders, and wants to hear what becomes of them. */
function begin(connection: Connection, log: Log, agreement: Agreement | undefined): void {
  if (agreement === undefined) return;
  const { client, folders, roots } = agreement;
  register(connection, client);
  roots.forEach((root) => folders.addFolder(root));
  agreement.begin();
  if (client.workspace?.workspaceFolders !== true) return;
  connection.workspace.onDidChangeWorkspaceFolders(
    guardNow("workspace/didChangeWorkspaceFolders", log, ({ added, removed }) => {
      removed.forEach(({ uri }) => folders.removeFolder(uri));
      added.forEach(({ uri }) => folders.addFolder(uri));
    }),
  );
}

function capabilities({ encoding, client }: Agreement): InitializeResult {
  return {
    serverInfo: { name: "gitlab-ci-docker", version: VERSION },
    capabilities: {
      positionEncoding: encoding,
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      hoverProvider: true,
      ...symbolCapabilities(client),
      ...OUTLINE_CAPABILITIES,
      completionProvider: { triggerCharacters: [...TRIGGER_CHARACTERS] },
      codeActionProvider: { codeActionKinds: [...ACTION_KINDS] },
      ...annotationCapabilities(client),
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}

/** The folders that are open from the start. Older clients send `rootUri` only, and so do small ones of today. */
function rootsOf(params: InitializeParams): readonly string[] {
  if (params.workspaceFolders != null) return params.workspaceFolders.map(({ uri }) => uri);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
  return params.rootUri === null ? [] : [params.rootUri];
}

/** Asks the client to tell about changed files and settings, where it wants to be asked. */
function register(connection: Connection, { workspace }: ClientCapabilities): void {
  if (workspace?.didChangeWatchedFiles?.dynamicRegistration === true) {
    // Any file: a build context or an include may be called anything, and whether a file exists matters too.
    void connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers: [{ globPattern: "**/*" }],
    });
  }
  if (workspace?.didChangeConfiguration?.dynamicRegistration === true) {
    void connection.client.register(DidChangeConfigurationNotification.type, { section: SECTION });
  }
}

/** Keeps the open documents in step. Done at once, in order: the next message counts on it. */
function synchronise(connection: Connection, log: Log, state: State): void {
  connection.onDidOpenTextDocument(
    guardNow("textDocument/didOpen", log, ({ textDocument: { uri, languageId, version, text } }) => {
      state.agreement?.folders.setDocument(
        changed({ uri, languageId, version, text: "" }, version, [{ text }], "utf-16"),
      );
    }),
  );
  connection.onDidChangeTextDocument(
    guardNow("textDocument/didChange", log, ({ textDocument: { uri, version }, contentChanges }) => {
      const { agreement } = state;
      const document = agreement?.folders.document(uri);
      if (agreement === undefined || document === undefined) return;
      agreement.folders.setDocument(changed(document, version, contentChanges, agreement.encoding));
    }),
  );
  connection.onDidCloseTextDocument(
    guardNow("textDocument/didClose", log, ({ textDocument }) =>
      state.agreement?.folders.closeDocument(textDocument.uri),
    ),
  );
}
