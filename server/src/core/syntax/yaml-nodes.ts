// Our own YAML tree: frozen, with a place for everything. Nothing above the syntax layer knows the parser's types.
import type { Chunk, Origin } from "../text/located";
import type { MappedText } from "../text/mapped-text";
import type { FilePath } from "../text/source-file";

export type ScalarStyle = "plain" | "single" | "double" | "literal" | "folded" | "empty";

interface NodeBase {
  /** The node as it is written, without its anchor and tag; an absent value is an empty range behind its colon or dash. */
  readonly at: Origin;
  /** For `!reference [a, b]` this is "!reference"; undefined where no tag is written. */
  readonly tag: string | undefined;
  /** For `&name x` this is "name". */
  readonly anchor: string | undefined;
}

export interface YamlScalar extends NodeBase {
  readonly kind: "scalar";
  readonly style: ScalarStyle;
  /** The decoded text: `"a\tb"` holds a tab, a folded scalar its folded lines. Empty for an absent value. */
  readonly text: string;
  /** The value as Ruby's Psych reads it, which GitLab uses: YAML 1.1 booleans, numbers, null. */
  readonly value: string | number | boolean | null;
  /** The decoded text with the place of each character. Computed on first use. */
  readonly mapped: MappedText;
}

export interface YamlPair {
  readonly key: YamlNode;
  readonly value: YamlNode;
  /** From the key's first character to the value's end. */
  readonly at: Origin;
}

export interface YamlMap extends NodeBase {
  readonly kind: "map";
  readonly flow: boolean;
  /** In the order written, duplicates and merge keys (`<<`) included. */
  readonly pairs: readonly YamlPair[];
}

export interface YamlSeq extends NodeBase {
  readonly kind: "seq";
  readonly flow: boolean;
  readonly items: readonly YamlNode[];
}

/** `*name`, not followed. */
export interface YamlAlias extends NodeBase {
  readonly kind: "alias";
  readonly name: string;
}

export type YamlNode = YamlMap | YamlSeq | YamlScalar | YamlAlias;

/** Something that could not be read, at its place. */
export interface SyntaxProblem {
  readonly message: string;
  readonly at: Origin;
  /** True where the file is read all the same: worth a look, and no error. */
  readonly isHarmless?: true;
  /** True where we refuse what is right in itself: nobody else who reads the file says so. */
  readonly isOurLimit?: true;
}

/** A top-level entry of a document, or the whole document where it cannot be cut into entries. Reused while its text stays. */
export interface YamlBlock {
  readonly chunk: Chunk;
  /** The entries of the root mapping that this block holds; empty where the root is no mapping. */
  readonly pairs: readonly YamlPair[];
  /**
   * The root node where the block is a whole document that is no mapping (a list, a scalar). Beside other blocks it is
   * a line that is no entry, such as a half-typed key; the file's problems name it.
   */
  readonly root: YamlNode | undefined;
  /** Nodes that define an anchor in this block, in order. */
  readonly anchors: readonly YamlNode[];
  /** Aliases that are used in this block, in order; the anchor may stand in another block. */
  readonly aliases: readonly YamlAlias[];
  readonly problems: readonly SyntaxProblem[];
}

export interface YamlDocument {
  readonly blocks: readonly YamlBlock[];
}

export interface YamlFile {
  readonly path: FilePath;
  readonly documents: readonly YamlDocument[];
  /** Offset in the file at which each chunk begins. */
  readonly chunks: ReadonlyMap<Chunk, number>;
  /** What is wrong between blocks: keys written twice, aliases without an anchor, text that is no entry. */
  readonly problems: readonly SyntaxProblem[];
}

/** Everything in a file that could not be read: the problems of its blocks in order, then those between blocks. */
export function problemsOf(file: YamlFile): readonly SyntaxProblem[] {
  const ofBlocks = file.documents.flatMap((document) => document.blocks.flatMap((block) => block.problems));
  return [...ofBlocks, ...file.problems];
}

/** The value under a plain key; undefined where the key is absent. Of duplicate keys the last wins, as in GitLab. */
export function valueOf(map: YamlMap, key: string): YamlNode | undefined {
  return pairOf(map, key)?.value;
}

export function pairOf(map: YamlMap, key: string): YamlPair | undefined {
  for (let index = map.pairs.length - 1; index >= 0; index -= 1) {
    const pair = map.pairs[index];
    if (pair !== undefined && keyText(pair) === key) return pair;
  }
  return undefined;
}

/** A pair's key as text; undefined where the key is no scalar. */
export const keyText = (pair: YamlPair): string | undefined =>
  pair.key.kind === "scalar" ? pair.key.text : undefined;

export const isNull = (node: YamlNode): boolean => node.kind === "scalar" && node.value === null;
