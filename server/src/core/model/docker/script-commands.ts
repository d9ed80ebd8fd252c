// What one script says, wherever it is used: its simple commands without their wrappers, and its branches and loops. Worked
// out once for each text: fifty jobs that share a line, and every later revision, use the same.
import { defineQuery } from "../../query/query";
import { commandsOf as usesOf } from "../../syntax/shell";
import type { CommandUse, ShellScript } from "../../syntax/shell-nodes";
import { branchesOf, type Loop } from "./branches";
import { mayCall } from "./called-scripts";
import type { BranchPath } from "./command";
import { unwrap, type Unwrapped } from "./wrappers";

export interface ScriptCommand {
  readonly use: CommandUse;
  readonly unwrapped: Unwrapped;
  /** Branches within the script. */
  readonly branches: BranchPath;
}

export interface ScriptReading {
  readonly commands: readonly ScriptCommand[];
  /** Those of them that may call a script, `sh -c '…'` included. */
  readonly callers: readonly ScriptCommand[];
  readonly loops: readonly Loop[];
}

/** By the tree itself, which is the same for the same text. */
export const scriptReading = defineQuery<ShellScript, ScriptReading>({
  name: "scriptReading",
  compute: (_ctx, script) => readScriptCommands(script),
});

export function readScriptCommands(script: ShellScript): ScriptReading {
  const { paths, loops } = branchesOf(script, []);
  const commands = usesOf(script).map((use) => ({
    use,
    unwrapped: unwrap(use.command.words),
    branches: paths.get(use.command) ?? [],
  }));
  const callers = commands.filter(({ use, unwrapped }) => mayCall(use.command.words[unwrapped.first]));
  return { commands, callers, loops };
}
