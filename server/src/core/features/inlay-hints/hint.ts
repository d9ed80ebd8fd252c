// The shape of an inlay hint: a few words behind a value. Plain data, in no editor's terms.
import type { Origin } from "../../text/located";

export interface InlayHint<P = Origin> {
  /** The value; the hint stands behind it. */
  readonly at: P;
  readonly label: string;
  /** Markdown: all of what the label says in short. */
  readonly tooltip: string;
}

/** A hint as one job gives it. The same place may be part of several jobs. */
export interface JobHint extends InlayHint {
  /** Equal for hints that say the same, whatever example they are filled in for. */
  readonly key: string;
  /** Of two hints of one key that with the higher rank is shown. */
  readonly rank: number;
}

/** VS Code cuts hints behind 43 characters, where the tag of an image is. https://code.visualstudio.com/docs/getstarted/settings */
const LONGEST = 40;
const LONGEST_NAME = 18;
const LONGEST_TAG = 15;

/** An image reference with parts left out, so that something of host, name and tag stays: the tag tells most. */
export function shortened(text: string): string {
  if (text.length <= LONGEST) return text;
  const slash = text.lastIndexOf("/");
  const name = text.slice(Math.max(slash, 0));
  const colon = /[:@]/.exec(name)?.index ?? name.length;
  const tail = cut(name.slice(0, colon), LONGEST_NAME) + cut(name.slice(colon), LONGEST_TAG);
  if (slash <= 0) return tail;
  return `${text.slice(0, Math.min(slash, LONGEST - tail.length - 1))}…${tail}`;
}

const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;
