// Writes other commands in the place of one, over as many lines as that one has.
import type { ContainerCommand } from "../model/docker/command";
import { listOf } from "../model/pipeline/script-edit";
import { insertItemBefore } from "../syntax/yaml-edit";
import type { ChunkEdit } from "../text/edit";
import { textAt, type Origin } from "../text/located";
import { indentAt, replaceInScript, replaceText, startsLine } from "./edits";

/**
 * Replaces a command by others, each given as its words. Undefined where the command is not written in one piece: assignments in
 * front, redirections, words out of variables.
 */
export function replaceCommand(
  command: ContainerCommand,
  commands: readonly (readonly string[])[],
): readonly ChunkEdit[] | undefined {
  const range = rangeOf(command);
  if (range === undefined) return undefined;
  const separator = /[ \t]*\\?\n[ \t]*/.exec(textAt(range))?.[0];
  const [first = "", ...others] = commands.map((words) => words.join(separator ?? " "));
  const place = isWholeItem(command, range) ? listOf(command.job, command.item) : undefined;
  if (place !== undefined && others.every((text) => isPlainItem(text))) {
    const edit = written(command, range, first);
    const items = others.flatMap((text) => insertItemBefore(place.list.node, place.index + 1, text));
    return edit && [edit, ...items];
  }
  const isLine = command.item.at.chunk.text[command.item.at.start] === "|" && startsLine(range);
  const edit = written(command, range, [first, ...others].join(isLine ? `\n${indentAt(range)}` : " && "));
  return edit && [edit];
}

/** From the command's name to its last word. */
function rangeOf({
  nameAt,
  at,
  argv,
  assignments,
  use,
  isNested,
  wrappers,
}: ContainerCommand): Origin | undefined {
  const isPlain = assignments.length === 0 && use.command.redirects.length === 0 && wrappers.length === 0;
  const isHere = argv.every(
    (word) => word.at.chunk === nameAt.chunk && at.start <= word.at.start && word.at.end <= at.end,
  );
  if (!isPlain || !isHere || isNested) return undefined;
  return { chunk: nameAt.chunk, start: nameAt.start, end: Math.max(...argv.map((word) => word.at.end)) };
}

/** Whether nothing but quotes or the header of a block stands around the command. */
function isWholeItem({ item }: ContainerCommand, { chunk, start, end }: Origin): boolean {
  const before = chunk.text.slice(item.at.start, start);
  const behind = chunk.text.slice(end, item.at.end);
  return /^(["']?|[|>][^\n]*\n\s*)$/.test(before) && /^\s*["']?$/.test(behind);
}

const isPlainItem = (text: string): boolean => !/: |:$| #|\n/.test(text);

function written({ item }: ContainerCommand, range: Origin, text: string): ChunkEdit | undefined {
  if (!text.includes("\n")) return replaceInScript(item, range, text);
  const opening = range.chunk.text[item.at.start] ?? "";
  if (opening === "|" || opening === ">") return replaceText(range, text);
  return /["'[{]/.test(opening) || /: |:\n| #/.test(text) ? undefined : replaceText(range, text);
}
