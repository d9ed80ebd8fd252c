// The cursor mark of the pages about editor features: `<|>` stands where the cursor is. It is valid in none of our languages.
import type { FixtureFile } from "./fixture";

const CURSOR = "<|>";

export interface Cursor {
  readonly path: string;
  /** Offset into the file's LF text, the mark taken out. */
  readonly offset: number;
}

export interface WithCursor {
  /** Path -> text without the mark. */
  readonly texts: Readonly<Record<string, string>>;
  readonly cursor: Cursor;
}

/** Takes the mark out. Throws unless exactly one of the files has one. */
export function takeCursor(files: readonly FixtureFile[]): WithCursor {
  const marked = files.filter(({ text }) => text.includes(CURSOR));
  const [file, ...others] = marked;
  if (file === undefined || others.length > 0 || file.text.split(CURSOR).length > 2)
    throw new Error("a case needs exactly one cursor `<|>`");
  const cursor = { path: file.path, offset: file.text.indexOf(CURSOR) };
  const texts = Object.fromEntries(files.map(({ path, text }) => [path, text.replace(CURSOR, "")]));
  return { texts, cursor };
}
