// Reads YAML into our own tree, block by block. The only importer of the `yaml` library: nothing above knows its types.
import {
  Composer,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Parser,
  type Alias,
  type CST,
  type Node,
  type ParseOptions,
  type Scalar,
  type SchemaOptions,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { Chunk, Origin } from "../text/located";
import type { FilePath, SourceFile } from "../text/source-file";
import { checkBetweenBlocks } from "./yaml-checks";
import { cutDocuments, type Segment } from "./yaml-cut";
import { tooDeepAt } from "./yaml-depth";
import { emptyBlock, refusedFile } from "./yaml-empty";
import type {
  ScalarStyle,
  YamlAlias,
  YamlBlock,
  YamlFile,
  YamlMap,
  YamlNode,
  YamlPair,
  YamlScalar,
  YamlSeq,
} from "./yaml-nodes";
import {
  behindIndicator,
  checkClosed,
  checkQuoteClosed,
  checkUnique,
  endOfBlockText,
  MOST_COMPLAINTS,
  noteComplaints,
  tooDeep,
  writtenTag,
  type Reading,
} from "./yaml-reading";
import type { ParserComplaint } from "./yaml-problems";
import { createBlockPool, ownText, type BlockPool } from "./yaml-reuse";
import { ScalarNode } from "./yaml-scalar-node";

/**
 * Reads a file. What is broken is named in the problems of its block and read as far as it goes; the other blocks do
 * not notice. With `previous`, an older version of the same file, blocks whose text is unchanged are taken from there
 * as they are. A file with NUL characters is not read: it has one block without entries, and one problem.
 */
export function parseYaml(file: SourceFile, previous?: YamlFile): YamlFile {
  const { path, text } = file;
  const zero = text.indexOf("\0");
  if (zero !== -1) return refusedFile(path, text, zero);
  const pool = createBlockPool(text, previous?.path === path ? previous : undefined);
  const chunks = new Map<Chunk, number>();
  const documents = cutDocuments(text).map((segments, index) => {
    const blocks = segments.map((segment) => {
      const block = readSegment(path, text, segment, pool);
      chunks.set(block.chunk, segment.start);
      return block;
    });
    return pool.documentOf(index, blocks) ?? Object.freeze({ blocks: Object.freeze(blocks) });
  });
  return Object.freeze({
    path,
    documents: Object.freeze(documents),
    chunks,
    problems: checkBetweenBlocks(documents),
  });
}

function readSegment(path: FilePath, text: string, segment: Segment, pool: BlockPool): YamlBlock {
  const known = pool.take(segment.start, segment.end);
  if (known !== undefined) return known;
  const chunk: Chunk = Object.freeze({ file: path, text: ownText(text.slice(segment.start, segment.end)) });
  return segment.kind === "gap" ? emptyBlock(chunk, []) : parseBlock(chunk);
}

/** `failsafe`: every scalar is text to the library (we read values as Psych does), and `<<` is a key like any other. */
const OPTIONS: ParseOptions & SchemaOptions & { readonly version: "1.2"; readonly logLevel: "silent" } = {
  schema: "failsafe",
  version: "1.2",
  merge: false,
  prettyErrors: false,
  strict: false,
  uniqueKeys: false,
  logLevel: "silent",
  keepSourceTokens: true,
  // Known tags cost nothing; unknown ones a warning each, which we do not read.
  customTags: [{ tag: "!reference", collection: "seq" }],
};

function parseBlock(chunk: Chunk): YamlBlock {
  const { text } = chunk;
  const deep = tooDeepAt(text);
  if (deep !== undefined) return emptyBlock(chunk, [tooDeep(chunk, deep)]);
  const reading: Reading = { chunk, text, anchors: [], aliases: [], problems: [], runOnKeys: new Set() };
  const root = readTree(reading);
  // A collection is finished behind what it holds.
  reading.anchors.sort((a, b) => a.at.start - b.at.start);
  reading.problems.sort((a, b) => a.at.start - b.at.start);
  return Object.freeze({
    chunk,
    pairs: root?.kind === "map" ? root.pairs : [],
    root: root?.kind === "map" ? undefined : root,
    anchors: Object.freeze(reading.anchors),
    aliases: Object.freeze(reading.aliases),
    problems: Object.freeze(reading.problems),
  });
}

function readTree(reading: Reading): YamlNode | undefined {
  const root = compose(reading);
  return root === undefined ? undefined : convert(root, reading);
}

function compose(reading: Reading): Node | undefined {
  const complaints: ParserComplaint[] = [];
  try {
    const [document] = quietComposer(complaints).compose(soundTokens(reading.text, complaints));
    noteComplaints(complaints, reading);
    return document?.contents ?? undefined;
  } catch {
    // The library throws when the stack is used up: a caller deep in its own stack may get here.
    reading.problems.push(tooDeep(reading.chunk, 0));
    return undefined;
  }
}

type ComplaintSource = number | readonly [number, number, ...number[]] | { readonly offset: number };

/**
 * A composer whose complaints are plain data. By itself the library makes an Error, with its stack, of every complaint
 * and warning, which takes seconds for one hostile line. It keeps the callback in a field that its types hide.
 */
function quietComposer(complaints: ParserComplaint[]): Composer {
  const composer = new Composer(OPTIONS);
  const onError = (source: ComplaintSource, code: string, message: string, warning?: boolean): void => {
    if (warning === true || complaints.length >= MOST_COMPLAINTS) return;
    const start = typeof source === "number" ? source : "offset" in source ? source.offset : source[0];
    complaints.push({ code, message, start });
  };
  Object.assign(composer, { onError });
  return composer;
}

/** What the parser could not place at all is noted here, and kept from the composer for the same reason. */
function* soundTokens(text: string, complaints: ParserComplaint[]): Generator<CST.Token> {
  for (const token of new Parser().parse(text)) {
    if (token.type !== "error") yield token;
    else if (complaints.length < MOST_COMPLAINTS) {
      complaints.push({ code: "UNEXPECTED_TOKEN", message: token.message, start: token.offset });
    }
  }
}

/** The depth of recursion is bounded: deeper nesting was refused before parsing. */
function convert(node: Node, reading: Reading): YamlNode {
  const converted = convertBare(node, reading);
  if (converted.anchor !== undefined) reading.anchors.push(converted);
  return converted;
}

function convertBare(node: Node, reading: Reading): YamlNode {
  if (isScalar(node)) return convertScalar(node, reading);
  if (isMap(node)) return convertMap(node, reading);
  if (isSeq(node)) return convertSeq(node, reading);
  if (isAlias(node)) return convertAlias(node, reading);
  return absent(reading, startOf(node));
}

function convertAlias(node: Alias, reading: Reading): YamlAlias {
  const at = originOf(node, reading);
  const alias: YamlAlias = Object.freeze({
    kind: "alias",
    name: node.source,
    at,
    tag: undefined,
    anchor: undefined,
  });
  reading.aliases.push(alias);
  return alias;
}

function convertSeq(node: YAMLSeq, reading: Reading): YamlSeq {
  // A bare pair in a flow list (`[a: b]`) has been wrapped into a map by the library.
  const items = node.items.map((item) =>
    isNode(item) ? convert(item, reading) : absent(reading, startOf(node)),
  );
  const flow = node.flow === true;
  if (flow) checkClosed(reading, startOf(node), node.range?.[1] ?? 0);
  const at = originOf(node, reading, flow ? undefined : items.at(-1)?.at.end);
  return Object.freeze({
    kind: "seq",
    flow,
    items: Object.freeze(items),
    at,
    tag: writtenTag(node.tag),
    anchor: anchorOf(node),
  });
}

function convertMap(node: YAMLMap, reading: Reading): YamlMap {
  const pairs: YamlPair[] = [];
  for (const { key, value } of node.items) {
    if (!isNode(key)) continue;
    const valueNode = isNode(value) ? value : undefined;
    if (isScalar(key) && reading.runOnKeys.has(startOf(key))) splitRunOnKey(key, valueNode, pairs, reading);
    else pairs.push(makePair(convert(key, reading), valueNode, reading));
  }
  const flow = node.flow === true;
  if (flow) checkClosed(reading, startOf(node), node.range?.[1] ?? 0);
  if (pairs.length > 1) checkUnique(pairs, reading);
  const at = originOf(node, reading, flow ? undefined : pairs.at(-1)?.at.end);
  return Object.freeze({
    kind: "map",
    flow,
    pairs: Object.freeze(pairs),
    at,
    tag: writtenTag(node.tag),
    anchor: anchorOf(node),
  });
}

function makePair(key: YamlNode, value: Node | undefined, reading: Reading): YamlPair {
  const converted = value === undefined ? absent(reading, key.at.end) : convert(value, reading);
  const end = Math.max(key.at.end, converted.at.end);
  return Object.freeze({ key, value: converted, at: { chunk: reading.chunk, start: key.at.start, end } });
}

/** `scr` on a line above `image: x` is one key to the parser; to a person it is a key without colon, and a whole pair. */
function splitRunOnKey(key: Scalar, value: Node | undefined, pairs: YamlPair[], reading: Reading): void {
  const start = startOf(key);
  const lines = reading.text.slice(start, key.range?.[1] ?? start).split("\n");
  let lineStart = start;
  lines.forEach((line, index) => {
    const text = line.trim();
    const from = lineStart + line.length - line.trimStart().length;
    lineStart += line.length + 1;
    if (text === "") return;
    const at = { chunk: reading.chunk, start: from, end: from + text.length };
    const part = new ScalarNode(at, "plain", text, undefined, undefined);
    pairs.push(makePair(part, index === lines.length - 1 ? value : undefined, reading));
  });
}

const startOf = (node: Node): number => node.range?.[0] ?? 0;

function originOf(node: Node, { chunk }: Reading, end?: number): Origin {
  const start = startOf(node);
  return { chunk, start, end: Math.max(start, end ?? node.range?.[1] ?? start) };
}

const anchorOf = ({ anchor }: { anchor?: string }): string | undefined =>
  anchor === "" ? undefined : anchor;

const absent = ({ chunk }: Reading, at: number): YamlNode =>
  new ScalarNode({ chunk, start: at, end: at }, "empty", "", undefined, undefined);

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: "plain",
  QUOTE_SINGLE: "single",
  QUOTE_DOUBLE: "double",
  BLOCK_LITERAL: "literal",
  BLOCK_FOLDED: "folded",
};

