// The shape of a code lens: a line of text above a place, and what a click on it opens. Plain data, in no editor's terms.
import type { Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";

export interface Lens<P = Origin> {
  readonly title: string;
  /** What it stands above. */
  readonly at: P;
  readonly opens: Opens<P>;
}

export type Opens<P = Origin> =
  /** Places to go to; of none it is text alone. */
  | { readonly kind: "places"; readonly places: readonly P[] }
  /** A job as GitLab sees it, by its pipeline's entry file and its name. */
  | { readonly kind: "effective-job"; readonly root: FilePath; readonly name: string };

export const leadingTo = (title: string, at: Origin, places: readonly Origin[]): Lens => ({
  title,
  at,
  opens: { kind: "places", places },
});

/** "1 job", "3 jobs". */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;
