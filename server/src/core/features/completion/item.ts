// What is offered while somebody types: plain data, without the protocol's types.

export type ItemKind =
  | "job"
  | "template"
  | "stage"
  | "variable"
  | "command"
  | "flag"
  | "file"
  | "folder"
  | "image"
  | "argument"
  | "key"
  | "rule"
  | "host"
  | "value";

export interface Item {
  /** What a list shows. */
  readonly label: string;
  readonly kind: ItemKind;
  /** A few words behind the label. */
  readonly detail: string | undefined;
  /** Markdown. */
  readonly documentation?: string;
  /** What takes the place of the range; the label where it is missing. */
  readonly insert?: string;
  /** How many characters of that stand behind the cursor afterwards; none where it is missing. */
  readonly caret?: number;
}

/** A range of the file's text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Items for one place, in the order in which a list shows them. */
export interface Offer {
  readonly items: readonly Item[];
  readonly at: TextRange;
}

export const NOTHING: readonly Item[] = [];

/** One item for each label, the first. */
export const distinct = (items: readonly Item[]): readonly Item[] => [
  ...items
    .reduce(
      (byLabel, item) => (byLabel.has(item.label) ? byLabel : byLabel.set(item.label, item)),
      new Map<string, Item>(),
    )
    .values(),
];
