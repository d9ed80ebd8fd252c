// The short text beside a name in an outline.

/** Longer texts would only be cut off by the editor. */
const LONGEST = 80;

/** Texts in one line; undefined where there are none. */
export function joined(texts: readonly (string | undefined)[], between = ", "): string | undefined {
  const text = texts
    .filter((each) => each !== undefined && each !== "")
    .join(between)
    .replace(/\s+/g, " ");
  if (text === "") return undefined;
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
