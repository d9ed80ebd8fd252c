// Builds the LanguageClient: where the server is, which files it sees, how its state is shown.
import { type Diagnostic, type ExtensionContext, type Uri } from "vscode";
import {
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  RevealOutputChannelOn,
  type ServerOptions,
  State,
  type StaticFeature,
  TransportKind,
} from "vscode-languageclient/node";
import { ALL_FILES, selectorOf } from "./files";
import { bundledRulePages, type RulePages } from "./rule-pages";
import type { Status } from "./status";

export interface RunningClient {
  /** Resolves when the first start has succeeded or failed; never rejects (a failure is shown in the status bar). */
  readonly started: Promise<void>;
  /** Rule pages that ship with the extension, by rule id. */
  readonly rulePages: Promise<RulePages>;
  /** Asks the server something that the protocol does not know; rejects where there is no server. */
  request<T>(method: string, parameters: object): Promise<T>;
  restart(): Promise<void>;
  stop(): Promise<void>;
  showOutput(): void;
}

/** Starts `dist/server.js` in a process of its own and keeps `status` up to date. */
export function startClient(context: ExtensionContext, status: Status): RunningClient {
  const rulePages = bundledRulePages(context.extensionUri);
  const client = new LanguageClient(
    "gitlabCiDocker", // also the prefix of the setting `gitlabCiDocker.trace.server`
    "GitLab CI Docker",
    serverOptions(context),
    clientOptions(status, rulePages),
  );
  client.registerFeature(ownAbilities);
  client.onDidChangeState(({ newState }) => showState(status, newState));
  const start = (): Promise<void> =>
    client.start().catch((error: unknown) => {
      client.error("The language server could not be started", error, false);
      status.show("error", String(error));
    });
  return {
    started: start(),
    rulePages,
    request: (method, parameters) => client.sendRequest(method, parameters),
    restart: async () => {
      await stopQuietly(client);
      await start();
    },
    stop: () => stopQuietly(client),
    showOutput: () => client.outputChannel.show(true),
  };
}

/** Tells the server what we can do beside the protocol: it offers code lenses only to editors that know their command. */
const ownAbilities: StaticFeature = {
  fillClientCapabilities: (capabilities) => {
    capabilities.experimental = { gitlabCiDocker: { effectiveJob: true } };
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

function clientOptions(status: Status, rulePages: Promise<RulePages>): LanguageClientOptions {
  return {
    documentSelector: selectorOf(ALL_FILES), // changes on disk: the server asks for them itself
    diagnosticCollectionName: "gitlab-ci-docker",
    outputChannelName: "GitLab CI Docker",
    revealOutputChannelOn: RevealOutputChannelOn.Never, // the status bar says it, and a click opens the output
    middleware: middleware(status, rulePages),
  };
}

function middleware(status: Status, rulePages: Promise<RulePages>): Middleware {
  let pages: RulePages = new Map();
  void rulePages.then((found) => (pages = found));
  return {
    handleDiagnostics: (uri, diagnostics, next) => {
      for (const diagnostic of diagnostics) linkToBundledPage(diagnostic, pages);
      next(uri, diagnostics);
    },
    handleWorkDoneProgress: (token, params, next) => {
      if (params.kind === "begin") status.show("working", params.title);
      if (params.kind === "end") status.show("ok");
      next(token, params);
    },
  };
}

/** A click on the rule id opens the page that belongs to this very version, also without a network. */
function linkToBundledPage(diagnostic: Diagnostic, pages: ReadonlyMap<string, Uri>): void {
  const code = diagnostic.code;
  const id = typeof code === "object" ? code.value : code;
  const target = id === undefined ? undefined : pages.get(String(id));
  if (id !== undefined && target !== undefined) diagnostic.code = { value: id, target };
}

function showState(status: Status, state: State): void {
  switch (state) {
    case State.Starting:
      status.show("working", "starting");
      break;
    case State.Running:
      status.show("ok");
      break;
    case State.Stopped:
    case State.StartFailed:
      status.show("error");
      break;
  }
}

/** `stop` rejects when the server has never run or has died; both are what was asked for. */
async function stopQuietly(client: LanguageClient): Promise<void> {
  try {
    await client.stop();
  } catch (error) {
    client.info("The language server had stopped before it was asked to", error, false);
  }
}
