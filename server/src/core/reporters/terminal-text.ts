// Text for a terminal: how wide it is there, and nothing in it that a terminal would obey.

/** One character as it is printed, and the number of columns that it takes. */
export interface Cell {
  /** Offset of the character in the line, in UTF-16 units. */
  readonly offset: number;
  readonly shown: string;
  readonly width: number;
}

const TAB_WIDTH = 4;

/**
 * Splits a line into printed characters. Tabs become blanks, control characters and marks that turn the writing
 * direction become visible signs: a file must not be able to move the cursor or hide text.
 */
export function cellsOf(line: string): readonly Cell[] {
  const cells: Cell[] = [];
  let offset = 0;
  let column = 0;
  for (const character of line) {
    const shown = character === "\t" ? " ".repeat(TAB_WIDTH - (column % TAB_WIDTH)) : visible(character);
    const width = character === "\t" ? shown.length : widthOf(shown);
    cells.push({ offset, shown, width });
    offset += character.length;
    column += width;
  }
  return cells;
}

/** A text on one line that is safe to print. */
export const printable = (text: string): string =>
  Array.from(text.replace(/\s*\n\s*/g, " "), visible).join("");

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  // https://www.unicode.org/charts/PDF/U2400.pdf: pictures of the control characters.
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  const isControl = (code >= 0x80 && code < 0xa0) || isBidi(code) || (code >= 0xd800 && code <= 0xdfff);
  return isControl ? "\ufffd" : character;
}

/** Marks that reorder text: https://trojansource.codes/ */
const isBidi = (code: number): boolean =>
  (code >= 0x202a && code <= 0x202e) ||
  (code >= 0x2066 && code <= 0x2069) ||
  code === 0x2028 ||
  code === 0x2029;

const ZERO_WIDTH = /^[\p{Mn}\p{Me}\u200b-\u200f\u2060\ufeff\ufe00-\ufe0f]$/u;
const EMOJI = /^\p{Emoji_Presentation}$/u;

/** East Asian wide and full-width ranges, the large ones: https://www.unicode.org/reports/tr11/ */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
];

function widthOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (ZERO_WIDTH.test(character)) return 0;
  return EMOJI.test(character) || WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}
