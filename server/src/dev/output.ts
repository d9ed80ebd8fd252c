// What the generator writes.

/** A file that is to have this text; undefined: that must not be there. */
export interface Output {
  /** Relative to the repository's root, with `/`. */
  readonly path: string;
  readonly text: string | undefined;
}
