// The path that a word of a command means, as far as it is known without running anything.
import type { ShellScript, Word, WordPart } from "../../syntax/shell-nodes";
import type { FilePath } from "../../text/source-file";
import type { Job } from "../pipeline/job";

/** Text of a word with PROJECT_DIRECTORY for the project directory; undefined where it is not known. */
export type PathReader = (word: Word) => string | undefined;

/** Stands for `$CI_PROJECT_DIR` at the start of a path: no path holds this character. */
export const PROJECT_DIRECTORY = "\0";

/**
 * A path as a command is given it: literal text, variables of the YAML whose value is one literal text, `$CI_PROJECT_DIR`, and
 * `$PWD` in front. Undefined where it is not known.
 *
 * @param scriptFolder what `$(dirname "$0")` in front means: the folder of the script file that the word stands in
 */
export function pathText(job: Job, word: Word, scriptFolder?: FilePath): string | undefined {
  let text = "";
  for (const part of word.parts) {
    const known = text === "" ? firstText(job, part, scriptFolder) : partText(job, part);
    if (known === undefined) return undefined;
    text += known;
  }
  return text.lastIndexOf(PROJECT_DIRECTORY) > 0 ? undefined : text;
}

function firstText(job: Job, part: WordPart, scriptFolder: FilePath | undefined): string | undefined {
  if (part.kind === "variable" && part.name === "PWD" && part.operator === undefined) return ".";
  if (part.kind !== "command") return partText(job, part);
  const command = commandText(part.script);
  if (command === "pwd") return ".";
  return scriptFolder !== undefined && DIRNAME.test(command) ? PROJECT_DIRECTORY + scriptFolder : undefined;
}

const DIRNAME = /^dirname (-- )?(\$0|\$\{0\}|\$BASH_SOURCE|\$\{BASH_SOURCE(\[0\])?\})$/;

/** The only command of a substitution; "" where there is more. */
function commandText({ nodes }: ShellScript): string {
  const [node, ...others] = nodes;
  return others.length > 0 || node?.kind !== "command" ? "" : node.words.map(({ text }) => text).join(" ");
}

function partText(job: Job, part: WordPart): string | undefined {
  if (part.kind === "literal") return part.text;
  if (part.kind !== "variable" || part.operator !== undefined) return undefined;
  return part.name === "CI_PROJECT_DIR" ? PROJECT_DIRECTORY : variableText(job, part.name);
}

function variableText(job: Job, name: string): string | undefined {
  const variable = job.variables.get(name);
  if (variable === undefined || !variable.isKnown || variable.values.length > 1) return undefined;
  const value = variable.value.replace(/^\$(CI_PROJECT_DIR\b|\{CI_PROJECT_DIR\})/, PROJECT_DIRECTORY);
  return value.includes("$") ? undefined : value;
}
