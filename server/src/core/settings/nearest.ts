// Finds the name that somebody meant who wrote another one.

/**
 * The candidate nearest to `name` by edit distance, letter case ignored; undefined where none is near enough to be
 * meant: a third of the name may be wrong, at least two letters of it, unless the caller allows for fewer.
 */
export function nearestName(
  name: string,
  candidates: Iterable<string>,
  mostWrong = Math.max(2, Math.floor(name.length / 3)),
): string | undefined {
  if (name.length > LONGEST) return undefined;
  const written = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = mostWrong + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(written, candidate.toLowerCase());
    if (distance < bestDistance && distance < candidate.length) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** `; did you mean …?` for the end of a message, or nothing. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? "" : `; did you mean \`${nearest}\`?`;
}

/** No setting, rule or option is longer; distance takes time in the square of the length. */
const LONGEST = 100;

/** Levenshtein's distance with swapped neighbours counted as one edit (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      current.push(cost);
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Number.POSITIVE_INFINITY;
