// Who hears what becomes of the sessions: the log, and the status that a client shows.
import type { Connection, InitializeParams } from "vscode-languageserver";
import type { SharedOptions } from "./folders";
import { createJournal } from "./journal";
import { ownAbilities, type OwnAbilities } from "./own-abilities";
import { createStatusBoard, STATUS_NOTIFICATION, type StatusBoard } from "./status";

export interface Observers {
  readonly own: OwnAbilities;
  readonly board: StatusBoard;
  readonly createListener: NonNullable<SharedOptions["createListener"]>;
  /** Writes the first line of the log, and sends the first status. */
  begin(): void;
}

export function createObservers(
  connection: Connection,
  params: InitializeParams,
  roots: readonly string[],
): Observers {
  const own = ownAbilities(params.capabilities);
  const journal = createJournal(connection, own.status);
  const board = createStatusBoard((status) => {
    if (own.status) void connection.sendNotification(STATUS_NOTIFICATION, status);
  });
  return {
    own,
    board,
    createListener: (root) => {
      const listeners = [journal.listen(root), board.addSession()];
      return (event) => listeners.forEach((listen) => listen(event));
    },
    begin: () => {
      journal.begin(params, roots, own.isTrusted);
      board.announce();
    },
  };
}
