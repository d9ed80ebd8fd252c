// Moves the deprecated root keywords of a file below its `default:`, line by line: comments, order and anchors stay as they are.
// https://docs.gitlab.com/ci/yaml/deprecated_keywords/
import { defineQuery, type QueryContext } from "../../query/query";
import { childIndent, columnOf, endOfLines, lineEndOf, lineStartOf } from "../../syntax/yaml-layout";
import {
  isNull,
  keyText,
  type YamlBlock,
  type YamlFile,
  type YamlMap,
  type YamlPair,
} from "../../syntax/yaml-nodes";
import type { ChunkEdit } from "../../text/edit";
import type { Chunk } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { pipelineFilesOf } from "./include";
import { ROOT_DEFAULT_KEYWORDS } from "./keywords";
import { isClosedOf } from "./resolve";
import { definitionsOf, rootKey } from "./root-table";
import { rootsOf } from "./roots";
import { aliasTarget, contentOf, yamlOf } from "./yaml-of";

type Edits = readonly ChunkEdit[];

/** A root keyword on lines of its own. */
interface Piece {
  readonly pair: YamlPair;
  readonly block: YamlBlock;
  /** Offsets in the chunk: from the start of its first line, to the end of its last, line break excluded. */
  readonly start: number;
  readonly end: number;
}

/** The deprecated root keywords of a file, in order. */
export const rootKeywordsOf = defineQuery<FilePath, readonly YamlPair[]>({
  name: "rootKeywordsOf",
  compute: (ctx, file) => {
    const yaml = ctx.get(yamlOf, file);
    const pairs = yaml === undefined ? [] : (contentOf(yaml)?.blocks ?? []).flatMap((block) => block.pairs);
    return pairs.filter((pair) => ROOT_DEFAULT_KEYWORDS.includes(keyText(pair) ?? "") && !isNull(pair.value));
  },
});

/**
 * Edits that move the root keywords of a file below `default:`. Undefined where the lines cannot move as they are, and where another
 * file of a pipeline, or one that is not read, may say the same for all jobs: GitLab takes a keyword in one place alone.
 */
export function moveToDefault(ctx: QueryContext, file: FilePath): Edits | undefined {
  const yaml = ctx.get(yamlOf, file);
  const blocks = yaml && contentOf(yaml)?.blocks;
  if (yaml === undefined || blocks === undefined || !mayMove(ctx, file)) return undefined;
  const keywords = ctx.get(rootKeywordsOf, file);
  const pieces = keywords.flatMap((pair) => pieceOf(blocks, pair) ?? []);
  const [first, ...others] = pieces;
  if (first === undefined || pieces.length !== keywords.length) return undefined;
  const column = columnOf(first.block.chunk.text, first.pair.at.start);
  if (pieces.some(({ block, pair }) => columnOf(block.chunk.text, pair.at.start) !== column))
    return undefined;
  const own = blocks.flatMap(({ pairs }) => pairs).find((pair) => keyText(pair) === "default");
  if (own === undefined) return inNewBlock(ctx, { yaml, blocks, column }, first, others);
  return own.value.kind === "map" ? inBlock(ctx, { yaml, blocks, column }, own.value, pieces) : undefined;
}

function mayMove(ctx: QueryContext, file: FilePath): boolean {
  const roots = ctx.get(rootsOf, null).filter((root) => ctx.get(pipelineFilesOf, root).files.includes(file));
  return roots.length > 0 && roots.every((root) => isOnlyPlace(ctx, root, file));
}

function isOnlyPlace(ctx: QueryContext, root: FilePath, file: FilePath): boolean {
  const { files } = ctx.get(pipelineFilesOf, root);
  if (!ctx.get(isClosedOf, root) || files.some((each) => ctx.get(referencesRootKeywords, each))) return false;
  const inDefault = ctx
    .get(definitionsOf, rootKey(root, "default"))
    .flatMap(({ value }) => (value.kind === "map" ? value.pairs.map(keyText) : ["<<"]));
  if (inDefault.includes("<<")) return false;
  return ctx.get(rootKeywordsOf, file).every((pair) => {
    const name = keyText(pair) ?? "";
    return ctx.get(definitionsOf, rootKey(root, name)).length === 1 && !inDefault.includes(name);
  });
}

