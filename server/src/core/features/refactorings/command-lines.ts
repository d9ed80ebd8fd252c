// Edits around a build command that keep the layout of its lines: words behind the verb, lines in front of it, pushes taken away.
import type { Branch, ContainerCommand, JobCommand } from "../../model/docker/command";
import { commandBefore, withBuildx, withoutCommand, wordsBehindVerb } from "../../rules/command-edit";
import { indentAt, insertBefore, lineEndOf, lineStartOf, startsLine } from "../../rules/edits";
import { lineBefore } from "../../rules/login-fix";
import type { ChunkEdit } from "../../text/edit";
import { textAt, type Origin } from "../../text/located";

type Edits = readonly ChunkEdit[];

/**
 * Adds flags to a command: on lines of their own where the command has its flags so, else behind the verb. With `buildx`,
 * `docker build` becomes `docker buildx build`. Undefined where the text can't stand there.
 */
export function withFlags(
  command: ContainerCommand,
  flags: readonly string[],
  { buildx = false }: { readonly buildx?: boolean } = {},
): Edits | undefined {
  const isRenamed = buildx && command.verb === "build";
  const first = command.flags.find(({ at }) => at.chunk === command.verbAt.chunk && startsLine(at));
  const end = first && lineEnding(command, first.at);
  if (first === undefined || end === undefined) {
    const words = flags.join(" ");
    const edit = isRenamed ? withBuildx(command, words) : wordsBehindVerb(command, words);
    return edit && [edit];
  }
  const lines = flags.map((flag) => `${flag}${end}\n${indentAt(first.at)}`).join("");
  const added = insertBefore(first.at, lines);
  if (!isRenamed) return [added];
  const renamed = withBuildx(command);
  return renamed && [renamed, added];
}

/** What ends a line inside the command: a backslash, or nothing where YAML folds the lines. Undefined in quotes. */
function lineEnding({ verbAt, item }: ContainerCommand, flag: Origin): string | undefined {
  if (/["']/.test(item.at.chunk.text[item.at.start] ?? "")) return undefined;
  const between = textAt({ chunk: flag.chunk, start: verbAt.end, end: flag.start });
  return /\\[ \t]*\n/.test(between) ? " \\" : "";
}

/** Lines in front of a command, each a list item or a line of its block. Undefined where the command may not run. */
export function linesBefore(command: ContainerCommand, lines: readonly string[]): Edits | undefined {
  if (!command.branches.every(isList)) return undefined;
  const edits = lines.map((line) => commandBefore(command, line) ?? lineBefore(command.item, line));
  const made = edits.filter((edit) => edit !== undefined);
  return made.length < lines.length ? undefined : made;
}

/** A list `a && b`, which is left early only when the job fails. */
const isList = ({ node }: Branch): boolean =>
  "kind" in node &&
  node.kind === "and-or" &&
  "operators" in node &&
  Array.isArray(node.operators) &&
  node.operators.every((operator) => operator === "&&");

/**
 * Takes commands away that follow a given one: each with its line, or with the `&&` in front of it where it stands in one list with
 * the command before. Undefined where one of them can't go alone.
 */
export function withoutFollowing(command: JobCommand, following: readonly JobCommand[]): Edits | undefined {
  const edits: ChunkEdit[] = [];
  let last = command;
  for (const next of following) {
    const edit =
      inListBehind(last, next) ??
      (next.use.conditional ? undefined : (withoutCommand(next) ?? downToComment(next)));
    if (edit === undefined) return undefined;
    edits.push(edit);
    last = next;
  }
  return edits;
}

/** `&& next` behind a command, from the end of that one. */
function inListBehind(before: JobCommand, next: JobCommand): ChunkEdit | undefined {
  const { chunk } = next.at;
  if (before.at.chunk !== chunk || before.item.at.start !== next.item.at.start) return undefined;
  const gap = chunk.text.slice(before.at.end, next.at.start);
  if (!/^\s*(?:\\\n\s*)?&&\s*(?:\\\n\s*)?$/.test(gap)) return undefined;
  return { chunk, start: before.at.end, end: next.at.end, newText: "" };
}

/** Leaves the comment that stands behind a command on its line. */
function downToComment({ at }: JobCommand): ChunkEdit | undefined {
  const { chunk } = at;
  const start = lineStartOf(chunk, at.start);
  const behind = /^[ \t]+(?=#)/.exec(chunk.text.slice(at.end, lineEndOf(chunk, at.end)))?.[0];
  const before = /^[ \t]*(?=(?:- +)?$)/.exec(chunk.text.slice(start, at.start))?.[0];
  if (behind === undefined || before === undefined || textAt(at).includes("\n")) return undefined;
  return { chunk, start: start + before.length, end: at.end + behind.length, newText: "" };
}
