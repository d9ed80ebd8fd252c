// Variables in the references of a job, grouped so that one cause gives one finding, and the edit that replaces them all.
import { placeOf, wayTo, type ReferenceUse } from "../model/docker/reference-uses";
import type { VariablePart } from "../model/docker/symbolic";
import { sameOrigin, textAt, type Hop, type Origin } from "../text/located";
import { replaceText } from "./edits";
import type { FixDraft, Report } from "./rule";

/** A variable of a reference, at the place to change: the definition that mentions it, or the word itself. */
export interface VariableUse {
  readonly part: VariablePart;
  readonly use: ReferenceUse;
  readonly at: Origin;
  /** From the job to the place. */
  readonly via: readonly Hop[];
  /** It stands in a script, where the shell expands it: operators such as `:-` work there. */
  readonly isInScript: boolean;
}

export function variableUse(use: ReferenceUse, part: VariablePart): VariableUse {
  const isInScript = use.command !== undefined && part.via.every((hop) => hop.kind !== "variable");
  return { part, use, at: placeOf(use, part), via: wayTo(use, part), isInScript };
}

/** One of the uses at each place. */
export const onePerPlace = <T extends { readonly at: Origin }>(uses: readonly T[]): readonly T[] =>
  uses.filter((use, index) => uses.findIndex((other) => sameOrigin(other.at, use.at)) === index);

/**
 * One report for what is the same everywhere, at the first place; with all ways to it, which the engine puts together into one
 * finding.
 */
export function* reportFirst(
  uses: readonly Pick<VariableUse, "at" | "via">[],
  report: Omit<Report, "at">,
): Iterable<Report> {
  const [first] = uses;
  if (first === undefined) return;
  for (const { at, via } of uses) if (sameOrigin(at, first.at)) yield { ...report, at: { at, via } };
}

/** What stands at the other places, for related places of a finding at the first. */
export const otherPlaces = (uses: readonly VariableUse[], name: string) =>
  onePerPlace(uses)
    .slice(1)
    .map(({ at }) => ({ at, message: `\`$${name}\` is also used here` }));

/** Whether a place holds nothing but the variable: `$X` or `${X}`. */
export const isBare = (at: Origin, name: string): boolean => [`$${name}`, `\${${name}}`].includes(textAt(at));

/** Replaces a variable at all places; nothing where one of them holds more than the bare variable. */
export function replaceVariable(
  title: string,
  uses: readonly VariableUse[],
  name: string,
  change: (written: string) => string,
): readonly FixDraft[] {
  const places = onePerPlace(uses);
  if (places.length === 0 || !places.every(({ at }) => isBare(at, name))) return [];
  return [{ title, safety: "suggested", edits: places.map(({ at }) => replaceText(at, change(textAt(at)))) }];
}
