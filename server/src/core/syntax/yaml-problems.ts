// Says in plain words what the YAML parser found wrong: what it is, and what to do about it.

/** A complaint of the parser, as far as we read it. */
export interface ParserComplaint {
  readonly code: string;
  readonly message: string;
  readonly start: number;
}

/** What is wrong, and the range of the text that it is about. */
export interface Explanation {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Explains a complaint about `text`. Undefined where it needs none: an open quote or bracket is reported where it
 * opens, by who reads the tree, and an error behind the first one of a broken document says nothing new.
 */
export function explain(complaint: ParserComplaint, text: string): Explanation | undefined {
  const { code, message, start } = complaint;
  if (code === "MISSING_CHAR" && message.startsWith("Missing closing")) return undefined;
  if (/ (?:sufficiently indented and|must) end with a [\]}]$/.test(message)) return undefined;
  const from = placeOf(code, start, text);
  const end = wordEnd(text, from);
  const said = (BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1] ?? BY_CODE[code] ?? unreadable)(
    text.slice(from, end),
  );
  return { message: said, start: from, end };
}

type Words = (written: string) => string;

const unreadable: Words = (written) =>
  written === ""
    ? "YAML cannot read the text here"
    : `\`${written}\` does not fit here: check the indentation, quotes and colons`;

/** Messages of the `yaml` library that its code alone does not tell apart; the first that matches counts. */
const BY_MESSAGE: readonly (readonly [RegExp, Words])[] = [
  [
    /scalar at node end/,
    (it) => `\`${it}\` stands behind the end of the value: put the whole value into one pair of quotes`,
  ],
  [
    /block-seq-ind on same line/,
    () => "a list cannot begin on the line of its key: put `- ` on the next line",
  ],
  [
    /^Unexpected (?:,|empty item)/,
    () => "an item is missing at this comma: remove the comma or write the item",
  ],
  [
    /^Block scalar header/,
    () => "text cannot follow `|` or `>` on the same line: begin it on the next line, indented",
  ],
  [
    /flow-(?:seq|map)-end/,
    (it) => `\`${it}\` closes a bracket that is not open: remove it, or put the value into quotes`,
  ],
  [/^Implicit map keys/, (it) => `\`${it}\` is no key: a colon and a blank must follow a key`],
  [/^Missing , or :|^Missing ,/, (it) => `a comma is missing in front of \`${it}\``],
  [/^Missing space after :/, () => "a blank is missing behind the colon"],
  [
    /^Sequence item without/,
    (it) => `\`${it}\` stands among list items: begin it with \`- \`, or indent it as its key is`,
  ],
  [/^Missing newline after block sequence/, () => "a list must begin on the line below its anchor or tag"],
  [/^Tags and anchors must be/, () => "a blank is missing behind the anchor or tag"],
  [/^Comments must be/, () => "a blank is missing in front of the comment"],
  [
    /more-indented leading empty lines/,
    () => "a blank first line is indented deeper than the text below it: remove its blanks",
  ],
  [
    /^All sequence items/,
    () => "this item is indented differently from the items above it: all must begin at the same column",
  ],
  [
    /^All mapping items/,
    (it) => `\`${it}\` is indented differently from the keys above it: all must begin at the same column`,
  ],
  [/^Block scalar/, () => "the text below `|` or `>` must be indented deeper than its key, every line alike"],
  [/directives-end/, () => "`---` is missing behind the `%` line"],
];

const BY_CODE: Readonly<Record<string, Words>> = {
  ALIAS_PROPS: () => "an alias can have no anchor or tag of its own: remove it",
  BAD_ALIAS: (it) => `a name is missing in \`${it}\`: write it, or put the text into quotes`,
  BAD_DIRECTIVE: () =>
    "a line that begins with `%` is a YAML directive, and this one is unknown: put the text into quotes",
  BAD_DQ_ESCAPE: (it) => `\`${it}\` is unknown in double quotes: double the backslash, or use single quotes`,
  BAD_INDENT: () => "the indentation does not fit the lines above",
  BAD_PROP_ORDER: () => "the anchor or tag must stand behind the indicator, not in front of it",
  BAD_SCALAR_START: (it) => `a value cannot begin with \`${it.slice(0, 1)}\`: put it into quotes`,
  BLOCK_AS_IMPLICIT_KEY: () =>
    "a second `: ` on the line of a key: put the value into quotes, or begin it on the next line",
  BLOCK_IN_FLOW: () =>
    "an indented list or mapping cannot stand between brackets: close the bracket before it",
  MULTILINE_IMPLICIT_KEY: (it) => `\`${it}\` is no key: a colon and a blank must follow a key`,
  MULTIPLE_ANCHORS: () => "two anchors for one value: remove one",
  MULTIPLE_TAGS: () => "two tags for one value: remove one",
  RESOURCE_EXHAUSTION: () => "this is nested too deep to be read",
  TAB_AS_INDENT: () => "a tab cannot indent YAML: use blanks",
  TAG_RESOLVE_FAILED: (it) => `the tag \`${it}\` is unknown`,
};

/** Where the culprit stands: errors of indentation are reported at the end of the line before. */
function placeOf(code: string, start: number, text: string): number {
  let at = Math.min(Math.max(start, 0), text.length);
  if (code === "TAB_AS_INDENT" || code === "BAD_DQ_ESCAPE") return at;
  while (at < text.length && /\s/.test(text[at] ?? "")) at += 1;
  // Behind the last character: the end of what is written.
  if (at === text.length) while (at > 0 && /\s/.test(text[at - 1] ?? "")) at -= 1;
  return at;
}

/** The escape, tab or word at `from`, cut where it is long. */
function wordEnd(text: string, from: number): number {
  if (text[from] === "\t") return from + 1;
  if (text[from] === "\\") return Math.min(from + 2, text.length);
  const lineBreak = text.indexOf("\n", from);
  const lineEnd = lineBreak === -1 ? text.length : lineBreak;
  const word =
    /^(?:[^\s,[\]{}:]|:(?!\s|$))+|^[^\s]/.exec(text.slice(from, Math.min(lineEnd, from + 60)))?.[0] ?? "";
  return from + word.length;
}
