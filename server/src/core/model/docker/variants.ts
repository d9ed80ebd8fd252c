// Expands a text once for each combination of the values that its variables can have, so that a variable that is used twice
// has the same value in both places.
import type { QueryContext } from "../../query/query";
import type { Job, Variable } from "../pipeline/job";
import { textKey, type SymbolicPart, type SymbolicText } from "./symbolic";

/** How many variants a text may have: matrix values, branches and loops multiply. */
export const MAX_VARIANTS = 16;

const MAX_VARIABLES = 1_000;

/** One run of an expansion, in which each variable with several values has one of them. */
export interface Run {
  readonly ctx: QueryContext;
  readonly job: Job;
  /** Which value is taken, by variable. */
  readonly choices: ReadonlyMap<string, number>;
  /** The first variable that was met without a choice: the run is to be repeated with each of them. */
  pending: { readonly key: string; readonly count: number } | undefined;
  /** Rows of the job's variable layers that go with what was picked so far, by the layer's index. */
  readonly rows: Map<number, readonly ReadonlyMap<string, Variable>[]>;
  /** Variables being expanded. */
  readonly open: Set<string>;
  /** How many more variables may be followed: `A: $B$B`, `B: $C$C`… doubles with each step. */
  left: number;
}

const NO_CHOICES: ReadonlyMap<string, number> = new Map();

/** All variants of a text, at least one; those that read the same count once. */
export function variants(
  ctx: QueryContext,
  job: Job,
  expand: (run: Run) => readonly SymbolicPart[],
): readonly SymbolicText[] {
  const first: Run = {
    ctx,
    job,
    choices: NO_CHOICES,
    pending: undefined,
    rows: new Map(),
    open: new Set(),
    left: MAX_VARIABLES,
  };
  const only: SymbolicText = { parts: tidy(expand(first)) };
  // Nearly every text has one variant: nothing was to be chosen.
  if (first.pending === undefined) return [only];
  const results = new Map<string, SymbolicText>();
  const queue: ReadonlyMap<string, number>[] = [NO_CHOICES];
  for (
    let choices = queue.shift();
    choices !== undefined && results.size < MAX_VARIANTS;
    choices = queue.shift()
  ) {
    const run: Run = {
      ctx,
      job,
      choices,
      pending: undefined,
      rows: new Map(),
      open: new Set(),
      left: MAX_VARIABLES,
    };
    const text: SymbolicText = { parts: tidy(expand(run)) };
    if (run.pending === undefined || queue.length > 4 * MAX_VARIANTS) {
      const key = textKey(text);
      if (!results.has(key)) results.set(key, text);
      continue;
    }
    const { key, count } = run.pending;
    for (let index = 0; index < count; index += 1) queue.push(new Map([...choices, [key, index]]));
  }
  return [...results.values()];
}

/** Without empty literals, unless nothing else is there. */
function tidy(parts: readonly SymbolicPart[]): readonly SymbolicPart[] {
  const left = parts.filter((part) => part.kind === "variable" || part.text !== "");
  return left.length > 0 ? left : parts.slice(0, 1);
}

/** Which of a variable's values this run takes. */
export function choose(run: Run, key: string, count: number): number {
  const chosen = run.choices.get(key);
  if (chosen === undefined && count > 1) run.pending ??= { key, count };
  return chosen ?? 0;
}
