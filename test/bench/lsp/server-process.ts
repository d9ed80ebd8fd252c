// A language server as a process over standard input and output, and what an editor does with one. Says for each change when
// the diagnostics that belong to it arrived.
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ClientCapabilities,
  type Diagnostic,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
  type ServerCapabilities,
} from "vscode-languageserver/node";

export interface ServerCommand {
  /** What Node.js is started with. */
  readonly command: readonly string[];
  /** Beside the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the client answers for each section of the settings; undefined: the client has no settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Beside what the protocol knows. */
  readonly experimental?: unknown;
  /** Folders of the workspace, below the one that the server is started in; that one alone unless told. */
  readonly folders?: readonly string[];
}

/** Whether a publication is the awaited one. */
export type Awaited = (diagnostics: readonly Diagnostic[]) => boolean;

export interface ServerProcess {
  readonly capabilities: ServerCapabilities;
  open(file: string, text: string, languageId?: string): Promise<void>;
  change(file: string, range: Range, text: string): Promise<void>;
  close(file: string): Promise<void>;
  /** Waits for diagnostics of the file as it stands that satisfy a condition. */
  diagnostics(file: string, holds?: Awaited): Promise<readonly Diagnostic[]>;
  /** Waits until nothing was published for some milliseconds. */
  quiet(milliseconds: number): Promise<void>;
  request<T>(method: string, file: string, parameters: object): Promise<T>;
  /** Highest resident memory since the start, with all child processes, in MiB; undefined where /proc can't tell. */
  peakMemory(): number | undefined;
  stop(): Promise<void>;
}

/** Longest wait for anything. */
const PATIENCE = 30_000;

const CAPABILITIES: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
  },
  textDocument: {
    publishDiagnostics: { versionSupport: true, relatedInformation: true },
    completion: { completionItem: { snippetSupport: true, documentationFormat: ["markdown"] } },
    hover: { contentFormat: ["markdown"] },
    rename: { prepareSupport: true },
  },
};

/** Starts a server on a folder; resolves when it has answered the first question of the protocol. */
export async function startServerProcess(server: ServerCommand, root: string): Promise<ServerProcess> {
  // On Node 20 this variable alone adds about 30 ms to every start.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const child = spawn(process.execPath, [...server.command], {
    cwd: root,
    env: { ...env, ...server.env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const documents = followDiagnostics(connection);
  answerTheServer(connection, server, root);
  connection.listen();
  const { capabilities } = await patiently<{ readonly capabilities: ServerCapabilities }>(
    "the answer to `initialize`",
    connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: pathToFileURL(root).href,
      workspaceFolders: foldersOf(server, root),
      capabilities: { ...CAPABILITIES, experimental: server.experimental },
    }),
  );
  await connection.sendNotification("initialized", {});
  if (server.settings !== undefined) {
    await connection.sendNotification("workspace/didChangeConfiguration", { settings: server.settings });
  }
  return { capabilities, ...documentsOf(connection, documents, root), ...processOf(child, connection) };
}

// ---- Documents and their diagnostics

interface Documents {
  readonly versions: Map<string, number>;
  /** What was published last for a document since its last change. */
  readonly published: Map<string, readonly Diagnostic[]>;
  readonly listeners: Set<() => void>;
}

/** A server that sends no version with its diagnostics is taken at its word: they are for the text as it stands. */
function followDiagnostics(connection: ProtocolConnection): Documents {
  const documents: Documents = { versions: new Map(), published: new Map(), listeners: new Set() };
  connection.onNotification(
    "textDocument/publishDiagnostics",
    ({ uri, version, diagnostics }: PublishDiagnosticsParams) => {
      const known = documents.versions.get(uri) ?? 0;
      if (version !== undefined && version < known) return;
      documents.published.set(uri, diagnostics);
      for (const listener of [...documents.listeners]) listener();
    },
  );
  return documents;
}

