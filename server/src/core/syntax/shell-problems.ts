// What the shell parser found wrong, in our words and at a place that can be shown.
import type { ShellProblem } from "./shell-nodes";

/** An error as the parser gives it; the offset may lie outside the text. */
export interface ParserError {
  readonly message: string;
  readonly offset: number;
}

/**
 * One problem for a script: the cause rather than its consequences. Undefined for an empty list.
 *
 * An open `if` gives "expected command after 'then'" and "expected 'fi' to close 'if'" at one place, the end of the
 * text: the second says what is missing.
 */
export function problemOf(text: string, errors: readonly ParserError[]): ShellProblem | undefined {
  const sorted = [...errors].sort((a, b) => a.offset - b.offset);
  const first = sorted[0];
  if (first === undefined) return undefined;
  const cause =
    sorted.find((error) => error.offset === first.offset && error.message.includes("to close")) ?? first;
  return { message: inOurWords(cause.message), ...shownRange(text, cause.offset) };
}

const inOurWords = (message: string): string =>
  message.startsWith("maximum") ? tooDeep : message.replace(/'([^']*)'/g, "`$1`");

/** What is said where nesting is deeper than anything that a person writes. */
export const tooDeep = "nested too deeply to be read";

/** From the place to the end of its line; at the end of the text its last character, so that there is something to see. */
function shownRange(text: string, offset: number): { start: number; end: number } {
  const visible = text.trimEnd().length;
  const start = Math.min(Math.max(offset, 0), text.length);
  if (start >= visible) return { start: Math.max(visible - 1, 0), end: visible };
  const newline = text.indexOf("\n", start);
  const end = newline === -1 || newline > visible ? visible : newline;
  return { start, end: Math.max(end, start + 1) };
}
