// Suppression comments: `# gitlab-ci-docker-disable-line <id>[, <id>] -- reason`, the same in YAML, Dockerfiles, TOML
// and shell scripts. Works on text alone: a comment inside a script's block scalar counts like one outside of it.

export type SuppressionScope = "line" | "next-line" | "file";

/** One rule id in a suppression comment. Offsets are UTF-16 units of the file's LF text. */
export interface Suppression {
  readonly scope: SuppressionScope;
  /** Undefined where the comment names no rule at all. */
  readonly rule: string | undefined;
  /** The rule id; the whole comment where it names none. */
  readonly start: number;
  readonly end: number;
  /** Zero-based lines that it covers, both included; a comment for the file covers everything. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** What to delete to be rid of it: the id in its list, the comment, or the comment's whole line. */
  readonly removal: { readonly start: number; readonly end: number };
}

const MARKER = "gitlab-ci-docker-disable-";
const COMMENT = /#[ \t]*gitlab-ci-docker-disable-(next-line|line|file)\b([^\n]*)/;
const ID_LIST = /^[ \t]+[a-z][\w-]*(?:[ \t]*,[ \t]*[a-z][\w-]*)*/;

/** All suppressions of one file's LF text, in order. Never throws; text that only resembles a comment is left alone. */
export function findSuppressions(text: string): readonly Suppression[] {
  if (!text.includes(MARKER)) return [];
  const lines = text.split("\n");
  const found: Suppression[] = [];
  let offset = 0;
  lines.forEach((line, index) => {
    if (line.includes(MARKER)) found.push(...suppressionsOfLine(lines, index, offset, text.length));
    offset += line.length + 1;
  });
  return found;
}

function suppressionsOfLine(
  lines: readonly string[],
  index: number,
  offset: number,
  end: number,
): readonly Suppression[] {
  const line = lines[index] ?? "";
  const match = COMMENT.exec(line);
  if (match === null) return [];
  const before = line.slice(0, match.index);
  if (before !== "" && !/\s$/.test(before)) return [];
  const scope = (match[1] ?? "line") as SuppressionScope; // the pattern has no other alternatives
  const covered = coveredLines(lines, index, scope);
  const whole = { start: offset + match.index, end: offset + line.length };
  const comment =
    before.trim() === ""
      ? { start: offset, end: Math.min(offset + line.length + 1, end) }
      : { start: offset + before.trimEnd().length, end: whole.end };
  const listText = ID_LIST.exec(match[2] ?? "")?.[0];
  if (listText === undefined) return [{ scope, rule: undefined, ...whole, ...covered, removal: comment }];
  const listStart = whole.end - (match[2] ?? "").length;
  const ids = [...listText.matchAll(/[a-z][\w-]*/g)].map((id) => ({
    rule: id[0],
    start: listStart + id.index,
    end: listStart + id.index + id[0].length,
  }));
  return ids.map((id, position) => {
    const next = ids[position + 1];
    const previous = ids[position - 1];
    const inList =
      next !== undefined
        ? { start: id.start, end: next.start }
        : { start: previous?.end ?? id.start, end: id.end };
    return { scope, ...id, ...covered, removal: ids.length === 1 ? comment : inList };
  });
}

function coveredLines(
  lines: readonly string[],
  index: number,
  scope: SuppressionScope,
): { firstLine: number; lastLine: number } {
  if (scope === "file") return { firstLine: 0, lastLine: lines.length };
  if (scope === "line") return { firstLine: index, lastLine: lastLineOf(lines, index) };
  let first = index + 1;
  while (/^\s*#/.test(lines[first] ?? "")) first += 1;
  return { firstLine: first, lastLine: lastLineOf(lines, first) };
}

/**
 * Where the statement that begins on a line ends. No comment can stand inside a folded scalar, a list item that goes
 * over several lines, or a continued command, so one in front of it (or on its first line) holds for all of it.
 */
function lastLineOf(lines: readonly string[], first: number): number {
  const line = lines[first] ?? "";
  if (line.endsWith("\\")) return lastContinued(lines, first);
  const folded = /(?:^|[\s:-])>[-+0-9]*\s*(?:#.*)?$/.test(line);
  const item = /^\s*- (?!\s*(?:[|>#&*!?[{]|[^\s:]+:(?:\s|$)))\S/.test(line);
  if (!folded && !item) return first;
  const indent = line.search(/\S/);
  let last = first;
  for (let next = first + 1; next < lines.length; next += 1) {
    const text = lines[next] ?? "";
    if (text.trim() === "") continue;
    if (text.search(/\S/) <= indent) break;
    last = next;
  }
  return last;
}

function lastContinued(lines: readonly string[], first: number): number {
  let last = first;
  while (last + 1 < lines.length && ((lines[last] ?? "").endsWith("\\") || /^\s*#/.test(lines[last] ?? "")))
    last += 1;
  return last;
}
