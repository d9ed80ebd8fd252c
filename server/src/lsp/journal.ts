// The log for people: what runs, what was read, what is slow. Nothing of it at "info" while somebody types.
import { MessageType, type Connection, type InitializeParams } from "vscode-languageserver";
import { VERSION } from "../host/version";
import type { SessionEvent } from "./session-event";
import { countsOf, type Counts } from "./status";

/** An edit that takes longer to answer is worth a line for those who look for it. */
const SLOW = 100;

type Level = "info" | "debug";

export interface Journal {
  /** Says who talks to whom. */
  begin(params: InitializeParams, roots: readonly string[], isTrusted: boolean): void;
  /** What listens to a session; `root`: its folder, undefined for a document without one. */
  listen(root: string | undefined): (event: SessionEvent) => void;
}

/** `knowsDebug`: clients without that level of the protocol's version 3.18 would show such lines among the others. */
export function createJournal(connection: Connection, knowsDebug: boolean): Journal {
  const write = (level: Level, message: string): void => {
    if (level === "debug" && !knowsDebug) return;
    const type = level === "debug" ? MessageType.Debug : MessageType.Info;
    void connection.sendNotification("window/logMessage", { type, message });
  };
  return {
    begin: ({ clientInfo }, roots, isTrusted) => {
      const client =
        clientInfo === undefined ? "" : `, ${clientInfo.name} ${clientInfo.version ?? ""}`.trimEnd();
      const folders = roots.length === 0 ? "no folder" : roots.join(", ");
      write("info", `gitlab-ci-docker ${VERSION}, Node ${process.versions.node}${client}; ${folders}`);
      if (!isTrusted) write("info", "The workspace is not trusted: checkouts outside of it are not read");
    },
    listen: (root) => {
      let begun = performance.now();
      return (event) => {
        if (event.kind === "busy") begun = performance.now();
        if (event.kind !== "checked") return;
        const isEdit = event.reason === "change";
        if (!isEdit) sayChecked(root, event, performance.now() - begun, write);
        else if (event.milliseconds > SLOW)
          write(
            "debug",
            `An edit took ${Math.round(event.milliseconds)} ms${root === undefined ? "" : ` in ${root}`}`,
          );
      };
    },
  };
}

function sayChecked(
  root: string | undefined,
  { report, pipelines, locate, reason }: SessionEvent & { readonly kind: "checked" },
  milliseconds: number,
  write: (level: Level, message: string) => void,
): void {
  const counts = { ...countsOf(report), pipelines: pipelines.length };
  const verb = reason === "start" ? "Read" : "Read again";
  const what = `${verb} ${root ?? "a document without a folder"} in ${Math.round(milliseconds)} ms: ${inWords(counts)}`;
  write(root === undefined ? "debug" : "info", what);
  for (const { at, message, severity } of report.problems) {
    if (severity !== "hint") continue;
    const { uri, range } = locate(at);
    write("info", `${uri}:${range.start.line + 1}: ${message}`);
  }
}

function inWords(counts: Counts): string {
  const words: readonly (readonly [number, string])[] = [
    [counts.pipelines, "pipeline"],
    [counts.files, "file"],
    [counts.jobs, "job"],
    [counts.error, "error"],
    [counts.warning, "warning"],
    [counts.info + counts.hint, "remark"],
  ];
  return words.map(([count, word]) => `${count} ${word}${count === 1 ? "" : "s"}`).join(", ");
}
