// Flags of `gitlab-runner register` that an authentication token forbids, and how one is taken out of a command line.
import type { RegisterFlag } from "../model/runner/register";
import type { ChunkEdit } from "../text/edit";
import { lineEndOf, lineStartOf, startsLine } from "./edits";

/** What GitLab keeps for a runner that was created there. commands/register.go of gitlab-runner */
export const SERVER_SIDE_FLAGS: ReadonlySet<string> = new Set([
  "locked",
  "access-level",
  "run-untagged",
  "maximum-timeout",
  "paused",
  "tag-list",
  "maintenance-note",
]);

/** Removes a flag with the blanks beside it; one that has a line for itself goes with its line and continuation. */
export function withoutFlag({ at }: RegisterFlag): ChunkEdit {
  const { chunk } = at;
  const from = lineStartOf(chunk, at.start);
  const to = lineEndOf(chunk, at.end);
  const behind = chunk.text.slice(at.end, to);
  if (!startsLine(at)) {
    const blanks = /[ \t]*$/.exec(chunk.text.slice(from, at.start))?.[0].length ?? 0;
    return { chunk, start: at.start - blanks, end: at.end, newText: "" };
  }
  if (!/^[ \t]*\\?$/.test(behind)) {
    const blanks = /^[ \t]*/.exec(behind)?.[0].length ?? 0;
    return { chunk, start: at.start, end: at.end + blanks, newText: "" };
  }
  // The last line of a command that is continued: the backslash in front of it goes too.
  const before = /[ \t]*\\\n$/.exec(chunk.text.slice(0, from))?.[0].length ?? 0;
  if (before > 0 && !behind.includes("\\")) return { chunk, start: from - before, end: at.end, newText: "" };
  return { chunk, start: from, end: Math.min(to + 1, chunk.text.length), newText: "" };
}
