// What an outline is made of: names with their places, some of them in groups.
import type { Origin, Place } from "../../text/located";

export type OutlineKind =
  /** A stage of a pipeline, with the jobs that stand together. */
  | "stage"
  | "job"
  | "template"
  /** `variables`, `default`, …: what holds for the whole pipeline. */
  | "global"
  /** A stage of a Dockerfile. */
  | "build-stage"
  | "runner";

/** One name of a file. */
export interface OutlineEntry<P> {
  readonly kind: OutlineKind;
  readonly name: string;
  readonly detail: string | undefined;
  /** All that belongs to it. */
  readonly at: P;
  /** Its name, inside of that. */
  readonly nameAt: P;
}

/** Before entries are put together: `group` is what it is listed under. */
export interface UngroupedEntry extends OutlineEntry<Origin> {
  readonly group: OutlineGroup | undefined;
}

export interface OutlineGroup {
  readonly kind: "stage" | "template";
  readonly name: string;
}

/** An entry of the finished outline. Those of one level do not overlap, and each lies inside of what holds it. */
export interface OutlineItem extends OutlineEntry<Place> {
  readonly children: readonly OutlineItem[];
}