function documentsOf(connection: ProtocolConnection, documents: Documents, root: string) {
  const { versions, published, listeners } = documents;
  const uriOf = (file: string): string => pathToFileURL(path.join(root, file)).href;
  const next = (uri: string): number => {
    const version = (versions.get(uri) ?? 0) + 1;
    versions.set(uri, version);
    published.delete(uri);
    return version;
  };
  return {
    open(file: string, text: string, languageId = "yaml"): Promise<void> {
      const uri = uriOf(file);
      const textDocument = { uri, languageId, version: next(uri), text };
      return connection.sendNotification("textDocument/didOpen", { textDocument });
    },
    change(file: string, range: Range, text: string): Promise<void> {
      const uri = uriOf(file);
      const textDocument = { uri, version: next(uri) };
      const contentChanges = [{ range, text }];
      return connection.sendNotification("textDocument/didChange", { textDocument, contentChanges });
    },
    close(file: string): Promise<void> {
      return connection.sendNotification("textDocument/didClose", { textDocument: { uri: uriOf(file) } });
    },
    diagnostics(file: string, holds: Awaited = () => true): Promise<readonly Diagnostic[]> {
      const uri = uriOf(file);
      const arrival = new Promise<readonly Diagnostic[]>((resolve) => {
        const look = (): void => {
          const diagnostics = published.get(uri);
          if (diagnostics === undefined || !holds(diagnostics)) return;
          listeners.delete(look);
          resolve(diagnostics);
        };
        listeners.add(look);
        look();
      });
      return patiently(`diagnostics of ${file}`, arrival);
    },
    async quiet(milliseconds: number): Promise<void> {
      await new Promise<void>((resolve) => {
        const end = (): void => {
          listeners.delete(again);
          resolve();
        };
        let timer = setTimeout(end, milliseconds);
        const again = (): void => {
          clearTimeout(timer);
          timer = setTimeout(end, milliseconds);
        };
        listeners.add(again);
      });
    },
    request<T>(method: string, file: string, parameters: object): Promise<T> {
      const textDocument = { uri: uriOf(file) };
      return patiently(method, connection.sendRequest<T>(method, { textDocument, ...parameters }));
    },
  };
}

// ---- What the server asks

interface AskedItems {
  readonly items: readonly { readonly section?: string }[];
}

const foldersOf = ({ folders = [""] }: ServerCommand, root: string) =>
  folders.map((folder) => ({ uri: pathToFileURL(path.join(root, folder)).href, name: `folder ${folder}` }));

function answerTheServer(connection: ProtocolConnection, server: ServerCommand, root: string): void {
  const { settings } = server;
  connection.onRequest("workspace/configuration", ({ items }: AskedItems) =>
    items.map(({ section }) => (section === undefined ? settings : settings?.[section]) ?? null),
  );
  connection.onRequest("workspace/workspaceFolders", () => foldersOf(server, root));
  for (const method of ["client/registerCapability", "client/unregisterCapability"]) {
    connection.onRequest(method, () => null);
  }
}

// ---- The process

function processOf(child: ChildProcess, connection: ProtocolConnection) {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  return {
    peakMemory: () => peakMemoryOf(child.pid),
    async stop(): Promise<void> {
      await patiently("the answer to `shutdown`", connection.sendRequest("shutdown"));
      await connection.sendNotification("exit");
      const timer = setTimeout(() => child.kill("SIGKILL"), 2000);
      await ended;
      clearTimeout(timer);
      connection.dispose();
    },
  };
}

/** VmHWM of a process and its children: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function peakMemoryOf(pid: number | undefined): number | undefined {
  try {
    const kibibytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    if (kibibytes === undefined) return undefined;
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean),
    );
    return children.reduce(
      (sum, child) => sum + (peakMemoryOf(Number(child)) ?? 0),
      Number(kibibytes) / 1024,
    );
  } catch {
    return undefined;
  }
}

function patiently<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited for ${what} in vain`)), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
