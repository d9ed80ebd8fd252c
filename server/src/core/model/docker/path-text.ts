// The path that a word of a command means, as far as it is known without running anything.
import type { ShellScript, Word, WordPart } from "../../syntax/shell-nodes";
import type { Job } from "../pipeline/job";

/** Text of a word with PROJECT_DIRECTORY for the project directory; undefined where it is not known. */
export type PathReader = (word: Word) => string | undefined;

/** Stands for `$CI_PROJECT_DIR` at the start of a path: no path holds this character. */
export const PROJECT_DIRECTORY = "\0";

/**
 * A path as a command is given it: literal text, variables of the YAML whose value is one literal text, `$CI_PROJECT_DIR`, and
 * `$PWD` in front. Undefined where it is not known.
 */
export function pathText(job: Job, word: Word): string | undefined {
  let text = "";
  for (const part of word.parts) {
    const known = partText(job, part, text === "");
    if (known === undefined) return undefined;
    text += known;
  }
  return text.lastIndexOf(PROJECT_DIRECTORY) > 0 ? undefined : text;
}

function partText(job: Job, part: WordPart, isFirst: boolean): string | undefined {
  if (part.kind === "literal") return part.text;
  if (part.kind === "command") return isFirst && isPwd(part.script) ? "." : undefined;
  if (part.kind !== "variable" || part.operator !== undefined) return undefined;
  if (part.name === "CI_PROJECT_DIR") return PROJECT_DIRECTORY;
  if (part.name === "PWD") return isFirst ? "." : undefined;
  const variable = job.variables.get(part.name);
  if (variable === undefined || !variable.isKnown || variable.values.length > 1) return undefined;
  const value = variable.value.replace(/^\$(CI_PROJECT_DIR\b|\{CI_PROJECT_DIR\})/, PROJECT_DIRECTORY);
  return value.includes("$") ? undefined : value;
}

/** `$(pwd)` */
function isPwd({ nodes }: ShellScript): boolean {
  const [node, ...others] = nodes;
  return others.length === 0 && node?.kind === "command" && node.words.map(({ text }) => text).join(" ") === "pwd";
}
