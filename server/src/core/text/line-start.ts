// Where the line of an offset begins.

/** Offset of the first character of the line that holds an offset; 0 in the first line. */
export const lineStartAt = (text: string, offset: number): number =>
  // `lastIndexOf` takes a negative place for 0, and would find a line break there.
  offset <= 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
