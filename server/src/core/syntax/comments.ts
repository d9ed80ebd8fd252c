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
  const lines = linesOf(text);
  const found: Suppression[] = [];
  let offset = 0;
  lines.texts.forEach((line, index) => {
    if (line.includes(MARKER)) found.push(...suppressionsOfLine(lines, index, offset, text.length));
    offset += line.length + 1;
  });
  return found;
}

function suppressionsOfLine(
  lines: Lines,
  index: number,
  offset: number,
  end: number,
): readonly Suppression[] {
  const line = lines.texts[index] ?? "";
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

/** Lines, and for each of them where what begins there leads to: a file may hold as many comments as lines. */
interface Lines {
  readonly texts: readonly string[];
  /** The first line from here that is no comment. */
  readonly code: readonly number[];
  /** The last line of a command that goes on behind backslashes and comments. */
  readonly continued: readonly number[];
  /** The last line below that is indented more deeply, before one that is not; the line itself where there is none. */
  readonly indented: readonly number[];
}

function linesOf(text: string): Lines {
  const texts = text.split("\n");
  const code: number[] = [];
  const continued: number[] = [];
  for (let index = texts.length - 1; index >= 0; index -= 1) {
    const below = index + 1;
    const line = texts[index] ?? "";
    const isComment = /^\s*#/.test(line);
    code[index] = isComment ? (code[below] ?? below) : index;
    continued[index] = isComment || line.endsWith("\\") ? (continued[below] ?? index) : index;
  }
  return { texts, code, continued, indented: indentedLines(texts) };
}

function indentedLines(texts: readonly string[]): readonly number[] {
  const indents = texts.map((line) => line.search(/\S/));
  const indented: number[] = [];
  /** The next line that is not blank and not indented more deeply than each. */
  const following: number[] = [];
  let below = texts.length;
  for (let index = texts.length - 1; index >= 0; index -= 1) {
    const indent = indents[index] ?? -1;
    indented[index] = index;
    if (indent === -1) continue;
    let next = below;
    while ((indents[next] ?? -1) > indent) {
      indented[index] = indented[next] ?? next;
      next = following[next] ?? texts.length;
    }
    following[index] = next;
    below = index;
  }
  return indented;
}

function coveredLines(
  lines: Lines,
  index: number,
  scope: SuppressionScope,
): { firstLine: number; lastLine: number } {
  if (scope === "file") return { firstLine: 0, lastLine: lines.texts.length };
  const firstLine = scope === "line" ? index : (lines.code[index + 1] ?? index + 1);
  return { firstLine, lastLine: lastLineOf(lines, firstLine) };
}

/**
 * Where the statement that begins on a line ends. No comment can stand inside a folded scalar, a list item that goes
 * over several lines, or a continued command, so one in front of it (or on its first line) holds for all of it.
 */
function lastLineOf(lines: Lines, first: number): number {
  const line = lines.texts[first] ?? "";
  if (line.endsWith("\\")) return lines.continued[first] ?? first;
  const folded = /(?:^|[\s:-])>[-+0-9]*\s*(?:#.*)?$/.test(line);
  const item = /^\s*- (?!\s*(?:[|>#&*!?[{]|[^\s:]+:(?:\s|$)))\S/.test(line);
  return folded || item ? (lines.indented[first] ?? first) : first;
}
