// Entries of block mappings as lines of text that go from one place to another: indentation follows, comments come along.
import { columnOf, endOfLines, isFirstOnLine, lineEndOf, lineStartOf } from "../../syntax/yaml-layout";
import type { YamlFile, YamlMap, YamlPair } from "../../syntax/yaml-nodes";
import type { ChunkEdit } from "../../text/edit";
import type { Chunk } from "../../text/located";

/** Lines of a chunk, from the start of the first to the end of the last, its line break excluded. */
export interface EntryLines {
  readonly chunk: Chunk;
  readonly start: number;
  readonly end: number;
  /** Column of the key. */
  readonly column: number;
}

/** The lines of an entry; undefined in flow mappings, behind a dash, and where the file is indented with tabs. */
export function linesOf({ key, value, at: { chunk, start } }: YamlPair): EntryLines | undefined {
  const { text } = chunk;
  const from = lineStartOf(text, start);
  if (!isFirstOnLine(text, start) || key.anchor !== undefined || text.slice(from, start).includes("\t"))
    return undefined;
  return {
    chunk,
    start: from,
    end: Math.max(endOfLines(value), lineEndOf(text, start)),
    column: start - from,
  };
}

/** The same lines with the comments right above them that stand in the same column. */
export function withCommentsAbove(lines: EntryLines): EntryLines {
  const { chunk, column } = lines;
  let { start } = lines;
  while (start > 0) {
    const above = lineStartOf(chunk.text, start - 1);
    const line = chunk.text.slice(above, start - 1);
    if (line.search(/\S/) !== column || line[column] !== "#") break;
    start = above;
  }
  return { ...lines, start };
}

/** The lines indented to another column. Each ends with its line break. */
export function textAtColumn({ chunk, start, end, column }: EntryLines, to: number): string {
  const own = new RegExp(`^ {0,${String(column)}}`);
  return chunk.text
    .slice(start, end)
    .split("\n")
    .map((line) => (line.trim() === "" ? "\n" : `${line.replace(own, " ".repeat(to))}\n`))
    .join("");
}

/** Takes lines out, the last line break included. */
export const removeLines = ({ chunk, start, end }: EntryLines): ChunkEdit =>
  end < chunk.text.length
    ? { chunk, start, end: end + 1, newText: "" }
    : { chunk, start: Math.max(start - 1, 0), end, newText: "" };

/** A block mapping whose entries stand on lines of their own; undefined for any other. */
export function blockColumn(map: YamlMap): number | undefined {
  const [first] = map.pairs;
  if (map.flow || first === undefined || !isFirstOnLine(first.at.chunk.text, first.at.start))
    return undefined;
  return columnOf(first.at.chunk.text, first.at.start);
}

/**
 * Where lines can be put in front of a top-level entry: above the comments that stand right above it, which may lie in the chunk
 * before.
 */
export function aboveEntry(
  yaml: YamlFile,
  pair: YamlPair,
): { readonly chunk: Chunk; readonly offset: number } {
  const { chunk } = pair.at;
  const own = lineStartOf(chunk.text, pair.at.start);
  if (own > 0) return { chunk, offset: commentStart(chunk.text, own) };
  const start = yaml.chunks.get(chunk) ?? 0;
  for (const [before, offset] of yaml.chunks) {
    if (offset + before.text.length !== start || before === chunk) continue;
    const above = commentStart(before.text, before.text.length);
    return above < before.text.length ? { chunk: before, offset: above } : { chunk, offset: own };
  }
  return { chunk, offset: own };
}

/** The start of the comment lines in column 0 that end at an offset. */
function commentStart(text: string, end: number): number {
  let start = end;
  while (start > 0) {
    const above = lineStartOf(text, start - 1);
    if (text[above] !== "#") break;
    start = above;
  }
  return start;
}
