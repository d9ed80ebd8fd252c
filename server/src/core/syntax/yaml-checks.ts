// Checks what no single block can know: keys written twice in different blocks, aliases without an anchor before them,
// text at the top level that is no entry.
import { keyText, type SyntaxProblem, type YamlBlock, type YamlDocument, type YamlPair } from "./yaml-nodes";

/** Problems between the blocks of each document, in order of the text. Linear; cheap enough for every keystroke. */
export function checkBetweenBlocks(documents: readonly YamlDocument[]): readonly SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  for (const { blocks } of documents) {
    const keys = new Map<string, YamlBlock>();
    const anchors = new Set<string>();
    const entries = blocks.some((block) => block.pairs.length > 0);
    blocks.forEach((block, index) => {
      checkStray(block, entries, index, blocks, problems);
      for (const pair of block.pairs) checkKey(pair, block, keys, problems);
      checkAliases(block, anchors, problems);
    });
  }
  return Object.freeze(problems);
}

/** What a duplicate key means. Psych lets the last one win without a word: https://github.com/ruby/psych/issues/79 */
export const duplicateKeyMessage = (key: string): string =>
  `\`${key}\` is written twice in this mapping: the last one wins, and what the earlier one says is lost`;

/** Duplicates inside one block are the block's own problem. */
function checkKey(
  pair: YamlPair,
  block: YamlBlock,
  keys: Map<string, YamlBlock>,
  problems: SyntaxProblem[],
): void {
  const key = keyText(pair);
  if (key === undefined || key === "<<") return;
  const first = keys.get(key);
  if (first === undefined) keys.set(key, block);
  else if (first !== block)
    problems.push({ message: duplicateKeyMessage(key), at: pair.key.at, isHarmless: true });
}

function checkAliases(block: YamlBlock, anchors: Set<string>, problems: SyntaxProblem[]): void {
  let next = 0;
  for (const alias of block.aliases) {
    for (; next < block.anchors.length; next += 1) {
      const node = block.anchors[next];
      if (node === undefined || node.at.start > alias.at.start) break;
      if (node.anchor !== undefined) anchors.add(node.anchor);
    }
    if (alias.name === "" || anchors.has(alias.name)) continue;
    const message = `no anchor \`&${alias.name}\` stands before this alias: anchors do not reach across files, use \`!reference\` or \`extends\` for that`;
    problems.push({ message, at: alias.at });
  }
  for (const node of block.anchors.slice(next)) if (node.anchor !== undefined) anchors.add(node.anchor);
}

/** A document is a mapping or something else; what stands beside the entries of a mapping belongs to nothing. */
function checkStray(
  block: YamlBlock,
  entries: boolean,
  index: number,
  blocks: readonly YamlBlock[],
  problems: SyntaxProblem[],
): void {
  const { root } = block;
  if (root === undefined) {
    checkIndented(block, index, blocks, problems);
    return;
  }
  if (!entries) return;
  const { start, end } = root.at;
  const lineBreak = block.chunk.text.indexOf("\n", start);
  const at = { ...root.at, end: lineBreak === -1 ? end : Math.min(end, lineBreak) };
  const written = block.chunk.text.slice(at.start, at.end);
  const message =
    root.kind === "scalar"
      ? `\`${written}\` is no key: a colon and a blank must follow a key`
      : "this stands beside the keys of the file and belongs to none of them: give it a key, or indent it below one";
  problems.push({ message, at });
}

/** A first entry that is indented, with others below it that are not. */
function checkIndented(
  block: YamlBlock,
  index: number,
  blocks: readonly YamlBlock[],
  problems: SyntaxProblem[],
): void {
  const first = block.pairs[0];
  if (first === undefined || !isIndented(block, first)) return;
  if (!blocks.slice(index + 1).some((other) => other.pairs.length > 0)) return;
  const message =
    "this key is indented, the keys below it are not: keys of one mapping begin at the same column";
  problems.push({ message, at: first.key.at });
}

function isIndented({ chunk }: YamlBlock, pair: YamlPair): boolean {
  const lineStart = chunk.text.lastIndexOf("\n", pair.key.at.start - 1) + 1;
  return chunk.text[lineStart] === " " || chunk.text[lineStart] === "\t";
}
