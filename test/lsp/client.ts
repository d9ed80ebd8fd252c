// A language client for tests: speaks the protocol over streams, and remembers what the server published.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { PassThrough, type Duplex } from "node:stream";
import { pathToFileURL } from "node:url";
import {
  createConnection,
  createProtocolConnection,
  MessageType,
  StreamMessageReader,
  StreamMessageWriter,
  type ClientCapabilities,
  type CodeAction,
  type CodeActionContext,
  type Diagnostic,
  type InitializeResult,
  type LogMessageParams,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
  type TextDocumentContentChangeEvent,
} from "vscode-languageserver/node";
import { startServer, type ServerOptions } from "../../server/src/lsp/server";
import { DIST } from "../support/dist";

export const SERVER = join(DIST, "server.js");

export const uriOf = (...parts: readonly string[]): string => pathToFileURL(join(...parts)).href;

export interface ClientOptions {
  readonly folders?: readonly string[];
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  /** What the client answers for the section "gitlabCiDocker"; without it the client can't be asked. */
  readonly settings?: (scopeUri: string | undefined) => unknown;
}

const ALL: ClientCapabilities = {
  workspace: {
    workspaceFolders: true,
    workspaceEdit: { documentChanges: true, resourceOperations: ["create"] },
    didChangeWatchedFiles: { dynamicRegistration: true },
  },
  textDocument: { publishDiagnostics: { relatedInformation: true } },
};

export class TestClient {
  readonly published: PublishDiagnosticsParams[] = [];
  /** Errors and warnings of the log. */
  readonly logged: string[] = [];
  /** The rest of the log, by its level: `info: …`. */
  readonly told: string[] = [];
  readonly shown: string[] = [];
  readonly registered: string[] = [];
  private waiting: (() => void)[] = [];

  constructor(
    readonly connection: ProtocolConnection,
    private readonly stop: () => void,
  ) {}

  async initialize({
    folders = [],
    capabilities = {},
    initializationOptions,
    settings,
  }: ClientOptions): Promise<InitializeResult> {
    const { connection } = this;
    connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
      this.published.push(params);
      this.wake();
    });
    connection.onNotification("window/logMessage", ({ type, message }: LogMessageParams) => {
      if (type <= MessageType.Warning) this.logged.push(message);
      else this.told.push(`${type === MessageType.Debug ? "debug" : "info"}: ${message}`);
      this.wake();
    });
    connection.onNotification("window/showMessage", ({ message }: { message: string }) => {
      this.shown.push(message);
      this.wake();
    });
    connection.onRequest("window/showMessageRequest", ({ message }: { message: string }) => {
      this.shown.push(message);
      this.wake();
      return null;
    });
    connection.onRequest(
      "client/registerCapability",
      ({ registrations }: { registrations: { method: string }[] }) => {
        this.registered.push(...registrations.map(({ method }) => method));
        this.wake();
        return null;
      },
    );
    connection.onRequest("workspace/configuration", ({ items }: { items: { scopeUri?: string }[] }) =>
      items.map(({ scopeUri }) => settings?.(scopeUri) ?? null),
    );
    connection.listen();
    const workspace = {
      ...ALL.workspace,
      ...capabilities.workspace,
      ...(settings === undefined ? {} : { configuration: true }),
    };
    const result: InitializeResult = await connection.sendRequest("initialize", {
      // A server that watches for this process would keep it from ending, where it runs in it.
      processId: null,
      rootUri: null,
      workspaceFolders: folders.map((folder) => ({ uri: uriOf(folder), name: folder })),
      capabilities: { ...ALL, ...capabilities, workspace },
      initializationOptions,
    });
    await connection.sendNotification("initialized", {});
    return result;
  }

  open(uri: string, text: string, languageId = "yaml", version = 1): Promise<void> {
    return this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId, version, text },
    });
  }

  change(uri: string, version: number, ...contentChanges: TextDocumentContentChangeEvent[]): Promise<void> {
    return this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges,
    });
  }

  close(uri: string): Promise<void> {
    return this.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
  }

  actions(uri: string, range: Range, context: Partial<CodeActionContext> = {}): Promise<CodeAction[]> {
    return this.connection.sendRequest("textDocument/codeAction", {
      textDocument: { uri },
      range,
      context: { diagnostics: [], ...context },
    });
  }

  /** The diagnostics that a file shows now. */
  shownFor(uri: string): readonly Diagnostic[] {
    return this.published.findLast((each) => each.uri === uri)?.diagnostics ?? [];
  }

  /** Waits until something holds that messages of the server bring about. */
  async until(holds: () => boolean, what = "the expected message"): Promise<void> {
    const deadline = Date.now() + 8000;
    while (!holds()) {
      const left = deadline - Date.now();
      if (left <= 0)
        throw new Error(
          `waited for ${what} in vain; published ${JSON.stringify(this.published)}; log ${this.logged.join("\n")}`,
        );
      await new Promise<void>((resume) => {
        const timer = setTimeout(resume, left);
        this.waiting.push(() => {
          clearTimeout(timer);
          resume();
        });
      });
    }
  }

  /** Waits for a publication for a file that satisfies a condition. */
  async publication(
    uri: string,
    holds: (params: PublishDiagnosticsParams) => boolean = () => true,
  ): Promise<PublishDiagnosticsParams> {
    const find = () => this.published.findLast((each) => each.uri === uri && holds(each));
    await this.until(() => find() !== undefined, `diagnostics of ${uri}`);
    return find() ?? assertNever();
  }

  async dispose(): Promise<void> {
    await this.connection.sendRequest("shutdown");
    this.connection.dispose();
    this.stop();
  }

  private wake(): void {
    for (const resume of this.waiting.splice(0)) resume();
  }
}

function assertNever(): never {
  throw new Error("unreachable");
}

/** A server in this process, for tests that put their own analysis in. */
export function clientOfServer(options: ServerOptions): TestClient {
  const toServer: Duplex = new PassThrough();
  const toClient: Duplex = new PassThrough();
  const server = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
  startServer(server, options);
  server.listen();
  const connection = createProtocolConnection(
    new StreamMessageReader(toClient),
    new StreamMessageWriter(toServer),
  );
  return new TestClient(connection, () => server.dispose());
}

/** The built server as a process, over standard input and output. */
export function clientOfProcess(command: readonly string[] = [SERVER, "--stdio"]): TestClient {
  const child = spawn(process.execPath, [...command], { stdio: ["pipe", "pipe", "inherit"] });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  return new TestClient(connection, () => child.kill());
}
