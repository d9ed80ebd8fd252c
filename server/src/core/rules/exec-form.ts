// Reads what is meant by a Docker exec form (`["a", "b"]`) that is no valid JSON.

export interface WrittenArray {
  /** The words that are meant, as JSON. */
  readonly json: string;
  /** `# …` behind the array, which Docker takes for a part of it. */
  readonly comment: string | undefined;
}

const QUOTED = `"(?:[^"\\\\]|\\\\.)*"|'[^']*'|[“”„][^“”„]*[“”„]|[‘’][^‘’]*[‘’]`;
/** Nothing but quoted words with commas and blanks between them; the bracket may be open at the end. */
const ARRAY = new RegExp(`^\\[((?:[\\s,]*(?:${QUOTED}))*)[\\s,]*(?:\\](?:\\s+(#.*))?)?$`, "s");
/** An array that ends before its text does. Not for text with typographic quotes. */
export const CLOSED_BEFORE_END = new RegExp(`^\\[(?:[^\\]"']|${QUOTED})*\\]\\s*\\S`, "s");

/** The array that is meant; undefined where anything else stands in it, so that nobody can tell. */
export function readArray(text: string): WrittenArray | undefined {
  const [, inside, comment] = ARRAY.exec(text) ?? [];
  if (inside === undefined) return undefined;
  const words = [...inside.matchAll(new RegExp(QUOTED, "gs"))].map(([word]) =>
    word.startsWith('"') ? unescaped(word.slice(1, -1)) : word.slice(1, -1),
  );
  if (words.length === 0) return undefined;
  return { json: `[${words.map((word) => JSON.stringify(word)).join(", ")}]`, comment };
}

function unescaped(text: string): string {
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === "string" ? value : text;
  } catch {
    return text;
  }
}
