// Folds and growing selections of a document, as the protocol says them.
import {
  FoldingRangeKind,
  type FoldingRange,
  type Position,
  type Range,
  type SelectionRange,
} from "vscode-languageserver";
import type { Fold, Place } from "../../core/index";
import { rangeOf, toOffset } from "../convert";
import type { Placed } from "../folders";

/**
 * Null for files whose folds are not ours. Editors then go on with their own: VS Code folds by indentation where no provider gives
 * a list (`collectSyntaxRanges` in
 * https://github.com/microsoft/vscode/blob/main/src/vs/editor/contrib/folding/browser/syntaxRangeProvider.ts).
 */
export function foldingRanges({ session, path }: Placed, limit: number): FoldingRange[] | null {
  const folds = session.ask(({ structure }) => structure.folds(path));
  return folds?.slice(0, limit).map(rangeOfFold) ?? null;
}

const KINDS: Readonly<Record<NonNullable<Fold["kind"]>, FoldingRangeKind>> = {
  comment: FoldingRangeKind.Comment,
  region: FoldingRangeKind.Region,
};

const rangeOfFold = ({ start, end, kind }: Fold): FoldingRange => ({
  startLine: start,
  endLine: end,
  ...(kind === undefined ? {} : { kind: KINDS[kind] }),
});

/** One for each position, in their order; null where the file is none of ours. */
export function selectionRanges(
  { session, path }: Placed,
  positions: readonly Position[],
): SelectionRange[] | null {
  const { speech } = session;
  const found = session.ask(({ structure }) => {
    const lines = speech.file(path)?.lines;
    return (
      lines && positions.map((each) => structure.selections(path, toOffset(lines, each, speech.encoding)))
    );
  });
  if (found === undefined || found.every((each) => each === undefined)) return null;
  const ranged = ({ start, end, file }: Place): Range => rangeOf({ file, start, end }, speech);
  return positions.map(
    (position, index) =>
      chain((found[index] ?? []).map(ranged)) ?? { range: { start: position, end: position } },
  );
}

/** Each range in the next: the innermost comes back. */
const chain = (ranges: readonly Range[]): SelectionRange | undefined =>
  ranges.reduceRight<SelectionRange | undefined>(
    (parent, range) => (parent === undefined ? { range } : { range, parent }),
    undefined,
  );
