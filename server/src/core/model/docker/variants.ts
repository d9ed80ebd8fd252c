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
  /** Rows of the job's variable layers that go with what was picked so far, by the layer's index; nearly always none was. */
  rows: Map<number, readonly ReadonlyMap<string, Variable>[]> | undefined;
  /** The variable being expanded, and around it those whose values brought it. */
  open: OpenVariable | undefined;
  /** How many more variables may be followed: `A: $B$B`, `B: $C$C`… doubles with each step. */
  left: number;
}

interface OpenVariable {
  readonly name: string;
  /** The command that sees it, by its position; undefined in YAML. */
  readonly order: number | undefined;
  readonly depth: number;
  readonly around: OpenVariable | undefined;
}

/** Variables in variables. */
const MAX_DEPTH = 20;

/** Whether a variable is being expanded; `order`: the position of the command that sees it, undefined in YAML. */
export function isOpen({ open }: Run, name: string, order: number | undefined): boolean {
  for (let each = open; each !== undefined; each = each.around)
    if (each.name === name && each.order === order) return true;
  return false;
}

/** Begins with a variable's value; false where that would go deeper than we follow. To be ended with `closeVariable`. */
export function openVariable(run: Run, name: string, order: number | undefined): boolean {
  const around = run.open;
  const depth = around === undefined ? 0 : around.depth + 1;
  run.left -= 1;
  if (depth >= MAX_DEPTH || run.left < 0) return false;
  run.open = { name, order, depth, around };
  return true;
}

export function closeVariable(run: Run): void {
  run.open = run.open?.around;
}

const NO_CHOICES: ReadonlyMap<string, number> = new Map();

/** All variants of a text, at least one; those that read the same count once. */
export function variants(
  ctx: QueryContext,
  job: Job,
  expand: (run: Run) => readonly SymbolicPart[],
): readonly SymbolicText[] {
  const first = newRun(ctx, job, NO_CHOICES);
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
    const run = newRun(ctx, job, choices);
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

const newRun = (ctx: QueryContext, job: Job, choices: Run["choices"]): Run => ({
  ctx,
  job,
  choices,
  pending: undefined,
  rows: undefined,
  open: undefined,
  left: MAX_VARIABLES,
});

/** Without empty literals, unless nothing else is there. */
function tidy(parts: readonly SymbolicPart[]): readonly SymbolicPart[] {
  if (!parts.some((part) => part.kind === "literal" && part.text === "")) return parts;
  const left = parts.filter((part) => part.kind === "variable" || part.text !== "");
  return left.length > 0 ? left : parts.slice(0, 1);
}

/** Which of a variable's values this run takes. */
export function choose(run: Run, key: string, count: number): number {
  const chosen = run.choices.get(key);
  if (chosen === undefined && count > 1) run.pending ??= { key, count };
  return chosen ?? 0;
}
