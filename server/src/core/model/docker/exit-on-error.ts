// Whose failure counts in a script that runs in a process of its own. A shell goes on behind a failing command unless
// `set -e` says otherwise, and its own status is then that of its last command.
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_26 (set)
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
  for (const use of uses) {
    stops = errorExitAfter(use) ?? stops;
    if (stops || use.command.start >= last) counting.add(use.command);
  }
  return (command) => counting.has(command);
}

/** What a command makes of the option; undefined where it leaves it as it is, or may not run. */
function errorExitAfter({ command, conditional, subshell, inFunction }: CommandUse): boolean | undefined {
  const [name, ...words] = command.words;
  if (name?.text !== "set" || conditional || subshell || inFunction !== undefined) return undefined;
  let stops: boolean | undefined;
  words.forEach(({ text }, index) => {
    if (/^-[a-z]*e/.test(text) || (text === "errexit" && isOption(words[index - 1]?.text, "-"))) stops = true;
    if (/^\+[a-z]*e/.test(text) || (text === "errexit" && isOption(words[index - 1]?.text, "+"))) stops = false;
  });
  return stops;
}

const isOption = (text: string | undefined, sign: "-" | "+"): boolean =>
  text !== undefined && text.startsWith(sign) && text.endsWith("o");
