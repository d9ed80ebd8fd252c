// Gives the bodies of a file's root entries their indentation back.
import type { LostRun } from "../model/pipeline/lost-indentation";
import { indentOf } from "../syntax/yaml-edit";
import type { YamlBlock } from "../syntax/yaml-nodes";
import type { ChunkEdit } from "../text/edit";
import { insertBefore } from "./edits";
import type { FixDraft } from "./rule";

/** Indents all runs below their heads; nothing where one of them has none. */
export function indentFix(runs: readonly LostRun[]): readonly FixDraft[] {
  if (runs.some(({ head }) => head === undefined)) return [];
  const edits = runs.flatMap((run) => run.blocks.flatMap((block, index) => indented(run, block, index)));
  return [{ title: "Indent the lines", safety: "suggested", edits }];
}

/** A block scalar whose lines stand at the root needs more than its dash. */
const BLOCK_SCALAR = /(?:^|\s)[|>][-+]?\s*$/;
const ITEM_OR_KEY = /^(?:- |[\w.-]+:(?:\s|$))/;

function indented({ head, blocks }: LostRun, block: YamlBlock, index: number): readonly ChunkEdit[] {
  const { chunk } = block;
  const first = head?.value.kind === "map" ? head.value.pairs[0] : undefined;
  const width = first === undefined ? 2 : Math.max(indentOf(first.key), 1);
  const edits: ChunkEdit[] = [];
  let isInScalar = goesOn(blocks[index - 1]);
  let start = 0;
  for (const line of chunk.text.split("\n")) {
    isInScalar &&= !ITEM_OR_KEY.test(line);
    const pad = " ".repeat(isInScalar ? width + 2 : width);
    if (line.trim() !== "") edits.push(insertBefore({ chunk, start, end: start }, pad));
    isInScalar ||= BLOCK_SCALAR.test(line);
    start += line.length + 1;
  }
  return edits;
}

/** Whether the lines behind a block belong to a block scalar that begins in it, or above it. */
const goesOn = (above: YamlBlock | undefined): boolean =>
  above !== undefined &&
  (BLOCK_SCALAR.test(above.chunk.text.trimEnd()) ||
    (above.pairs.length === 0 && !/^- /m.test(above.chunk.text)));
