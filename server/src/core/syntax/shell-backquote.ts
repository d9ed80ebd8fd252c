// Places inside `…` substitutions that hold backslashes: the shell removes those before it reads the commands.

/**
 * Maps offsets of a backquoted script after the removal of its backslashes to offsets into the text as written.
 *
 * @param raw what stands between the backquotes, as written
 * @param decoded the same after the removal
 * @returns offsets into `raw`, in front of the backslash where there was one; an offset outside `decoded` is clamped
 *
 * Inside backquotes a backslash is removed in front of `$`, a backquote and a backslash, inside double quotes also in
 * front of `"`: https://www.gnu.org/software/bash/manual/html_node/Command-Substitution.html
 */
export function backquoteMap(raw: string, decoded: string): (offset: number) => number {
  const starts: number[] = [];
  let at = 0;
  for (let index = 0; index < decoded.length; index += 1) {
    starts.push(Math.min(at, raw.length));
    at += raw[at] === "\\" && isRemoved(raw.charAt(at + 1), decoded.charAt(index)) ? 2 : 1;
  }
  starts.push(raw.length);
  return (offset) => starts[Math.min(Math.max(offset, 0), decoded.length)] ?? raw.length;
}

const isRemoved = (next: string, decoded: string): boolean =>
  next === "$" || next === "`" || next === "\\" || (next === decoded && decoded !== "\\");
