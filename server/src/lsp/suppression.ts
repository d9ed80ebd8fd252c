// Where a suppression comment goes: a line of its own where the language allows one, so that nothing else changes.
import { findSuppressions, type Finding, type SourceFile, type TextEdit } from "../core/index";

const PREFIX = "# gitlab-ci-docker-disable-";

/** A comment in front of the finding's line; undefined where no comment can stand there. */
export function suppressLine(finding: Finding, file: SourceFile): TextEdit | undefined {
  const { line } = file.lines.positionAt(finding.at.start);
  const lines = file.text.split("\n");
  const target = file.kind === "gitlab-ci" ? yamlStatement(lines, line) : commandStart(lines, line);
  if (target === undefined) return undefined;
  const indent = /^[ \t]*/.exec(lines[target] ?? "")?.[0] ?? "";
  const at = file.lines.lineStart(target);
  const newText = `${indent}${PREFIX}next-line ${finding.rule}\n`;
  const after = file.text.slice(0, at) + newText + file.text.slice(at);
  // The comment holds for one statement; where the finding turns out to lie outside of it, the comment would be useless.
  const covers = findSuppressions(after).some(
    ({ rule, scope, firstLine, lastLine, start }) =>
      rule === finding.rule &&
      scope === "next-line" &&
      start > at &&
      firstLine <= line + 1 &&
      line + 1 <= lastLine,
  );
  return covers ? { file: finding.at.file, start: at, end: at, newText } : undefined;
}

/** A comment for the whole file, at its top, but below what must come first there. */
export function suppressFile(finding: Finding, file: SourceFile): TextEdit {
  const lines = file.text.split("\n");
  let target = 0;
  while (mustStayAhead(file, lines[target], target)) target += 1;
  const at = file.lines.lineStart(target);
  const needsBreak = target >= lines.length;
  return {
    file: finding.at.file,
    start: at,
    end: at,
    newText: `${needsBreak ? "\n" : ""}${PREFIX}file ${finding.rule}\n`,
  };
}

/**
 * A shebang; parser directives, which count only as long as nothing else stands above them:
 * https://docs.docker.com/reference/dockerfile/#parser-directives
 */
function mustStayAhead(file: SourceFile, line: string | undefined, index: number): boolean {
  if (line === undefined) return false;
  if (index === 0 && line.startsWith("#!")) return true;
  return file.kind === "dockerfile" && /^\s*#\s*(?:syntax|escape|check)\s*=/i.test(line);
}

/** The first line of a continued command or instruction. */
function commandStart(lines: readonly string[], line: number): number {
  let start = line;
  while (start > 0 && continues(lines, start - 1)) start -= 1;
  return start;
}

/** Whether a line goes on in the next one. Inside a continued instruction comment lines don't end it. */
function continues(lines: readonly string[], line: number): boolean {
  let index = line;
  while (index > 0 && /^\s*#/.test(lines[index] ?? "")) index -= 1;
  const text = lines[index] ?? "";
  return !/^\s*#/.test(text) && /[\\`]\s*$/.test(text);
}

const BLOCK_HEADER = /(?:^|[\s:-])([|>])[-+0-9]*\s*(?:#.*)?$/;
const STATEMENT = /^\s*(?:- |-$|(?:"[^"]*"|'[^']*'|[^\s#"'[{][^#]*?)\s*:(?:\s|$))/;

/** The line in front of which a comment is a comment: not inside a scalar that would swallow it or break. */
function yamlStatement(lines: readonly string[], line: number): number | undefined {
  const header = blockHeader(lines, line);
  if (header !== undefined) {
    // In a literal block a comment is part of the script, and a comment there as well.
    return header.style === "|" ? commandStart(lines, line) : statementAt(lines, header.line);
  }
  return statementAt(lines, line);
}

/** The nearest line, upwards, that begins an entry or an item. */
function statementAt(lines: readonly string[], line: number): number | undefined {
  for (let index = line; index >= 0; index -= 1) {
    const text = lines[index] ?? "";
    if (STATEMENT.test(text)) return index;
    if (index !== line && text.trim() === "") return undefined;
  }
  return undefined;
}

/** The header of the block scalar that a line lies in: the nearest line above with less indentation ends with `|` or `>`. */
function blockHeader(
  lines: readonly string[],
  line: number,
): { readonly line: number; readonly style: string } | undefined {
  let indent = indentOf(lines[line] ?? "");
  for (let index = line - 1; index >= 0 && indent > 0; index -= 1) {
    const text = lines[index] ?? "";
    if (text.trim() === "" || indentOf(text) >= indent) continue;
    indent = indentOf(text);
    const style = BLOCK_HEADER.exec(text)?.[1];
    if (style !== undefined && STATEMENT.test(text)) return { line: index, style };
  }
  return undefined;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
