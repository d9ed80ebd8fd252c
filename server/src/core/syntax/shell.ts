// Reads sh and bash text into our shell tree: the only importer of `unbash`. Never throws; what could not be read is
// left out and named in one problem.
import { forEachChild, parse } from "unbash";
import { groupItems, type ShellItems } from "./shell-items";
import { looksLikePowerShell, mayBePowerShell, parsePowerShell } from "./shell-powershell";
import { problemOf, tooDeep, type ParserError } from "./shell-problems";
import type { ShellNode, ShellScript } from "./shell-nodes";
import type { Reading } from "./shell-reading";
import { scriptNodes, scriptOf } from "./shell-statements";

export { commandsOf } from "./shell-commands";
export { groupItems, placeInItems, type ShellItems } from "./shell-items";

/** Longer texts are no scripts that a person wrote into a job; nothing is read of them. */
const longestScript = 2_000_000;

/** More parentheses and braces open at once are not worth the parser's time, which grows with the square of their number. */
const mostOpen = 1_000;

/**
 * Reads a script.
 *
 * @param text the decoded text of a script item, of a RUN instruction without its continuations, or of a file
 * @returns the tree, with offsets into `text`. Broken text gives what could be read and one problem; text that is
 * PowerShell gives its simple commands and no problem.
 */
export function parseShell(text: string): ShellScript {
  const whole = { start: 0, end: text.length };
  if (text.length > longestScript) return unread(text, "too long to be read");
  if (looksLikePowerShell(text)) return parsePowerShell(text);
  if (opensTooMany(text)) return unread(text, tooDeep);
  const errors: ParserError[] = [];
  const at = (offset: number): number => Math.min(Math.max(offset, 0), text.length);
  const budget = { left: 200_000 + 4 * text.length };
  const nodes = readNodes({
    text,
    at,
    depth: 0,
    errors,
    budget,
    eachChild: forEachChild,
    readScript: scriptOf,
  });
  if (nodes === undefined) return unread(text, tooDeep);
  if (errors.length > 0 && mayBePowerShell(text)) return parsePowerShell(text);
  const problem = problemOf(text, errors);
  return { ...whole, nodes, problems: problem === undefined ? [] : [problem], dialect: "posix" };
}

/** Undefined where the parser ran out of stack: its depth limits do not cover `f() f() f() …`. */
function readNodes(reading: Reading): readonly ShellNode[] | undefined {
  try {
    return scriptNodes(reading, parse(reading.text));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function unread(text: string, message: string): ShellScript {
  const whole = { start: 0, end: text.length };
  return { ...whole, nodes: [], problems: [{ ...whole, message }], dialect: "posix" };
}

function opensTooMany(text: string): boolean {
  if (text.length < mostOpen) return false;
  let open = 0;
  for (const [bracket] of text.matchAll(/[(){}]/g)) {
    open = bracket === "(" || bracket === "{" ? open + 1 : Math.max(open - 1, 0);
    if (open > mostOpen) return true;
  }
  return false;
}

/** Reads the items of a script section; see `groupItems` for what comes back. */
export const parseShellItems = (texts: readonly string[]): readonly ShellItems[] =>
  groupItems(texts, parseShell);
