// Fixes that take lists of commands apart, or give the lines of a block scalar one indentation.
import type { JobScript } from "../model/docker/job-shells";
import type { ScriptItem } from "../model/pipeline/job";
import type { AndOr } from "../syntax/shell-nodes";
import type { ChunkEdit } from "../text/edit";
import { textAt, type Origin } from "../text/located";
import { indentAt, lineStartOf, replaceText } from "./edits";
import type { FixDraft } from "./rule";

/** `- a && b` becomes two items; in a literal block two lines. Nothing where the list has more lines, or quotes around it. */
export function splitFix(item: ScriptItem, script: JobScript, list: AndOr): readonly FixDraft[] {
  const gaps = gapsOf(script, list);
  const newText = separatorFor(item, gaps);
  if (newText === undefined) return [];
  return [
    {
      title: "Put the commands on lines of their own",
      safety: "suggested",
      edits: gaps.map((gap) => replaceText(gap, newText)),
    },
  ];
}

/** The places between the items of a list. */
const gapsOf = ({ place }: JobScript, { items }: AndOr): readonly Origin[] =>
  items.slice(1).flatMap((next, index) => {
    const before = items[index];
    return before === undefined ? [] : [place(before.end, next.start)];
  });

/** What goes between the commands instead of `&&`; undefined where that cannot be said. */
function separatorFor({ at, text }: ScriptItem, gaps: readonly Origin[]): string | undefined {
  const [first] = gaps;
  if (first === undefined || gaps.some((gap) => !/^\s*&&\s*$/.test(textAt(gap)) || /\n/.test(textAt(gap))))
    return undefined;
  if (at.chunk.text[at.start] === "|") return `\n${indentAt(first)}`;
  const isPlain = textAt(at) === text.text && !text.text.includes("\n");
  const before = at.chunk.text.slice(lineStartOf(at.chunk, at.start), at.start);
  // What begins an item must be plain for YAML too.
  const isSafe = gaps.every((gap) => /[\w./$]/.test(at.chunk.text[gap.end] ?? ""));
  return isPlain && isSafe && /^\s*- +$/.test(before) ? `\n${indentAt(at)}- ` : undefined;
}

/** Removes the `|| true` behind a single command. */
export function withoutTrueFix(
  { via }: ScriptItem,
  { place }: JobScript,
  { items }: AndOr,
): readonly FixDraft[] {
  const [command, last, ...others] = items;
  if (command === undefined || last === undefined || others.length > 0) return [];
  const at = place(command.end, last.end);
  // A script that another repository brings is not ours to change; one over several lines is left to a person.
  if (textAt(at).includes("\n") || via.some((hop) => hop.kind === "include")) return [];
  return [{ title: "Remove the `|| true`", safety: "suggested", edits: [replaceText(at, "")] }];
}

/** Gives all lines of a block scalar the indentation of its first one. */
export function dedentFix({ at, text }: ScriptItem): readonly FixDraft[] {
  if (text.text.includes("<<")) return [];
  const lines = textAt(at).split("\n");
  const base = /^[ ]*(?=\S)/.exec(lines.slice(1).find((line) => line.trim() !== "") ?? "")?.[0] ?? "";
  const edits: ChunkEdit[] = [];
  let start = at.start;
  for (const [index, line] of lines.entries()) {
    const own = /^[ \t]*/.exec(line)?.[0] ?? "";
    if (index > 0 && line.trim() !== "" && own.length > base.length)
      edits.push(replaceText({ chunk: at.chunk, start, end: start + own.length }, base));
    start += line.length + 1;
  }
  return edits.length === 0 ? [] : [{ title: "Indent the lines alike", safety: "suggested", edits }];
}
