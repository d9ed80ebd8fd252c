// How a computation ended: with a value, or with an error, which is kept as well.
import type { Query } from "./query";

/** What a computation gave. An error of ours is an outcome too: the same inputs would give it again. */
export interface Outcome {
  readonly value: unknown;
  readonly thrown?: unknown;
}

export function outcomeOf(compute: () => unknown): Outcome {
  try {
    return { value: compute() };
  } catch (thrown) {
    return { value: undefined, thrown };
  }
}

/** Whether whoever read the old outcome need not read the new one. Errors always count as new. */
export const isSame = ({ equals }: Query<unknown, unknown>, old: Outcome, found: Outcome): boolean =>
  !("thrown" in old || "thrown" in found) &&
  (old.value === found.value || equals?.(old.value, found.value) === true);

/** What was computed; an error is thrown on as it came, whatever it is. */
export function valueOf(outcome: Outcome | undefined): unknown {
  if (outcome !== undefined && "thrown" in outcome) throw outcome.thrown;
  return outcome?.value;
}
