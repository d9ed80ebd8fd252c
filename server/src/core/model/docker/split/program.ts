// What a container runs, from ENTRYPOINT and CMD. https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact
import type { DockerfileInstruction } from "../../../syntax/dockerfile-nodes";

export interface Program {
  /** Program and arguments, without `sh -c` and `exec`. */
  readonly words: readonly string[];
  /** Whether a shell starts it: the image needs one. */
  readonly isShell: boolean;
}

/** Undefined where nothing is said, and where a shell is to run more than one plain command. */
export function programOf(instructions: readonly DockerfileInstruction[]): Program | undefined {
  const last = (keyword: string): DockerfileInstruction | undefined =>
    instructions.filter((each) => each.keyword === keyword).at(-1);
  const entrypoint = last("ENTRYPOINT");
  const command = last("CMD");
  if (entrypoint === undefined) return command && ownProgram(command, []);
  // An entry point that a shell starts gets no CMD; any other gets it as arguments, `sh -c` and all.
  if (entrypoint.json === undefined || command === undefined) return ownProgram(entrypoint, []);
  return command.json === undefined ? undefined : ownProgram(entrypoint, wordsOf(command));
}

const wordsOf = ({ json }: DockerfileInstruction): readonly string[] => (json ?? []).map(({ text }) => text);

function ownProgram(instruction: DockerfileInstruction, operands: readonly string[]): Program | undefined {
  if (instruction.json === undefined) return shellProgram(instruction.rest.text);
  const words = [...wordsOf(instruction), ...operands];
  const [shell = "", option = "", script, ...more] = words;
  if (shell === "") return undefined;
  if (!/^(?:\/\S*\/)?(?:ba|da|a)?sh$/.test(shell)) return { words, isShell: false };
  return /^-\w*c$/.test(option) && script !== undefined && more.length === 0
    ? shellProgram(script)
    : undefined;
}

function shellProgram(text: string): Program | undefined {
  if (/[|;&<>`()"'\\\n]/.test(text)) return undefined;
  const words = text.trim().split(/\s+/);
  if (words[0] === "exec") words.shift();
  const [name = ""] = words;
  return name === "" || name.includes("=") || name.includes("$") ? undefined : { words, isShell: true };
}
