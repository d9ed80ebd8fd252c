// Decides where a report is shown: where the value is written, or, if nobody can open that, at the nearest step on the
// way from there to where it is used. The other steps become related places.
import type { Hop, HopKind, Origin, Place } from "../text/located";
import type { Report } from "./rule";
import type { RawReport } from "./run";

export interface RelatedPlace {
  readonly at: Place;
  readonly message: string;
  /** The job that uses the finding's place, and how it comes there (" through `extends`"); undefined for all else. */
  readonly step?: { readonly job: string; readonly way: string } | undefined;
}

export interface Placed {
  readonly at: Place;
  /** Steps from the use to the place, then what the rule itself added. */
  readonly related: readonly RelatedPlace[];
}

export type PlaceOf = (origin: Origin) => Place | undefined;

/** The place of a report; undefined when no part of it lies in a file that can be opened. */
export function placeReport(raw: RawReport, placeOf: PlaceOf): Placed | undefined {
  const { origin, via } = partsOf(raw.report.at);
  const steps = via.map((hop) => ({ place: placeOf(hop.at), hop }));
  const written = placeOf(origin);
  const nearest = written ?? [...steps].reverse().find((step) => step.place !== undefined)?.place;
  if (nearest === undefined) return undefined;
  const related: RelatedPlace[] = [];
  for (const { place, hop } of steps) {
    if (place !== undefined && !samePlace(place, nearest))
      related.push({ at: place, ...wordsFor(hop, raw.job) });
  }
  for (const note of raw.report.related ?? []) {
    const place = placeOf(note.at);
    if (place !== undefined) related.push({ at: place, message: note.message });
  }
  return { at: nearest, related };
}

export const samePlace = (a: Place, b: Place): boolean =>
  a.file === b.file && a.start === b.start && a.end === b.end;

function partsOf(at: Report["at"]): { origin: Origin; via: readonly Hop[] } {
  return "via" in at ? { origin: at.at, via: at.via } : { origin: at, via: [] };
}

function wordsFor({ kind, name }: Hop, job: string | undefined): Pick<RelatedPlace, "message" | "step"> {
  if (kind === "include") return { message: "included here" };
  const way = wayOf(kind, name);
  return job === undefined
    ? { message: `used here${way}` }
    : { message: `used by job \`${job}\`${way}`, step: { job, way } };
}

function wayOf(kind: Exclude<HopKind, "include">, name: string): string {
  switch (kind) {
    case "alias":
      return ` through the alias \`*${name}\``;
    case "merge":
      return ` through the merge key \`<<: *${name}\``;
    case "reference":
      return " through `!reference`";
    case "extends":
      return " through `extends`";
    case "default":
      return " through `default`";
    case "variable":
      return ` through the variable \`${name}\``;
    case "matrix":
      return " through `parallel:matrix`";
    case "script":
      return `: the script \`${name}\` is called here`;
  }
}
