// Ranges of lines that can be folded, and how those of several sources are put together.

export interface Fold {
  /** The line that stays visible, from 0. */
  readonly start: number;
  /** The last line that is hidden. */
  readonly end: number;
  readonly kind?: "comment" | "region";
}

/**
 * Sorted, one for each first line, none of them across another: editors drop or draw wrongly what overlaps.
 * https://github.com/microsoft/vscode/blob/main/src/vs/editor/contrib/folding/browser/syntaxRangeProvider.ts (`sanitizeRanges`)
 *
 * @param sources the ones that win first
 */
export function nested(sources: readonly (readonly Fold[])[]): readonly Fold[] {
  const folds: Fold[] = [];
  const starts = new Set<number>();
  for (const fold of sources.flat()) {
    if (fold.end <= fold.start || starts.has(fold.start)) continue;
    starts.add(fold.start);
    folds.push(fold);
  }
  folds.sort((a, b) => a.start - b.start);
  const open: Fold[] = [];
  return folds.filter((fold) => {
    while ((open.at(-1)?.end ?? Infinity) < fold.start) open.pop();
    const around = open.at(-1);
    if (around !== undefined && fold.end > around.end) return false;
    open.push(fold);
    return true;
  });
}