function convertScalar(node: Scalar, reading: Reading): YamlScalar {
  const style = STYLES[node.type ?? "PLAIN"] ?? "plain";
  const at = originOf(node, reading);
  if (style === "plain" && at.start === at.end) return absentScalar(node, reading);
  if (style === "literal" || style === "folded") return blockScalar(node, style, reading);
  if (style !== "plain") checkQuoteClosed(reading, at.start, at.end);
  return new ScalarNode(at, style, node.source ?? "", writtenTag(node.tag), anchorOf(node));
}

/** An absent value lies right behind its colon or dash; the library puts it behind the blanks there. */
function absentScalar(node: Scalar, { chunk, text }: Reading): YamlScalar {
  const at = behindIndicator(text, startOf(node));
  return new ScalarNode({ chunk, start: at, end: at }, "empty", "", writtenTag(node.tag), anchorOf(node));
}

/** A block scalar ends with its last line of text; the blank lines below it still count for its value. */
function blockScalar(node: Scalar, style: ScalarStyle, reading: Reading): YamlScalar {
  const { chunk, start, end } = originOf(node, reading);
  const at = { chunk, start, end: endOfBlockText(chunk.text, start, end) };
  const parentIndent = node.srcToken !== undefined && "indent" in node.srcToken ? node.srcToken.indent : 0;
  const written = { end, parentIndent };
  return new ScalarNode(at, style, node.source ?? "", writtenTag(node.tag), anchorOf(node), written);
}
