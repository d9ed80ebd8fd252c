// Lines of a script in front of a command or behind it, each an item of its own, or a line of a literal block.
import type { JobCommand } from "../model/docker/command";
import type { ChunkEdit } from "../text/edit";
import { textAt } from "../text/located";
import { indentAt, insertBefore, lineEndOf, lineStartOf, startsLine } from "./edits";

/** A line in front of a command; undefined where the command is not the first of its item, nor of a line. */
export function lineBeforeCommand(command: JobCommand, line: string): ChunkEdit | undefined {
  const { item, at } = command;
  if (!isWritten(command)) return undefined;
  if (isLiteral(command)) return startsLine(at) ? insertBefore(at, `${line}\n${indentAt(at)}`) : undefined;
  const before = at.chunk.text.slice(item.at.start, at.start);
  if (!isItem(command) || !/^(?:[>|][-+\d]*[^\n]*\n)?[\s"']*$/.test(before)) return undefined;
  const start = lineStartOf(item.at.chunk, item.at.start);
  return insertBefore({ chunk: item.at.chunk, start, end: start }, `${indentAt(item.at)}- ${line}\n`);
}

/** A line behind a command; undefined where more follows it in its item or on its line. */
export function lineAfterCommand(command: JobCommand, line: string): ChunkEdit | undefined {
  const { item, at } = command;
  if (!isWritten(command)) return undefined;
  const { chunk } = at;
  const end = lineEndOf(chunk, at.end);
  const rest = chunk.text.slice(at.end, end);
  if (isLiteral(command)) {
    const isAlone = startsLine(at) && /^\s*(?:#.*)?$/.test(rest);
    return isAlone ? { chunk, start: end, end, newText: `\n${indentAt(at)}${line}` } : undefined;
  }
  const inItem = chunk.text.slice(at.end, item.at.end);
  if (!isItem(command) || !/^[\s"']*$/.test(inItem)) return undefined;
  const itemEnd = lineEndOf(chunk, Math.max(item.at.start, item.at.start + textAt(item.at).trimEnd().length));
  return { chunk, start: itemEnd, end: itemEnd, newText: `\n${indentAt(item.at)}- ${line}` };
}

/** In the job's own items: not in a called script, a function, `sh -c`, or a branch. */
const isWritten = ({ item, at, caller, isNested, use }: JobCommand): boolean =>
  item.at.chunk === at.chunk &&
  caller === undefined &&
  !isNested &&
  use.inFunction === undefined &&
  !use.conditional;

const isLiteral = ({ item }: JobCommand): boolean => item.at.chunk.text[item.at.start] === "|";

/** An item of a block list, on a line of its own. */
const isItem = ({ item: { at } }: JobCommand): boolean =>
  /^\s*- +$/.test(at.chunk.text.slice(lineStartOf(at.chunk, at.start), at.start));
