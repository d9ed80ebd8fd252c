// Reads the items of a script section: a compound command may begin in one item and end in a later one.
import { commandsOf } from "./shell-commands";
import type { ShellScript, TextRange } from "./shell-nodes";

/** Consecutive items that were read as one script: nearly always a single one. */
export interface ShellItems {
  /** Indexes of the first and the last item in the list that was given. */
  readonly first: number;
  readonly last: number;
  /** The items' texts joined with line breaks: what the script's offsets are into. */
  readonly text: string;
  /** Offset into `text` at which each item begins; `starts[0]` is 0. */
  readonly starts: readonly number[];
  readonly script: ShellScript;
}

/** No `if` of a person spans more items; it also bounds the time for a list of broken ones. */
const mostJoined = 40;

/** Attempts for the whole list: a list of nothing but broken items is not worth more. */
const mostAttempts = 400;

/**
 * Reads a list of script items.
 *
 * @param texts the decoded text of each item, in order
 * @param read reads one text: `parseShell`
 * @returns every item once, in order. An item that is incomplete (an `if` without its `fi`, an open here-document) is read together with as many of the following items as complete it, because the runner writes all of
 * them into one script; where nothing completes it, it stands alone with its problem.
 */
export function groupItems(
  texts: readonly string[],
  read: (text: string) => ShellScript,
): readonly ShellItems[] {
  const groups: ShellItems[] = [];
  const effort = { left: mostAttempts };
  for (let first = 0; first < texts.length;) {
    const alone = joined(texts, first, first, read);
    const group = mayContinue(alone) ? (completed(texts, first, read, effort) ?? alone) : alone;
    groups.push(group);
    first = group.last + 1;
  }
  return groups;
}

/**
 * The item in which a range of a group's text begins, and the range in that item's own text. A range that reaches into
 * the next item ends with its first one.
 */
export function placeInItems(items: ShellItems, range: TextRange): TextRange & { readonly item: number } {
  const next = items.starts.findIndex((start) => start > range.start);
  const index = (next === -1 ? items.starts.length : next) - 1;
  const begin = items.starts[index] ?? 0;
  // Behind the item's last character stands the line break that joins it to the next one.
  const end = next === -1 ? items.text.length : (items.starts[next] ?? items.text.length) - 1;
  const start = Math.min(range.start, end);
  return {
    item: items.first + index,
    start: start - begin,
    end: Math.max(start, Math.min(range.end, end)) - begin,
  };
}

function completed(
  texts: readonly string[],
  first: number,
  read: (text: string) => ShellScript,
  effort: { left: number },
): ShellItems | undefined {
  const end = Math.min(texts.length, first + mostJoined);
  for (let last = first + 1; last < end && effort.left > 0; last += 1) {
    effort.left -= 1;
    const group = joined(texts, first, last, read);
    if (isComplete(group.script, group.text)) return group;
  }
  return undefined;
}

function joined(
  texts: readonly string[],
  first: number,
  last: number,
  read: (text: string) => ShellScript,
): ShellItems {
  const starts: number[] = [];
  let length = 0;
  for (const text of texts.slice(first, last + 1)) {
    starts.push(length);
    length += text.length + 1;
  }
  const text = texts.slice(first, last + 1).join("\n");
  return { first, last, text, starts, script: read(text) };
}

const isComplete = (script: ShellScript, text: string): boolean =>
  script.problems.length === 0 && !(text.includes("<<") && hasOpenHereDocument(script));

const hasOpenHereDocument = (script: ShellScript): boolean =>
  commandsOf(script).some(({ command }) => command.redirects.some((redirect) => redirect.unclosed === true));

/**
 * True where the next item may go on with it: its text ends too early. An open quote is not taken for that: it would
 * swallow the items up to the next apostrophe, and no one opens a quote in one item to close it in another.
 */
function mayContinue({ script, text }: ShellItems): boolean {
  const problem = script.problems[0];
  if (problem === undefined) return !isComplete(script, text);
  return problem.end >= text.trimEnd().length && !problem.message.startsWith("unterminated");
}
