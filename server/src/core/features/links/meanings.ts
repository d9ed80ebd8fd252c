// What places lead to, before it is known that they lead to one thing only: a line of a template may mean another file in each job.
import type { Origin } from "../../text/located";
import type { Link, LinkTarget } from "./link";

/** What a place leads to in one job, or with one set of inputs; undefined: to nothing that could be opened. */
export interface Meaning {
  readonly at: Origin;
  readonly target: LinkTarget | undefined;
}

/** One link for each place that leads to the same in all jobs. */
export function linksOf(meanings: readonly Meaning[]): readonly Link<Origin>[] {
  const byPlace = new Map<Origin["chunk"], Map<string, Meaning>>();
  for (const meaning of meanings) {
    const { chunk, start, end } = meaning.at;
    const places = byPlace.get(chunk) ?? new Map<string, Meaning>();
    byPlace.set(chunk, places);
    const key = `${start}-${end}`;
    const before = places.get(key);
    if (before === undefined) places.set(key, meaning);
    else if (!isSame(before.target, meaning.target)) places.set(key, { at: meaning.at, target: undefined });
  }
  return [...byPlace.values()]
    .flatMap((places) => [...places.values()])
    .flatMap(({ at, target }) => (target === undefined ? [] : [{ at, target }]));
}

const isSame = (a: LinkTarget | undefined, b: LinkTarget | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
