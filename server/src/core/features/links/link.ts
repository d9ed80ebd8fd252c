// What a link is: a place of a file, and what opens when somebody follows it.
import { partOf, textAt, type Origin, type Place } from "../../text/located";
import type { FilePath } from "../../text/source-file";

export type LinkTarget =
  /** A file that is there. */
  | { readonly kind: "file"; readonly path: FilePath }
  /** A page whose address is certain. */
  | { readonly kind: "page"; readonly url: string }
  /** The page of a rule: the host knows where it is. */
  | { readonly kind: "rule"; readonly id: string };

export interface Link<P> {
  readonly at: P;
  readonly target: LinkTarget;
}

export type DocumentLink = Link<Place>;

export const fileLink = (at: Origin, path: FilePath): Link<Origin> => ({
  at: withoutQuotes(at),
  target: { kind: "file", path },
});

/** What stands between a pair of quotes; the place itself where there is none. */
export function withoutQuotes(at: Origin): Origin {
  const text = textAt(at);
  const isQuoted = text.length > 2 && /^["']/.test(text) && text.endsWith(text.charAt(0));
  return isQuoted ? partOf(at, 1, text.length - 1) : at;
}
