// Edits around one command of a script: a command in front of it, a flag behind its verb, the command taken out. Undefined where
// that would change what other commands mean.
import type { ContainerCommand, JobCommand } from "../model/docker/command";
import type { ScriptItem } from "../model/pipeline/job";
import type { ChunkEdit } from "../text/edit";
import { textAt, type Origin } from "../text/located";
import { endOf, indentAt, insertBefore, lineEndOf, lineStartOf, replaceInScript, startsLine } from "./edits";

/**
 * Puts a command in front of another: an item of its own in a list, a line in a literal block or a script file, else the same
 * line.
 */
export function commandBefore(command: JobCommand, text: string): ChunkEdit | undefined {
  const { item, at, isNested } = command;
  if (isNested || command.use.inSubstitution) return undefined;
  if (isOwnLine(command)) return insertBefore(lineStart(at), `${indentAt(at)}${text}\n`);
  if (at.chunk !== item.at.chunk || !beginsItem(command)) return undefined;
  if (/^\s*- +$/.test(item.at.chunk.text.slice(lineStart(item.at).start, item.at.start)))
    return insertBefore(lineStart(item.at), `${indentAt(item.at)}- ${text}\n`);
  if (isFolded(item)) return undefined;
  return replaceInScript(item, { ...at, end: at.start }, `${text}; `);
}

/** Words behind the verb: in front of all flags and operands, so that nothing is torn apart. */
export const wordsBehindVerb = ({ item, verbAt }: ContainerCommand, words: string): ChunkEdit | undefined =>
  replaceInScript(item, endOf(verbAt), ` ${words}`);

/** `docker build` as `docker buildx build`. */
export const withBuildx = ({ item, verb, verbAt }: ContainerCommand, words = ""): ChunkEdit | undefined =>
  verb === "build"
    ? replaceInScript(item, verbAt, words === "" ? "buildx build" : `buildx build ${words}`)
    : words === ""
      ? undefined
      : replaceInScript(item, endOf(verbAt), ` ${words}`);

/** Takes a command away that is all of its item, or of its line in a block; a `|| true` behind it goes too. */
export function withoutCommand(command: JobCommand): ChunkEdit | undefined {
  const { item, at } = command;
  const { chunk } = at;
  const line = lineStart(at);
  const end = lineEndOf(chunk, at.end);
  const isWhole = /^\s*(\|\|\s*(true|:))?\s*$/.test(chunk.text.slice(at.end, end));
  if (command.isNested || !isWhole || textAt(at).includes("\n")) return undefined;
  const isItem =
    chunk === item.at.chunk &&
    beginsItem(command) &&
    /^\s*- +$/.test(chunk.text.slice(lineStart(item.at).start, item.at.start)) &&
    line.start === lineStart(item.at).start;
  if (!isItem && !isOwnLine(command)) return undefined;
  return { chunk, start: line.start, end: Math.min(end + 1, chunk.text.length), newText: "" };
}

function lineStart({ chunk, start }: Origin): Origin {
  const at = lineStartOf(chunk, start);
  return { chunk, start: at, end: at };
}

/** A line of a literal block or of a script file that nothing before it goes on into. */
function isOwnLine({ item, at }: JobCommand): boolean {
  const { chunk } = at;
  if (!startsLine(at)) return false;
  const isBlock = chunk !== item.at.chunk || chunk.text[item.at.start] === "|";
  const before = chunk.text.slice(0, lineStart(at).start).trimEnd();
  return isBlock && !/(\\|&&|\|\|?)$/.test(before.replace(/(^|\s)\|[+-]?\d?$/, ""));
}

/** The command is the first of its item. */
const beginsItem = ({ item, at }: JobCommand): boolean => {
  const before = at.chunk.text.slice(item.at.start, at.start);
  return /^(?:["']|[|>][+-]?\d?[^\n]*\n\s*)?$/.test(before);
};

const isFolded = ({ at }: ScriptItem): boolean => at.chunk.text[at.start] === ">";
