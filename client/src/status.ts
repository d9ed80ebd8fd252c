// The status bar item: says whether the server is at work, ready or gone. A click opens its output.
import { languages, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from "vscode";
import { OWN_FILES, selectorOf } from "./files";

export type ServerState = "working" | "ok" | "error";

export interface Status {
  /** Shows the state; `detail` is the tooltip's second line. */
  show(state: ServerState, detail?: string): void;
  dispose(): void;
}

const NAME = "GitLab CI Docker";

const LOOKS: Record<ServerState, { readonly icon: string; readonly says: string }> = {
  working: { icon: "$(sync~spin)", says: "reading the workspace" },
  ok: { icon: "$(check)", says: "ready" },
  error: { icon: "$(error)", says: "the language server does not run" },
};

/** Creates the item. It is visible beside files that are ours by name, and everywhere while something is wrong. */
export function createStatus(): Status {
  const item = window.createStatusBarItem("gitlabCiDocker.status", StatusBarAlignment.Right, 10);
  item.name = NAME;
  item.command = "gitlabCiDocker.showOutput";
  let state: ServerState = "working";
  const refresh = (): void => setVisible(item, state === "error" || isOwnFileActive());
  const show = (next: ServerState, detail?: string): void => {
    state = next;
    const look = LOOKS[next];
    item.text = `${look.icon} ${NAME}`;
    item.tooltip = [`${NAME}: ${look.says}`, detail, "Click to show the output."].filter(Boolean).join("\n");
    item.backgroundColor = next === "error" ? new ThemeColor("statusBarItem.errorBackground") : undefined;
    refresh();
  };
  show("working");
  const listener = window.onDidChangeActiveTextEditor(refresh);
  return {
    show,
    dispose: () => {
      listener.dispose();
      item.dispose();
    },
  };
}

function isOwnFileActive(): boolean {
  const document = window.activeTextEditor?.document;
  return document !== undefined && languages.match(selectorOf(OWN_FILES), document) > 0;
}

function setVisible(item: StatusBarItem, visible: boolean): void {
  if (visible) item.show();
  else item.hide();
}
