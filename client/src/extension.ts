// Entry of the VS Code extension: starts the language server when VS Code activates us, stops it when VS Code leaves.
import type { ExtensionContext } from "vscode";
import { startClient, type RunningClient } from "./client";
import { registerCommands } from "./commands";
import { createStatus } from "./status";

let running: RunningClient | undefined;

/** Called by VS Code once, when one of the files that we check is there (`activationEvents` in package.json). */
export async function activate(context: ExtensionContext): Promise<void> {
  const status = createStatus();
  context.subscriptions.push(status);
  running = startClient(context, status);
  context.subscriptions.push(...registerCommands(running));
  await running.started;
}

/** VS Code waits for the promise, so that no server process is left behind. */
export async function deactivate(): Promise<void> {
  const last = running;
  running = undefined;
  await last?.stop();
}
