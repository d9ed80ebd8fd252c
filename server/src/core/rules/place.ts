// Decides where a report is shown: where the value is written, or, if nobody can open that, at the nearest step on the
// way from there to where it is used. The other steps become related places.
import type { Hop, Origin, Place } from "../text/located";
import type { Report } from "./rule";
import type { RawReport } from "./run";

export interface RelatedPlace {
  readonly at: Place;
  readonly message: string;
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
      related.push({ at: place, message: wordsFor(hop, raw.job) });
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

function wordsFor(hop: Hop, job: string | undefined): string {
  const user = job === undefined ? "used here" : `used by job \`${job}\``;
  switch (hop.kind) {
    case "alias":
      return `${user} through the alias \`*${hop.name}\``;
    case "merge":
      return `${user} through the merge key \`<<: *${hop.name}\``;
    case "reference":
      return `${user} through \`!reference\``;
    case "extends":
      return `${user} through \`extends\``;
    case "default":
      return `${user} through \`default\``;
    case "include":
      return "included here";
    case "variable":
      return `${user} through the variable \`${hop.name}\``;
    case "matrix":
      return `${user} through \`parallel:matrix\``;
    case "script":
      return `${user}: the script \`${hop.name}\` is called here`;
  }
}
