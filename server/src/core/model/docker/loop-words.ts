// What a word of a `for … in` list becomes: the shell splits an unquoted expansion at blanks, and each field is one value of the
// loop's variable. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_06_05
import { UNKNOWN_PROPERTIES } from "../../data/predefined-variables";
import type { Word, WordPart } from "../../syntax/shell-nodes";
import { partOf, textAt } from "../../text/located";
import type { JobCommand } from "./command";
import { shellValuesOf } from "./shell-variables";
import type { LiteralPart, SymbolicPart, VariablePart } from "./symbolic";
import { choose, type Run } from "./variants";

/** Where a text is split. */
const BLANK = "blank";

type Expand = (part: WordPart) => readonly SymbolicPart[];
type Field = readonly SymbolicPart[];
type Piece = SymbolicPart | typeof BLANK;

/** Whether the shell may make several words of it, or none. */
export const mayBeSplit = ({ parts }: Word): boolean =>
  parts.some((part) => isOutput(part) || isUnquotedVariable(part));

const isOutput = ({ kind }: WordPart): boolean => kind === "command" || kind === "glob";

const isUnquotedVariable = (part: WordPart): boolean => part.kind === "variable" && !part.quoted;

/**
 * The value that a loop's variable takes in this run, out of those that one word of the list brings.
 *
 * @param command the command in the loop that reads the variable
 * @param expand what a part of the word becomes before it is split
 * @returns undefined where it is not known how many words there are, or where there is none
 */
export function fieldOf(
  run: Run,
  command: JobCommand | undefined,
  word: Word,
  expand: Expand,
): Field | undefined {
  if (word.parts.some(isOutput) || setsSeparators(run, command)) return undefined;
  const fields = fieldsOf(word, expand);
  return fields?.[choose(run, `field ${command?.order} ${word.start}`, fields.length)];
}

/** Whether words may be split at anything but blanks. */
const setsSeparators = ({ ctx, job }: Run, command: JobCommand | undefined): boolean =>
  job.variables.has("IFS") || (command !== undefined && shellValuesOf(ctx, command, "IFS").values.length > 0);

function fieldsOf({ parts }: Word, expand: Expand): readonly Field[] | undefined {
  const pieces = parts.map((part) => piecesOf(part, expand));
  const fields: SymbolicPart[][] = [];
  let current: SymbolicPart[] | undefined;
  for (const piece of pieces.flatMap((each) => each ?? [])) {
    if (piece === BLANK) {
      current = undefined;
      continue;
    }
    if (current === undefined) fields.push((current = []));
    current.push(piece);
  }
  const isKnown = pieces.every((each) => each !== undefined) && !fields.some(mayBeSeveral);
  return isKnown && fields.length > 0 ? fields : undefined;
}

/** What a part of a word becomes, with the blanks at which it is split; undefined where that is not known. */
function piecesOf(part: WordPart, expand: Expand): readonly Piece[] | undefined {
  const expanded = expand(part);
  if (part.kind !== "variable" || part.quoted) return expanded;
  // Quotes in `${X:-"a b"}` keep words together: too rare to be followed. File names take the place of patterns.
  const isPattern = expanded.some((piece) => piece.kind === "literal" && /[*?[]/.test(piece.text));
  if (isPattern || /["']/.test(part.argument ?? "")) return undefined;
  return expanded.flatMap((piece): readonly Piece[] =>
    piece.kind === "literal" ? splitLiteral(piece) : [piece],
  );
}

/** The words of a text, each where it is written, and the blanks between them. */
function splitLiteral(piece: LiteralPart): readonly Piece[] {
  const { at, text } = piece;
  const isVerbatim = at !== undefined && textAt(at) === text;
  return [...text.matchAll(/[ \t\n]+|[^ \t\n]+/g)].map(({ 0: found, index }) => {
    if (/^[ \t\n]/.test(found)) return BLANK;
    return { ...piece, text: found, at: isVerbatim ? partOf(at, index, index + found.length) : at };
  });
}

/** `$X` alone may be no word or several; with text beside it, as in `$REGISTRY/app`, it is one nearly always. */
const mayBeSeveral = (field: Field): boolean =>
  field.every((part) => part.kind === "variable" && !isOneWord(part));

/** Predefined, always set, and free of blanks: what has a replacement is the name of a branch or a path. */
const isOneWord = ({ reason, properties, change }: VariablePart): boolean =>
  reason === "predefined" &&
  properties !== UNKNOWN_PROPERTIES &&
  !properties.mayBeEmpty &&
  (!properties.mayBadTagChar || properties.replacement !== undefined) &&
  !/\s/.test(change ?? "");
