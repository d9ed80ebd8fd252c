// What an unquoted expansion becomes as an argument: `docker build $OPTS .` has as many words as OPTS holds.
import type { QueryContext } from "../../query/query";
import type { WordPart } from "../../syntax/shell-nodes";
import type { Argument, JobCommand } from "./command";
import { expandArgument } from "./expand";
import type { SymbolicPart, SymbolicText } from "./symbolic";

export interface SplitArguments {
  /** The list that was given where each word of it stays one word. */
  readonly words: readonly Argument[];
  /** Those of them that may be none or several words. */
  readonly open: ReadonlySet<Argument>;
}

/**
 * Splits the arguments of a command as the shell does where it can be known. A word that stays one word stays as it is
 * written; the words out of a variable stand at the place of its use.
 */
export function splitArguments(
  ctx: QueryContext,
  command: JobCommand,
  written: readonly Argument[],
): SplitArguments {
  if (!written.some(isSplittable)) return { words: written, open: NONE };
  const words: Argument[] = [];
  const open = new Set<Argument>();
  for (const argument of written) {
    const split = isSplittable(argument) ? splitArgument(ctx, command, argument) : [argument];
    if (split === undefined) open.add(argument);
    words.push(...(split ?? [argument]));
  }
  const isSame = words.length === written.length && words.every((word, index) => word === written[index]);
  return { words: isSame ? written : words, open };
}

const NONE: ReadonlySet<Argument> = new Set();

/** An unquoted expansion, or `"$@"` and `"${A[@]}"`, which are several words in quotes too. */
function isSplittable({ word, isStatic }: Argument): boolean {
  if (isStatic) return false;
  return word.parts.some((part) => {
    if (part.kind === "literal" || part.kind === "arithmetic") return false;
    if (part.kind === "glob") return true;
    return !part.quoted || (part.kind === "variable" && (part.name === "@" || part.argument === "@"));
  });
}

/** The words of an argument; undefined where their number is not known. */
function splitArgument(
  ctx: QueryContext,
  command: JobCommand,
  argument: Argument,
): readonly Argument[] | undefined {
  const variants = expandArgument(ctx, command, argument).map(splitText);
  const [first] = variants;
  if (first === undefined || variants.some((variant) => variant === undefined)) {
    // `-t=$X` and `dir/$X` are at least one word, and nearly always just that.
    return argument.word.parts.some((part) => part.kind === "literal" && part.text !== "")
      ? [argument]
      : undefined;
  }
  if (variants.every((variant) => variant?.length === 1)) return [argument];
  return variants.length === 1 ? first.map((text) => splitWord(text, argument)) : undefined;
}

/** The words of an expanded text; undefined where a part may hold any number of words. */
function splitText(text: SymbolicText): readonly SymbolicText[] | undefined {
  const words: SymbolicPart[][] = [];
  let current: SymbolicPart[] | undefined;
  const add = (part: SymbolicPart): void => {
    if (current === undefined) words.push((current = []));
    current.push(part);
  };
  for (const part of text.parts) {
    if (part.kind === "variable") {
      add(part);
      continue;
    }
    for (const piece of part.text.split(/(\s+)/)) {
      if (piece === "") continue;
      if (/^\s/.test(piece)) current = undefined;
      else add({ ...part, text: piece });
    }
  }
  return words.some(isOnlyUnknown) ? undefined : words.map((parts) => ({ parts }));
}

/** `$X` alone may be no word or several; `NAME=$X` is taken for one, which it nearly always is. */
const isOnlyUnknown = (word: readonly SymbolicPart[]): boolean =>
  word.every((part) => part.kind === "variable" && part.reason !== "predefined");

/** A word that a variable brought, at the place of the variable's use. */
function splitWord(text: SymbolicText, argument: Argument): Argument {
  const { start, end } = argument.word;
  const parts = text.parts.map((part): WordPart => {
    if (part.kind === "literal") return { kind: "literal", start, end, text: part.text, quoted: true };
    return {
      kind: "variable",
      start,
      end,
      name: part.name,
      operator: undefined,
      argument: undefined,
      quoted: true,
    };
  });
  const shown = parts
    .map((part) => (part.kind === "literal" ? part.text : part.kind === "variable" ? `\${${part.name}}` : ""))
    .join("");
  const isStatic = parts.every((part) => part.kind === "literal");
  return {
    word: { start, end, source: shown, parts, text: shown, isStatic },
    text: shown,
    isStatic,
    at: argument.at,
  };
}
