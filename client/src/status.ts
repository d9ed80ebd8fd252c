// The status bar item: what is found in the workspace, whether the server is at work, ready or gone. One item and no language
// status beside it, which would say the same in a second place.
import {
  languages,
  MarkdownString,
  StatusBarAlignment,
  type StatusBarItem,
  ThemeColor,
  Uri,
  window,
  workspace,
} from "vscode";
import { OWN_FILES, selectorOf } from "./files";

/** What the server says with `gitlabCiDocker/status`. */
export interface WorkspaceStatus {
  readonly state: "busy" | "ready" | "failed";
  readonly counts: Counts;
  readonly unread: readonly { readonly message: string; readonly location: StatusLocation }[];
  readonly unreadCount: number;
  readonly faults: number;
}

export interface Counts {
  readonly error: number;
  readonly warning: number;
  readonly info: number;
  readonly hint: number;
  readonly files: number;
  readonly pipelines: number;
  readonly jobs: number;
}

interface StatusLocation {
  readonly uri: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

export interface Status {
  /** The server is starting; or it is gone, and why. */
  showServer(state: "starting" | "gone", detail?: string): void;
  /** What a server that runs says. */
  showWorkspace(status: WorkspaceStatus): void;
  dispose(): void;
}

const NAME = "CI Docker";

interface Look {
  readonly text: string;
  readonly tooltip: string;
  readonly isError: boolean;
  readonly command: string;
}

const PROBLEMS = "workbench.actions.view.problems";
const OUTPUT = "gitlabCiDocker.showOutput";
const COMMANDS = [
  "gitlabCiDocker.checkWorkspace",
  OUTPUT,
  "gitlabCiDocker.restartServer",
  PROBLEMS,
  "vscode.open",
];

/** Creates the item. It is visible beside files that are ours by name, and everywhere while something is wrong. */
export function createStatus(): Status {
  const item = window.createStatusBarItem("gitlabCiDocker.status", StatusBarAlignment.Right, 10);
  item.name = "GitLab CI Docker";
  let look = serverLook("starting");
  const refresh = (): void => setVisible(item, look.isError || isOwnFileActive());
  const show = (next: Look): void => {
    look = next;
    item.text = look.text;
    item.tooltip = trusted(look.tooltip);
    item.command = look.command;
    item.backgroundColor = look.isError ? new ThemeColor("statusBarItem.errorBackground") : undefined;
    refresh();
  };
  show(look);
  const listener = window.onDidChangeActiveTextEditor(refresh);
  return {
    showServer: (state, detail) => show(serverLook(state, detail)),
    showWorkspace: (next) => show(workspaceLook(next)),
    dispose: () => {
      listener.dispose();
      item.dispose();
    },
  };
}

/** Only the commands named above may be links. What comes out of files is escaped all the same. */
function trusted(text: string): MarkdownString {
  const markdown = new MarkdownString(text, true);
  markdown.isTrusted = { enabledCommands: COMMANDS };
  return markdown;
}

const link = (text: string, command: string): string => `[${text}](command:${command})`;

const ACTIONS = [
  link("$(search) Check the whole workspace", "gitlabCiDocker.checkWorkspace"),
  link("$(warning) Problems", PROBLEMS),
  link("$(output) Output", OUTPUT),
  link("$(debug-restart) Restart", "gitlabCiDocker.restartServer"),
].join(" &nbsp; ");

function serverLook(state: "starting" | "gone", detail?: string): Look {
  const isError = state === "gone";
  const says = isError ? "The language server does not run." : "Starting …";
  const because = detail === undefined ? [] : [escaped(detail)];
  return {
    text: `${isError ? "$(error)" : "$(sync~spin)"} ${NAME}`,
    tooltip: ["**GitLab CI Docker**", says, ...because, ACTIONS].join("\n\n"),
    isError,
    command: OUTPUT,
  };
}

function workspaceLook(status: WorkspaceStatus): Look {
  const { state, counts } = status;
  const isError = state === "failed";
  return {
    text: `${iconsOf(status)} ${NAME}`,
    tooltip: tooltipOf(status),
    isError,
    command: isError || counts.error + counts.warning === 0 ? OUTPUT : PROBLEMS,
  };
}

function iconsOf({ state, counts }: WorkspaceStatus): string {
  if (state === "busy") return "$(sync~spin)";
  if (state === "failed") return "$(error)";
  const { error, warning } = counts;
  if (error + warning === 0) return "$(check)";
  return [error > 0 ? `$(error) ${error}` : "", warning > 0 ? `$(warning) ${warning}` : ""]
    .filter(Boolean)
    .join(" ");
}

function tooltipOf({ state, counts, unread, unreadCount, faults }: WorkspaceStatus): string {
  const found = [
    counts.error > 0 ? plural(counts.error, "error") : "",
    counts.warning > 0 ? plural(counts.warning, "warning") : "",
    counts.info > 0 ? `${counts.info} info` : "",
    counts.hint > 0 ? plural(counts.hint, "hint") : "",
  ].filter(Boolean);
  const read = [
    plural(counts.pipelines, "pipeline"),
    plural(counts.jobs, "job"),
    plural(counts.files, "file"),
  ];
  const left = unread.map(({ message, location }) => `- ${placeLink(location)}: ${escaped(message)}`);
  const more = unreadCount > unread.length ? [`- and ${unreadCount - unread.length} more`] : [];
  return [
    "**GitLab CI Docker**",
    ...(state === "busy" ? ["Reading the workspace …"] : []),
    ...(state === "failed" ? ["The last check failed with an error of the extension: see the output."] : []),
    found.length === 0 ? "Nothing found" : found.join(", "),
    `Read: ${read.join(", ")}`,
    ...(unreadCount === 0 ? [] : [["Not read:", "", ...left, ...more].join("\n")]),
    ...(faults === 0 ? [] : [`${plural(faults, "rule")} failed: see the output.`]),
    ACTIONS,
  ].join("\n\n");
}

export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

function placeLink({ uri, range: { start } }: StatusLocation): string {
  const target = Uri.parse(uri).with({ fragment: `L${start.line + 1},${start.character + 1}` });
  const name = `${workspace.asRelativePath(Uri.parse(uri))}:${start.line + 1}`;
  return `[${escaped(name)}](command:vscode.open?${encodeURIComponent(JSON.stringify([target.toString()]))})`;
}

/** Text of a file or an error is no markup. */
const escaped = (text: string): string =>
  new MarkdownString().appendText(text.replace(/\s+/g, " ")).value.replaceAll("$(", "\\$(");

function isOwnFileActive(): boolean {
  const document = window.activeTextEditor?.document;
  return document !== undefined && languages.match(selectorOf(OWN_FILES), document) > 0;
}

function setVisible(item: StatusBarItem, visible: boolean): void {
  if (visible) item.show();
  else item.hide();
}
