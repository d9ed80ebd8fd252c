// Requests and notifications that the protocol does not know, each behind the fence. They are
// answered for whoever asks.
import type { CancellationToken, Connection } from "vscode-languageserver";
import { configurationTemplate } from "../core/index";
import { answerFresh } from "./fresh";
import type { Folders } from "./folders";
import { guard, type Log } from "./guard";
import {
  CHECK_WORKSPACE_REQUEST,
  checkWorkspace,
  type CheckWorkspaceAnswer,
  type CheckWorkspaceParams,
} from "./handlers/check-workspace";
import {
  FALSE_ALARM_REQUEST,
  falseAlarm,
  type FalseAlarmAnswer,
  type FalseAlarmParams,
} from "./handlers/false-alarm";
import type { StatusBoard } from "./status";

/** The text of a new project configuration. */
export const CONFIGURATION_TEMPLATE_REQUEST = "gitlabCiDocker/configurationTemplate";

export function answerOwnRequests(
  connection: Connection,
  log: Log,
  agreed: () => { readonly folders: Folders; readonly board: StatusBoard } | undefined,
): void {
  connection.onRequest(
    FALSE_ALARM_REQUEST,
    guard(FALSE_ALARM_REQUEST, null, log, (params: FalseAlarmParams, token: CancellationToken) =>
      answerFresh<FalseAlarmAnswer | null>(agreed()?.folders, params.uri, token, null, (placed) =>
        falseAlarm(placed, params),
      ),
    ),
  );
  let isChecking = false;
  connection.onRequest(
    CHECK_WORKSPACE_REQUEST,
    guard<[CheckWorkspaceParams, CancellationToken], CheckWorkspaceAnswer | null>(
      CHECK_WORKSPACE_REQUEST,
      null,
      log,
      async (params, token) => {
        const { folders, board } = agreed() ?? {};
        if (folders === undefined || board === undefined || isChecking) return null;
        isChecking = true;
        try {
          return await checkWorkspace(connection, folders, board, params, token);
        } finally {
          isChecking = false;
        }
      },
    ),
  );
  connection.onRequest(
    CONFIGURATION_TEMPLATE_REQUEST,
    guard(CONFIGURATION_TEMPLATE_REQUEST, "", log, () => configurationTemplate()),
  );
}
