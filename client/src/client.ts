// Builds the LanguageClient: where the server is, which files it sees, how its state is shown.
import {
  type CancellationToken,
  type Diagnostic,
  type Disposable,
  type ExtensionContext,
  type Uri,
  window,
  workspace,
} from "vscode";
import {
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  RevealOutputChannelOn,
  type ServerOptions,
  State,
  type StaticFeature,
  TransportKind,
  WorkDoneProgress,
} from "vscode-languageclient/node";
import { ALL_FILES, selectorOf, UNTITLED } from "./files";
import { outlineMiddleware } from "./outline";
import { mustSayYamlErrors, onYamlErrorsChange } from "./neighbours";
import { bundledRulePages, type RulePages } from "./rule-pages";
import type { Status, WorkspaceStatus } from "./status";

const NAME = "GitLab CI Docker";

export interface RunningClient {
  /** Resolves when the first start has succeeded or failed; never rejects (a failure is shown in the status bar). */
  readonly started: Promise<void>;
  /** Rule pages that ship with the extension, by rule id. */
  readonly rulePages: Promise<RulePages>;
  /** Asks the server something that the protocol does not know; rejects where there is no server. */
  request<T>(method: string, parameters: object, token?: CancellationToken): Promise<T>;
  /** Hears the progress of a request that was given `token` as its `workDoneToken`. */
  onProgress(token: string, hear: (message: string) => void): Disposable;
  restart(): Promise<void>;
  stop(): Promise<void>;
  showOutput(): void;
}

/** Starts `dist/server.js` in a process of its own and keeps `status` up to date. */
export function startClient(context: ExtensionContext, status: Status): RunningClient {
  const rulePages = bundledRulePages(context.extensionUri);
  const output = window.createOutputChannel(NAME, { log: true });
  context.subscriptions.push(output);
  const client = new LanguageClient(
    "gitlabCiDocker", // also the prefix of the setting `gitlabCiDocker.trace.server`
    NAME,
    serverOptions(context),
    { ...clientOptions(rulePages), outputChannel: output },
  );
  client.registerFeature(ownAbilities);
  client.onNotification("gitlabCiDocker/status", (said: WorkspaceStatus) => status.showWorkspace(said));
  client.onDidChangeState(({ newState }) => showState(status, newState));
  const start = (): Promise<void> =>
    client.start().catch((error: unknown) => {
      client.error("The language server could not be started", error, false);
      status.showServer("gone", String(error));
    });
  const first = start();
  let last = first;
  // One after the other: a client that is stopping can't be started.
  const restart = (): Promise<void> => (last = last.then(() => stopQuietly(client)).then(start));
  // What may be read depends on it, and the server is told when it starts.
  context.subscriptions.push(workspace.onDidGrantWorkspaceTrust(restart));
  context.subscriptions.push(...onYamlErrorsChange(() => void restart()));
  return {
    started: first,
    rulePages,
    // A token that is undefined would be sent as a second parameter.
    request: (method, parameters, token) =>
      token === undefined
        ? client.sendRequest(method, parameters)
        : client.sendRequest(method, parameters, token),
    onProgress: (token, hear) =>
      client.onProgress(WorkDoneProgress.type, token, ({ message }) => hear(message ?? "")),
    restart,
    stop: () => stopQuietly(client),
    showOutput: () => output.show(true),
  };
}

/** Tells the server what we can do beside the protocol: it offers what needs a command only to editors that know it. */
const ownAbilities: StaticFeature = {
  fillClientCapabilities: (capabilities) => {
    capabilities.experimental = {
      gitlabCiDocker: {
        effectiveJob: true,
        falseAlarm: true,
        showReferences: true,
        rulePages: true,
        status: true,
        isTrusted: workspace.isTrusted,
        yamlErrors: mustSayYamlErrors(),
      },
    };
  },
  initialize: () => undefined,
  getState: () => ({ kind: "static" }),
  clear: () => undefined,
};

function serverOptions(context: ExtensionContext): ServerOptions {
  const module = context.asAbsolutePath("dist/server.js");
  const debug = { execArgv: ["--nolazy", "--inspect=6009"] };
  return {
    run: { module, transport: TransportKind.ipc },
    debug: { module, transport: TransportKind.ipc, options: debug },
  };
}

function clientOptions(rulePages: Promise<RulePages>): LanguageClientOptions {
  return {
    documentSelector: [...selectorOf(ALL_FILES), ...UNTITLED], // changes on disk: the server asks for them itself
    diagnosticCollectionName: "gitlab-ci-docker",
    revealOutputChannelOn: RevealOutputChannelOn.Never, // the status bar says it, and a click opens the output
    middleware: middleware(rulePages),
  };
}

function middleware(rulePages: Promise<RulePages>): Middleware {
  let pages: RulePages = new Map();
  void rulePages.then((found) => (pages = found));
  return {
    handleDiagnostics: (uri, diagnostics, next) => {
      for (const diagnostic of diagnostics) linkToBundledPage(diagnostic, pages);
      next(uri, diagnostics);
    },
    ...outlineMiddleware(() => pages),
  };
}

/** A click on the rule id opens the page that belongs to this very version, also without a network. */
function linkToBundledPage(diagnostic: Diagnostic, pages: ReadonlyMap<string, Uri>): void {
  const code = diagnostic.code;
  const id = typeof code === "object" ? code.value : code;
  const target = id === undefined ? undefined : pages.get(String(id));
  if (id !== undefined && target !== undefined) diagnostic.code = { value: id, target };
}

/** What a running server is doing it says itself. */
function showState(status: Status, state: State): void {
  if (state === State.Starting) status.showServer("starting");
  if (state === State.Stopped || state === State.StartFailed) status.showServer("gone");
}

/** `stop` rejects when the server has never run or has died; both are what was asked for. */
async function stopQuietly(client: LanguageClient): Promise<void> {
  try {
    await client.stop();
  } catch (error) {
    client.info("The language server had stopped before it was asked to", error, false);
  }
}
