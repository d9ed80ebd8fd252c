// What the client shows of the whole workspace: state, counts, what is not read. Summed up over all sessions, sent when it changes.
import type { Location } from "vscode-languageserver";
import { countSeverities, type Report, type Severity } from "../core/index";
import type { SessionEvent } from "./session-event";

/** A notification for clients that say `experimental.gitlabCiDocker.status`. */
export const STATUS_NOTIFICATION = "gitlabCiDocker/status";

export interface Counts extends Record<Severity, number> {
  readonly files: number;
  readonly pipelines: number;
  readonly jobs: number;
}

export interface WorkspaceStatus {
  /** `failed`: an error of ours, that the log tells. */
  readonly state: "busy" | "ready" | "failed";
  readonly counts: Counts;
  /** What is right in itself and out of our reach, such as an include of another project: the first of them, and how many there are. */
  readonly unread: readonly { readonly message: string; readonly location: Location }[];
  readonly unreadCount: number;
  /** Number of rules that failed. */
  readonly faults: number;
}

interface SessionState {
  isBusy: boolean;
  hasFailed: boolean;
  checked: Pick<WorkspaceStatus, "counts" | "unread" | "unreadCount" | "faults"> | undefined;
}

export interface StatusBoard {
  /** What listens to a new session. */
  addSession(): (event: SessionEvent) => void;
  current(): WorkspaceStatus;
  /** Sends what there is now, where it is news. */
  announce(): void;
}

/** `onChange` is called once for all that changes in one turn. */
export function createStatusBoard(onChange: (status: WorkspaceStatus) => void): StatusBoard {
  const sessions = new Set<SessionState>();
  let sent = "";
  let isWaiting = false;
  const current = (): WorkspaceStatus => sumOf([...sessions]);
  const announce = (): void => {
    const status = current();
    const text = JSON.stringify(status);
    if (text === sent) return;
    sent = text;
    onChange(status);
  };
  const changed = (): void => {
    if (isWaiting) return;
    isWaiting = true;
    setImmediate(() => {
      isWaiting = false;
      announce();
    });
  };
  return {
    current,
    announce,
    addSession: () => {
      const session: SessionState = { isBusy: true, hasFailed: false, checked: undefined };
      sessions.add(session);
      return (event) => {
        if (event.kind === "closed") sessions.delete(session);
        else note(session, event);
        changed();
      };
    },
  };
}

function note(session: SessionState, event: Exclude<SessionEvent, { kind: "closed" }>): void {
  session.isBusy = event.kind === "busy";
  if (event.kind === "busy") return;
  session.hasFailed = event.kind === "failed";
  if (event.kind === "failed") return;
  const { report, pipelines, locate } = event;
  const unread = report.problems.filter(({ severity }) => severity === "hint");
  session.checked = {
    counts: { ...countsOf(report), pipelines: pipelines.length },
    unread: unread.slice(0, MOST_UNREAD).map(({ message, at }) => ({ message, location: locate(at) })),
    unreadCount: unread.length,
    faults: new Set(report.faults.map(({ rule }) => rule)).size,
  };
}

/** More are only counted. */
const MOST_UNREAD = 5;

/** Findings and what could not be read, as they are in the editor's list. */
export function countsOf(report: Report): Omit<Counts, "pipelines"> {
  const counts = countSeverities(report.findings);
  for (const { severity } of report.problems) counts[severity] += 1;
  return { ...counts, files: report.files.length, jobs: report.jobs };
}

function sumOf(sessions: readonly SessionState[]): WorkspaceStatus {
  const checked = sessions.flatMap((session) => session.checked ?? []);
  const total = (name: keyof Counts): number => checked.reduce((sum, { counts }) => sum + counts[name], 0);
  const hasFailed = sessions.some((session) => session.hasFailed);
  const isBusy = sessions.some((session) => session.isBusy);
  return {
    state: isBusy ? "busy" : hasFailed ? "failed" : "ready",
    counts: {
      error: total("error"),
      warning: total("warning"),
      info: total("info"),
      hint: total("hint"),
      files: total("files"),
      pipelines: total("pipelines"),
      jobs: total("jobs"),
    },
    unread: checked.flatMap(({ unread }) => unread).slice(0, MOST_UNREAD),
    unreadCount: checked.reduce((sum, { unreadCount }) => sum + unreadCount, 0),
    faults: checked.reduce((sum, { faults }) => sum + faults, 0),
  };
}
