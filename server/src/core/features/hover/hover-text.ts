// What a hover is: Markdown for people, and the place that it speaks of.
import type { Origin } from "../../text/located";

export interface HoverText {
  readonly markdown: string;
  /** In the chunk of the spot that was asked about. */
  readonly at: Origin;
}

/** A hover, where there is something to say. */
export const hoverText = (markdown: string, at: Origin): HoverText | undefined =>
  markdown === "" ? undefined : { markdown, at };
