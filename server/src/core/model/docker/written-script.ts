// What a script says as it stands in its file: its commands with their places, and its container commands taken apart as far
// as no variable decides. No job has a part in it: fifty jobs that share a script item, and every later revision that leaves
// the item alone, use the same.
import { defineQuery } from "../../query/query";
import { parseShell } from "../../syntax/shell";
import type { Word } from "../../syntax/shell-nodes";
import type { Origin } from "../../text/located";
import type { MappedText } from "../../text/mapped-text";
import type { Loop } from "./branches";
import type { Argument, EnvironmentAssignment, Tool } from "./command";
import { argumentOf, assignmentWord, scriptText } from "./command-words";
import { shellScriptOf } from "./job-shells";
import { parseCommand, toolNamed, type ParsedCommand } from "./parse-command";
import { readScriptCommands, scriptReading, type ScriptCommand, type ScriptReading } from "./script-commands";
import { baseName } from "./wrappers";

export interface WrittenCommand extends ScriptCommand {
  /** Name and arguments, wrappers left out. */
  readonly argv: readonly Argument[];
  readonly assignments: readonly EnvironmentAssignment[];
  readonly at: Origin;
  /** Set where the name is that of a container tool. */
  readonly container: WrittenContainer | undefined;
  /** The script in `sh -c '…'`. */
  readonly nested: WrittenScript | undefined;
}

export interface WrittenContainer {
  readonly tool: Tool;
  /** The words behind the name, and what they say where each of them is one word. */
  readonly words: readonly Argument[];
  readonly parsed: ParsedCommand;
}

export interface WrittenScript {
  readonly commands: readonly WrittenCommand[];
  readonly loops: readonly Loop[];
  readonly place: Placing;
}

/** Place of a range of a script. */
export type Placing = (start: number, end: number) => Origin;

/** Scripts inside words inside scripts: `sh -c "bash -c '…'"`. */
export const DEEPEST_NESTING = 3;

/** By the text with its places, which stays the same as long as the block of the file around it does. */
export const writtenScriptOf = defineQuery<MappedText, WrittenScript>({
  name: "writtenScriptOf",
  compute: (ctx, text) =>
    writtenScript(ctx.get(scriptReading, ctx.get(shellScriptOf, text.text)), (start, end) =>
      text.at(start, end),
    ),
});

/** A script whose places are worked out by `place`. */
export function writtenScript(reading: ScriptReading, place: Placing, depth = 0): WrittenScript {
  const commands = reading.commands.map((command) => writtenCommand(command, place, depth));
  return { commands, loops: reading.loops, place };
}

function writtenCommand(command: ScriptCommand, place: Placing, depth: number): WrittenCommand {
  const { use, unwrapped, branches } = command;
  const { words, start, end } = use.command;
  const argv = words.slice(unwrapped.first).map((word) => argumentOf(word, place));
  return {
    use,
    unwrapped,
    branches,
    argv,
    assignments: assignmentsOf(command, place),
    at: place(start, end),
    container: writtenContainer(argv),
    nested: depth < DEEPEST_NESTING ? nestedScript(argv, place, depth) : undefined,
  };
}

function assignmentsOf({ use, unwrapped }: ScriptCommand, place: Placing): readonly EnvironmentAssignment[] {
  const { words, assignments } = use.command;
  const argument = (word: Word): Argument => argumentOf(word, place);
  return [
    ...assignments.map(({ name, value, start, end }) => ({
      name,
      value: value && argument(value),
      at: place(start, end),
    })),
    ...unwrapped.assignments.flatMap((index) => assignmentWord(words[index], argument)),
  ];
}

function writtenContainer([name, ...words]: readonly Argument[]): WrittenContainer | undefined {
  const tool = name && toolNamed(name.text);
  if (name === undefined || tool === undefined) return undefined;
  return { tool, words, parsed: parseCommand(tool, name, words) };
}

/** `sh -c '…'`, `bash -lc "…"`, also in front of arguments for it. */
function nestedScript(
  [name, ...rest]: readonly Argument[],
  place: Placing,
  depth: number,
): WrittenScript | undefined {
  if (name === undefined || !/^(ba|da|a|z|k)?sh$/.test(baseName(name.text))) return undefined;
  const option = rest.findIndex((argument) => /^-[a-z]*c$/.test(argument.text));
  if (option === -1 || rest.slice(0, option).some((argument) => !argument.text.startsWith("-")))
    return undefined;
  const word = rest[option + 1]?.word;
  const text = word === undefined ? undefined : scriptText(word);
  if (word === undefined || text === undefined) return undefined;
  const within: Placing = (start, end) =>
    text.isExact ? place(text.start + start, text.start + end) : place(word.start, word.end);
  return writtenScript(readScriptCommands(parseShell(text.text)), within, depth + 1);
}
