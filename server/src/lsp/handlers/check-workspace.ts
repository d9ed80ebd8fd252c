// "Check the whole workspace": everything is read again from the disk, with progress, until somebody cancels it.
import {
  WorkDoneProgress,
  type CancellationToken,
  type Connection,
  type ProgressToken,
} from "vscode-languageserver";
import type { Folders } from "../folders";
import type { Look, Step } from "../read-anew";
import type { Counts, StatusBoard } from "../status";

export const CHECK_WORKSPACE_REQUEST = "gitlabCiDocker/checkWorkspace";
export interface CheckWorkspaceParams {
  readonly workDoneToken?: ProgressToken;
}

export interface CheckWorkspaceAnswer {
  /** `stopped`: cancelled; what was found in folders that were not read to the end stands as it was. */
  readonly outcome: "checked" | "stopped";
  readonly counts: Counts;
  readonly unreadCount: number;
}

/** Milliseconds of reading between two looks at what the client wants. */
const SLICE = 10;

/**
 * Does more than reading at the start did: folders are listed anew, so that changes count which no watcher told of (network
 * drives, `files.watcherExclude`, checkouts outside of the folder), and nothing that was worked out before is used again.
 */
export async function checkWorkspace(
  connection: Connection,
  folders: Folders,
  board: StatusBoard,
  { workDoneToken }: CheckWorkspaceParams,
  cancel: CancellationToken,
): Promise<CheckWorkspaceAnswer> {
  const isDone = await folders.recheck(lookOf(connection, workDoneToken, cancel));
  const { counts, unreadCount } = board.current();
  return { outcome: isDone ? "checked" : "stopped", counts, unreadCount };
}

function lookOf(connection: Connection, token: ProgressToken | undefined, cancel: CancellationToken): Look {
  let sliceEnd = 0;
  return async (step) => {
    if (step.kind === "files" && performance.now() < sliceEnd) return !cancel.isCancellationRequested;
    if (token !== undefined)
      void connection.sendProgress(WorkDoneProgress.type, token, { kind: "report", message: inWords(step) });
    await new Promise((resume) => setImmediate(resume));
    sliceEnd = performance.now() + SLICE;
    return !cancel.isCancellationRequested;
  };
}

const inWords = (step: Step): string =>
  step.kind === "files" ? `${step.count} files` : `pipeline ${step.done + 1} of ${step.of}: ${step.root}`;
