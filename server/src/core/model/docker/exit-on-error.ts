// Whose failure counts in a script that runs in a process of its own. A shell goes on behind a failing command unless
// `set -e` says otherwise, and its own status is then that of its last command.
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#set
import { errexitChange } from "../../syntax/shell-commands";
import type { CommandUse, ShellScript, SimpleCommand } from "../../syntax/shell-nodes";

/**
 * Tells whether the failure of a command is the failure of its script.
 *
 * @param uses all commands of the script, in order of the text
 * @param stopsOnError whether the shell was started with `-e`
 */
export function failureCounts(
  script: ShellScript,
  uses: readonly CommandUse[],
  stopsOnError: boolean,
): (command: SimpleCommand) => boolean {
  const last = script.nodes.findLast((node) => node.kind !== "function")?.start ?? 0;
  const counting = new Set<SimpleCommand>();
  let stops = stopsOnError;
  for (const { command, conditional, subshell, inFunction } of uses) {
    const mayNotHold = conditional || subshell || inFunction !== undefined;
    const change = mayNotHold ? undefined : errexitChange(command.words);
    if (change !== undefined) stops = change === "on";
    if (stops || command.start >= last) counting.add(command);
  }
  return (command) => counting.has(command);
}
