// Takes a flag out of a command, however the command is laid out over lines.
import type { Flag } from "../model/docker/command";
import type { ChunkEdit } from "../text/edit";
import { textAt } from "../text/located";
import { lineEndOf, lineStartOf } from "./edits";

/**
 * Removes a flag with its value, and the line that holds nothing else: in a folded scalar an empty line would end the command.
 * Undefined where the flag comes out of a variable or stretches over lines.
 */
export function removeFlag({ at, written }: Flag): ChunkEdit | undefined {
  const { chunk } = at;
  const text = textAt(at);
  if (!text.startsWith(written) || text.includes("\n")) return undefined;
  const lineStart = lineStartOf(chunk, at.start);
  const lineEnd = lineEndOf(chunk, at.end);
  const before = chunk.text.slice(lineStart, at.start);
  const after = chunk.text.slice(at.end, lineEnd);
  if (before.trim() !== "")
    return { chunk, start: lineStart + before.trimEnd().length, end: at.end, newText: "" };
  if (!/^[ \t]*\\?[ \t]*$/.test(after)) {
    const blanks = /^[ \t]*/.exec(after)?.[0].length ?? 0;
    return { chunk, start: at.start, end: at.end + blanks, newText: "" };
  }
  if (after.includes("\\")) return { chunk, start: lineStart, end: lineEnd + 1, newText: "" };
  // The last line of a command: the backslash in front of it goes too.
  const front = chunk.text.slice(0, Math.max(lineStart - 1, 0)).replace(/[ \t]*\\?[ \t]*$/, "");
  return { chunk, start: front.length, end: at.end, newText: "" };
}