/** `!reference [before_script]` finds nothing once it stands below `default`. */
const referencesRootKeywords = defineQuery<FilePath, boolean>({
  name: "referencesRootKeywords",
  compute: (ctx, path) =>
    /!reference\s*(?:\[|\n\s*-)\s*["']?(?:after_script|before_script|cache|image|services)\b/.test(
      ctx.file(path)?.text ?? "",
    ),
});

/** The lines of an entry, with comments below it that are indented like its content. Undefined for flow style and for keys that share a line. */
function pieceOf(blocks: readonly YamlBlock[], pair: YamlPair): Piece | undefined {
  const block = blocks.find(({ pairs }) => pairs.includes(pair));
  if (block === undefined || block.pairs.length > 1) return undefined;
  const { text } = block.chunk;
  const start = lineStartOf(text, pair.at.start);
  if (text.slice(start, pair.at.start).trim() !== "" || pair.key.anchor !== undefined) return undefined;
  let end = endOfLines(pair.value);
  for (let next = end + 1; next < text.length; next = lineEndOf(text, next) + 1) {
    const line = text.slice(next, lineEndOf(text, next));
    if (!/^\s+#/.test(line) || columnOf(text, pair.at.start) >= line.search(/\S/)) break;
    end = next + line.length;
  }
  return { pair, block, start, end };
}

interface Layout {
  readonly yaml: YamlFile;
  readonly blocks: readonly YamlBlock[];
  /** Column of the root keys. */
  readonly column: number;
}

const offsetOf = ({ yaml }: Layout, chunk: Chunk): number => yaml.chunks.get(chunk) ?? 0;

/** Puts `default:` above the first keyword, and the others behind it. */
function inNewBlock(
  ctx: QueryContext,
  layout: Layout,
  first: Piece,
  others: readonly Piece[],
): Edits | undefined {
  const { text } = first.block.chunk;
  const head = `${" ".repeat(layout.column)}default:\n`;
  const width = widthOf(layout);
  const edits: ChunkEdit[] = [
    { chunk: first.block.chunk, start: first.start, end: first.start, newText: head },
    ...indented(first.block.chunk, first.start, first.end, width),
  ];
  let last = first;
  let moved = "";
  for (const piece of others) {
    const isNext = moved === "" && isAdjacent(layout, last.block, piece.block);
    if (isNext) {
      const between = last.block.chunk;
      edits.push(...indented(between, last.end + 1, between.text.length, width, "#"));
      edits.push(...indented(piece.block.chunk, piece.start, piece.end, width));
      last = piece;
      continue;
    }
    const taken = takeOut(ctx, layout, piece, offsetOf(layout, last.block.chunk) + last.end, width);
    if (taken === undefined) return undefined;
    edits.push(...taken.edits);
    moved += taken.text;
  }
  if (moved !== "") edits.push({ chunk: last.block.chunk, start: last.end, end: last.end, newText: moved });
  return text.includes("\t") ? undefined : edits;
}

/** Appends the keywords to `default:` as it is. */
function inBlock(
  ctx: QueryContext,
  layout: Layout,
  map: YamlMap,
  pieces: readonly Piece[],
): Edits | undefined {
  const { chunk } = map.at;
  if (map.flow || map.pairs.length === 0) return undefined;
  const width = columnOf(chunk.text, map.at.start) - layout.column;
  const end = endOfLines(map);
  const taken = pieces.map((piece) => takeOut(ctx, layout, piece, offsetOf(layout, chunk) + end, width));
  const edits: ChunkEdit[] = [];
  let text = "";
  for (const each of taken) {
    if (each === undefined) return undefined;
    edits.push(...each.edits);
    text += each.text;
  }
  return [...edits, { chunk, start: end, end, newText: text }];
}

/** Columns by which the file indents the keys of its entries. */
function widthOf({ blocks, column }: Layout): number {
  for (const { pairs } of blocks) {
    for (const { value } of pairs) {
      if (value.kind !== "map" || value.flow) continue;
      const width = columnOf(value.at.chunk.text, value.at.start) - column;
      if (width > 0) return width;
    }
  }
  const [pair] = blocks.flatMap(({ pairs }) => pairs);
  const width = pair?.value.kind === "map" ? childIndent(pair.value, "map") : 2;
  return width > 0 ? width : 2;
}

const isAdjacent = ({ blocks }: Layout, a: YamlBlock, b: YamlBlock): boolean => {
  const filled = blocks.filter(({ pairs }) => pairs.length > 0);
  return filled.indexOf(b) === filled.indexOf(a) + 1;
};

/** Indents the lines between two offsets that hold anything; with `only`, those that begin with it. */
function indented(chunk: Chunk, start: number, end: number, width: number, only = ""): Edits {
  const edits: ChunkEdit[] = [];
  for (let at = start; at < end; at = lineEndOf(chunk.text, at) + 1) {
    const line = chunk.text.slice(at, lineEndOf(chunk.text, at));
    if (line !== "" && line.trimStart().startsWith(only))
      edits.push({ chunk, start: at, end: at, newText: " ".repeat(width) });
  }
  return edits;
}

interface Taken {
  readonly edits: Edits;
  /** Each line with its line break in front. */
  readonly text: string;
}

/** Takes a keyword out of its place, with the comments right above it. Undefined where an anchor would come behind its alias. */
function takeOut(
  ctx: QueryContext,
  layout: Layout,
  { block, start, end }: Piece,
  target: number,
  width: number,
): Taken | undefined {
  if (!keepsAnchors(ctx, layout, block, target)) return undefined;
  const above = commentsAbove(layout, block, start);
  const { chunk } = block;
  const lines = [...(above?.lines ?? []), ...chunk.text.slice(start, end).split("\n")];
  const text = lines.map((line) => (line === "" ? "\n" : `\n${" ".repeat(width)}${line}`)).join("");
  const blankBelow = /^\n[ \t]*(?=\n)/.exec(chunk.text.slice(end));
  const stop = Math.min(end + 1 + (blankBelow?.[0].length ?? 0), chunk.text.length);
  return { text, edits: [...(above?.edits ?? []), { chunk, start, end: stop, newText: "" }] };
}

/** The comment lines right above an entry, in its column: they stand in the block before it. */
function commentsAbove(
  { blocks, column }: Layout,
  block: YamlBlock,
  start: number,
): { readonly lines: readonly string[]; readonly edits: Edits } | undefined {
  const before = blocks[blocks.indexOf(block) - 1];
  if (start > 0 || before === undefined) return undefined;
  const lines = before.chunk.text.split("\n").slice(0, -1);
  const isComment = (line: string): boolean => line.search(/\S/) === column && line[column] === "#";
  const first = lines.findLastIndex((line) => !isComment(line)) + 1;
  const taken = lines.slice(first);
  if (taken.length === 0 || first === 0) return undefined;
  const { chunk } = before;
  const at = chunk.text.length - taken.join("\n").length - 1;
  return { lines: taken, edits: [{ chunk, start: at, end: chunk.text.length, newText: "" }] };
}

/** Whether aliases still mean their anchors when an entry goes to another place. */
function keepsAnchors(ctx: QueryContext, layout: Layout, block: YamlBlock, target: number): boolean {
  const from = offsetOf(layout, block.chunk);
  const names = new Set(block.anchors.map((node) => node.anchor));
  const isBetween = ({ chunk }: YamlBlock): boolean => {
    const at = offsetOf(layout, chunk);
    return (
      chunk !== block.chunk && at < Math.max(from, target) && at + chunk.text.length > Math.min(from, target)
    );
  };
  const others = layout.blocks.filter(isBetween);
  if (others.some(({ aliases }) => aliases.some(({ name }) => names.has(name)))) return false;
  const passed = new Set(others.flatMap(({ anchors }) => anchors.map((node) => node.anchor)));
  return block.aliases.every((alias) => {
    const node = aliasTarget(ctx, alias);
    return node?.at.chunk === block.chunk || !passed.has(alias.name);
  });
}
