// Finds again, in an older version of a file, the blocks that an edit has left alone.
import type { YamlBlock, YamlDocument, YamlFile } from "./yaml-nodes";

export interface BlockPool {
  /** The old block with the text of this range, each at most once; undefined where there is none (left). */
  take(start: number, end: number): YamlBlock | undefined;
  /** The old document at this index when it holds exactly these blocks. */
  documentOf(index: number, blocks: readonly YamlBlock[]): YamlDocument | undefined;
}

/**
 * A pool over the blocks of `previous`. Ranges of `text` are asked for in order, so most blocks are found by comparing
 * them with the next old one; only what has moved is looked up by its text. Of blocks with equal texts the first that
 * is asked for gets the first.
 */
export function createBlockPool(text: string, previous: YamlFile | undefined): BlockPool {
  const old = previous?.documents.flatMap((document) => document.blocks) ?? [];
  const taken = new Set<YamlBlock>();
  let next = 0;
  let moved: Map<string, YamlBlock[]> | undefined;

  const nextIfEqual = (index: number, start: number, end: number): YamlBlock | undefined => {
    const block = old[index];
    if (block === undefined || taken.has(block) || block.chunk.text.length !== end - start) return undefined;
    if (text.slice(start, end) !== block.chunk.text) return undefined;
    next = index + 1;
    return block;
  };
  const takeMoved = (start: number, end: number): YamlBlock | undefined => {
    moved ??= groupByText(old.filter((block) => !taken.has(block)));
    const candidates = moved.get(text.slice(start, end));
    let block = candidates?.pop();
    while (block !== undefined && taken.has(block)) block = candidates?.pop();
    return block;
  };

  return {
    take(start, end) {
      if (old.length === 0) return undefined;
      // The block at `next` may be the one that was edited: the one behind it then comes next.
      const block =
        nextIfEqual(next, start, end) ?? nextIfEqual(next + 1, start, end) ?? takeMoved(start, end);
      if (block !== undefined) taken.add(block);
      return block;
    },
    documentOf(index, blocks) {
      const document = previous?.documents[index];
      if (document?.blocks.length !== blocks.length) return undefined;
      return document.blocks.every((block, at) => block === blocks[at]) ? document : undefined;
    },
  };
}

/** Blocks by text, the first of equal ones last: they are taken from the end. */
function groupByText(blocks: readonly YamlBlock[]): Map<string, YamlBlock[]> {
  const groups = new Map<string, YamlBlock[]>();
  for (const block of [...blocks].reverse()) {
    const group = groups.get(block.chunk.text);
    if (group === undefined) groups.set(block.chunk.text, [block]);
    else group.push(block);
  }
  return groups;
}

/**
 * A copy that does not keep the whole file's text alive, as engines let a slice do: blocks of many versions of a file
 * live side by side.
 */
export const ownText = (slice: string): string => ` ${slice}`.slice(1);
