// Cuts YAML text into documents and top-level blocks, without parsing it: an edit then costs one block, and an open
// quote in one job cannot swallow the next. Every character lands in exactly one segment, in order.

/** A half-open range of the text. A gap holds comments, blank lines, directives and document markers, but no content. */
export interface Segment {
  readonly kind: "gap" | "block";
  readonly start: number;
  readonly end: number;
}

type LineKind =
  /** Belongs to the segment before it. */
  | "continue"
  /** Belongs to the segment before it, and is no content wherever it stands: blank, a comment, a directive. */
  | "blank"
  /** `---`, alone or with content behind it. */
  | "start"
  | "start-with-content"
  /** `...` */
  | "end"
  /** Begins a block. */
  | "open"
  /** Begins a block in a document that cannot be cut: a flow collection, a scalar with a header, a complex key. */
  | "root";

interface OpenDocument {
  readonly segments: Segment[];
  /** Content has been seen. */
  content: boolean;
  /** `...` has been seen: only comments may follow. */
  closed: boolean;
  /** The root cannot be cut at column 0. */
  whole: boolean;
  /** A line that could hold a key has been seen. */
  keyed: boolean;
}

/**
 * Segments of each document, in order. Together they cover the text; a text without any characters has no document.
 * Linear in the length of the text, and indifferent to what is wrong with it.
 */
export function cutDocuments(text: string): readonly (readonly Segment[])[] {
  const cutter = new Cutter(text);
  for (let at = 0; at < text.length; at = nextLine(text, at)) cutter.line(at);
  return cutter.finish();
}

class Cutter {
  private readonly text: string;
  private readonly documents: Segment[][] = [];
  private document = emptyDocument();
  private kind: Segment["kind"] = "gap";
  private from = 0;

  constructor(text: string) {
    this.text = text;
  }

  line(at: number): void {
    const line = classify(this.text, at, this.document);
    switch (line) {
      case "blank":
        return;
      case "continue":
        return;
      case "end": {
        this.endMarker(at);
        return;
      }
      case "start":
        this.startMarker(at);
        this.kind = "gap";
        return;
      case "start-with-content":
        this.startMarker(at);
        {
          this.openBlock(at, true);
          return;
        }
      case "open": {
        this.openBlock(at, false);
        return;
      }
      case "root": {
        this.openBlock(at, true);
        return;
      }
    }
  }

  finish(): readonly (readonly Segment[])[] {
    this.closeSegment(this.text.length);
    this.closeDocument();
    return this.documents;
  }

  private closeSegment(end: number): void {
    if (end > this.from) this.document.segments.push({ kind: this.kind, start: this.from, end });
    this.from = end;
  }

  private closeDocument(): void {
    if (this.document.segments.length > 0) this.documents.push(mergeUncuttable(this.document));
    this.document = emptyDocument();
  }

  private endMarker(at: number): void {
    if (this.document.content) this.closeSegment(at);
    this.kind = "gap";
    this.document.closed = true;
  }

  /** A marker opens a document, except the first one behind directives and comments only. */
  private startMarker(at: number): void {
    const { content, closed } = this.document;
    if (!content && !closed && !hasMarker(this.text, this.from, at)) return;
    this.closeSegment(at);
    this.closeDocument();
  }

  private openBlock(at: number, whole: boolean): void {
    // Content behind `...` opens a document of its own, led by that marker and its comments.
    if (this.document.closed && this.document.segments.length > 0) this.closeDocument();
    this.document.closed = false;
    this.closeSegment(at);
    this.kind = "block";
    this.document.content = true;
    this.document.whole ||= whole;
    this.document.keyed ||= isKeyLine(this.text, at);
  }
}

const emptyDocument = (): OpenDocument => ({
  segments: [],
  content: false,
  closed: false,
  whole: false,
  keyed: false,
});

const nextLine = (text: string, at: number): number => {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end + 1;
};

type Classify = (text: string, at: number, document: OpenDocument) => LineKind;

/** What the line at `at` does to the cut. Only its first characters matter. */
const classify: Classify = (text, at, document) =>
  (BY_FIRST_CHARACTER[text[at] ?? ""] ?? entry)(text, at, document);

const hasOpenContent = (document: OpenDocument): boolean => document.content && !document.closed;

const entry: Classify = (_text, _at, document) =>
  document.whole && hasOpenContent(document) ? "continue" : "open";

/** A character that continues what is there. */
const continuation: Classify = (_text, _at, document) => (hasOpenContent(document) ? "continue" : "open");

/** Brackets and block scalars are a root when they come first. Elsewhere they are an error, kept to a block of its own. */
const opener: Classify = (text, at, document) =>
  hasOpenContent(document) ? entry(text, at, document) : "root";

/** An indicator only in front of a blank. */
const indicator =
  (known: Classify): Classify =>
  (text, at, document) =>
    isBlankOrEnd(text[at + 1]) ? known(text, at, document) : entry(text, at, document);

const dash: Classify = (text, at, document) => {
  if (!isMarker(text, at, "---")) return indicator(continuation)(text, at, document);
  return hasContent(text, at + 3) ? "start-with-content" : "start";
};

const indented: Classify = (text, at, document) => {
  if (hasOpenContent(document)) return "continue";
  return hasContent(text, at) ? "open" : "blank";
};

const BY_FIRST_CHARACTER: Readonly<Record<string, Classify>> = {
  "\n": () => "blank",
  "#": () => "blank",
  " ": indented,
  "\t": indented,
  "%": (_text, _at, document) => (hasOpenContent(document) ? "continue" : "blank"),
  "-": dash,
  ".": (text, at, document) => (isMarker(text, at, "...") ? "end" : entry(text, at, document)),
  "?": indicator(() => "root"),
  ":": indicator(continuation),
  "]": continuation,
  "}": continuation,
  ",": continuation,
  "[": opener,
  "{": opener,
  "|": opener,
  ">": opener,
};

/** Whether anything but blanks and a comment stands between `at` and the end of its line. */
function hasContent(text: string, at: number): boolean {
  let next = at;
  while (text[next] === " " || text[next] === "\t") next += 1;
  return next < text.length && text[next] !== "\n" && text[next] !== "#";
}

const isBlankOrEnd = (char: string | undefined): boolean =>
  char === undefined || char === " " || char === "\t" || char === "\n";

const isMarker = (text: string, at: number, marker: string): boolean =>
  text.startsWith(marker, at) && isBlankOrEnd(text[at + 3]);

/** Whether a gap already holds the `---` of its document. */
const hasMarker = (text: string, from: number, to: number): boolean => {
  if (text.startsWith("---", from)) return from < to;
  const lineBreak = text.indexOf("\n---", from);
  return lineBreak !== -1 && lineBreak + 1 < to;
};

/** Whether the line holds a colon that could end a key. */
function isKeyLine(text: string, at: number): boolean {
  const end = nextLine(text, at);
  for (let colon = text.indexOf(":", at); colon !== -1 && colon < end; colon = text.indexOf(":", colon + 1)) {
    if (isBlankOrEnd(text[colon + 1])) return true;
  }
  return false;
}

/** A document without any key at column 0 (a list, a scalar over several lines), or with complex keys, is one block. */
function mergeUncuttable(document: OpenDocument): Segment[] {
  if (document.keyed && !document.whole) return document.segments;
  const merged: Segment[] = [];
  for (const segment of document.segments) {
    const last = merged.at(-1);
    if (segment.kind === "block" && last?.kind === "block")
      merged[merged.length - 1] = { ...last, end: segment.end };
    else merged.push(segment);
  }
  return merged;
}
