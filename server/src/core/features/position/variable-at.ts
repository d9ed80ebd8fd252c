// The variable that is written at a spot: `$X`, `${X:-y}`, `%X%`, `$[[ inputs.x ]]`.
import { lineStartAt } from "../../text/line-start";
import type { Origin } from "../../text/located";
import type { Spot } from "./spot";

export interface WrittenVariable {
  readonly name: string;
  /** True for an input: the name is that of the input. */
  readonly isInput: boolean;
  readonly at: Origin;
}

const VARIABLE =
  /(?<!\$)(?:\$\$)*(\$\[\[\s*inputs\.([\w-]+)[^\]]*\]\]|\$\{([A-Za-z_]\w*)[^}\n]*\}?|\$([A-Za-z_]\w*))/g;

/** The innermost one: `${A:-$B}` holds two. Only the line of the spot is looked at. */
export function variableAt({ chunk, at }: Spot): WrittenVariable | undefined {
  const start = lineStartAt(chunk.text, at);
  const end = chunk.text.indexOf("\n", at);
  return findIn(chunk.text.slice(start, end === -1 ? undefined : end), at - start, (from, to) => ({
    chunk,
    start: start + from,
    end: start + to,
  }));
}

function findIn(
  line: string,
  at: number,
  place: (from: number, to: number) => Origin,
): WrittenVariable | undefined {
  for (const match of line.matchAll(VARIABLE)) {
    const [, written = "", input, braced, plain] = match;
    const from = match.index + match[0].length - written.length;
    const to = from + written.length;
    if (at < from || at > to) continue;
    const name = input ?? braced ?? plain ?? "";
    const inside = from + 2 + name.length;
    if (braced !== undefined && at > inside) {
      const inner = findIn(line.slice(inside, to), at - inside, (a, b) => place(inside + a, inside + b));
      if (inner !== undefined) return inner;
    }
    return { name, isInput: input !== undefined, at: place(from, to) };
  }
  return undefined;
}
