// Unified diffs, as `git apply` and `patch` read them.

const CONTEXT = 3;

/** Above so many changed lines the shortest diff is not looked for: all lines in between are replaced. */
const MOST_CHANGES = 1000;

/**
 * The diff of one file; empty where nothing changed. `before` is undefined for a new file. Lines keep their own line
 * breaks, so that a patch of a file with CRLF can be applied.
 */
export function unifiedDiff(path: string, before: string | undefined, after: string): string {
  if (before === after) return "";
  const old = linesOf(before ?? "");
  const now = linesOf(after);
  const from = before === undefined ? "/dev/null" : `a/${path}`;
  return `--- ${from}\n+++ b/${path}\n${hunksOf(compare(old, now)).map(hunkText).join("")}`;
}

/** Lines with their line breaks. */
const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

interface Change {
  readonly sign: " " | "-" | "+";
  readonly line: string;
}

function compare(old: readonly string[], now: readonly string[]): readonly Change[] {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end))
    end += 1;
  const same = (lines: readonly string[]): readonly Change[] => lines.map((line) => ({ sign: " ", line }));
  const middle = shortest(old.slice(start, old.length - end), now.slice(start, now.length - end));
  return [...same(old.slice(0, start)), ...middle, ...same(old.slice(old.length - end))];
}

/** The shortest edit script. E. W. Myers, An O(ND) Difference Algorithm and Its Variations, Algorithmica 1 (1986). */
function shortest(old: readonly string[], now: readonly string[]): readonly Change[] {
  const trace: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  for (let changes = 0; changes <= Math.min(old.length + now.length, MOST_CHANGES); changes += 1) {
    trace.push(furthest);
    const next = new Map(furthest);
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      const x = snakeEnd(old, now, step(furthest, diagonal, changes), diagonal);
      next.set(diagonal, x);
      if (x >= old.length && x - diagonal >= now.length) return backtrack(old, now, trace, changes);
    }
    furthest = next;
  }
  return [
    ...old.map((line): Change => ({ sign: "-", line })),
    ...now.map((line): Change => ({ sign: "+", line })),
  ];
}

const valueAt = (furthest: ReadonlyMap<number, number>, diagonal: number): number =>
  furthest.get(diagonal) ?? -1;

const goesDown = (furthest: ReadonlyMap<number, number>, diagonal: number, changes: number): boolean =>
  diagonal === -changes ||
  (diagonal !== changes && valueAt(furthest, diagonal - 1) < valueAt(furthest, diagonal + 1));

const step = (furthest: ReadonlyMap<number, number>, diagonal: number, changes: number): number =>
  goesDown(furthest, diagonal, changes)
    ? valueAt(furthest, diagonal + 1)
    : valueAt(furthest, diagonal - 1) + 1;

function snakeEnd(old: readonly string[], now: readonly string[], start: number, diagonal: number): number {
  let x = start;
  while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x += 1;
  return x;
}

function backtrack(
  old: readonly string[],
  now: readonly string[],
  trace: readonly ReadonlyMap<number, number>[],
  changes: number,
): readonly Change[] {
  const result: Change[] = [];
  let x = old.length;
  let y = now.length;
  for (let depth = changes; depth > 0; depth -= 1) {
    const furthest = trace[depth] ?? new Map<number, number>();
    const down = goesDown(furthest, x - y, depth);
    const diagonal = down ? x - y + 1 : x - y - 1;
    const startX = valueAt(furthest, diagonal);
    const startY = startX - diagonal;
    while (x > startX && y > startY) {
      x -= 1;
      y -= 1;
      result.push({ sign: " ", line: old[x] ?? "" });
    }
    result.push(down ? { sign: "+", line: now[startY] ?? "" } : { sign: "-", line: old[startX] ?? "" });
    x = startX;
    y = startY;
  }
  while (x > 0) result.push({ sign: " ", line: old[(x -= 1)] ?? "" });
  return result.reverse();
}

interface Hunk {
  readonly oldStart: number;
  readonly newStart: number;
  readonly changes: readonly Change[];
}

function hunksOf(changes: readonly Change[]): readonly Hunk[] {
  const hunks: Hunk[] = [];
  const changed = changes.flatMap((change, index) => (change.sign === " " ? [] : [index]));
  let from = 0;
  let oldLine = 1;
  let newLine = 1;
  for (let first = 0; first < changed.length;) {
    let last = first;
    while ((changed[last + 1] ?? Number.POSITIVE_INFINITY) - (changed[last] ?? 0) <= CONTEXT * 2) last += 1;
    const start = Math.max((changed[first] ?? 0) - CONTEXT, 0);
    const end = Math.min((changed[last] ?? 0) + CONTEXT + 1, changes.length);
    const skipped = changes.slice(from, start);
    oldLine += skipped.length;
    newLine += skipped.length;
    const part = changes.slice(start, end);
    hunks.push({ oldStart: oldLine, newStart: newLine, changes: part });
    oldLine += part.filter(({ sign }) => sign !== "+").length;
    newLine += part.filter(({ sign }) => sign !== "-").length;
    from = end;
    first = last + 1;
  }
  return hunks;
}

function hunkText({ oldStart, newStart, changes }: Hunk): string {
  const oldCount = changes.filter(({ sign }) => sign !== "+").length;
  const newCount = changes.filter(({ sign }) => sign !== "-").length;
  const body = changes.map(
    ({ sign, line }) => `${sign}${line}${line.endsWith("\n") ? "" : "\n\\ No newline at end of file\n"}`,
  );
  return `@@ -${span(oldStart, oldCount)} +${span(newStart, newCount)} @@\n${body.join("")}`;
}

/** A hunk without lines on one side names the line before it: https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html */
const span = (start: number, count: number): string =>
  count === 0 ? `${start - 1},0` : count === 1 ? `${start}` : `${start},${count}`;
