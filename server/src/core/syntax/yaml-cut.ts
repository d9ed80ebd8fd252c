// Cuts YAML text into documents and top-level blocks, without parsing it: an edit then costs one block, and an open
// quote in one job cannot swallow the next. Every character lands in exactly one segment, in order.

/** A half-open range of the text. A gap holds comments, blank lines, directives and document markers, but no content. */
export interface Segment {
  readonly kind: "gap" | "block";
  readonly start: number;
  readonly end: number;
}

type LineKind = "open" | "continue" | "blank" | "directive" | "start" | "start-with-content" | "end" | "explicit" | "root";

interface OpenDocument {
  segments: Segment[];
  /** Content has been seen. */
  content: boolean;
  /** `...` has been seen: only comments may follow. */
  closed: boolean;
  /** The root cannot be cut at column 0: a flow collection, a scalar with a header, complex keys. */
  whole: boolean;
  /** A block that begins with `key:` has been seen. */
  keyed: boolean;
}

/**
 * Segments of each document, in order. Together they cover the text; a text without any characters has no document.
 * Linear in the length of the text, and indifferent to what is wrong with it.
 */
export function cutDocuments(text: string): readonly (readonly Segment[])[] {
  const documents: Segment[][] = [];
  let current = emptyDocument();
  let kind: Segment["kind"] = "gap";
  let from = 0;

  const closeSegment = (end: number): void => {
    if (end > from) current.segments.push({ kind, start: from, end });
    from = end;
  };
  const closeDocument = (end: number): void => {
    closeSegment(end);
    if (current.segments.length > 0) documents.push(mergeUncuttable(current));
    current = emptyDocument();
  };

  for (let at = 0; at < text.length; at = nextLine(text, at)) {
    const line = classify(text, at, current);
    if (line === "blank" || line === "directive" || (line === "continue" && !current.closed)) continue;
    if (line === "end") {
      if (current.content) closeSegment(at);
      kind = "gap";
      current.closed = true;
      continue;
    }
    if (line === "start" || line === "start-with-content") {
      if (current.content || current.closed || hasMarker(text, from, at)) closeDocument(at);
      if (line === "start") {
        kind = "gap";
        continue;
      }
    }
    if (current.closed) {
      // Content behind `...` opens a document of its own; the marker and its comments lead it.
      const marker = from;
      if (current.segments.length > 0) {
        documents.push(mergeUncuttable(current));
        current = emptyDocument();
        from = marker;
      }
      current.closed = false;
    }
    closeSegment(at);
    kind = "block";
    current.content = true;
    current.whole ||= line !== "open";
    current.keyed ||= isKeyLine(text, at);
  }
  closeDocument(text.length);
  return documents;
}

const emptyDocument = (): OpenDocument => ({ segments: [], content: false, closed: false, whole: false, keyed: false });

const nextLine = (text: string, at: number): number => {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end + 1;
};

/** What the line at `at` does to the cut. Only its first characters matter. */
function classify(text: string, at: number, document: OpenDocument): LineKind {
  switch (text.charCodeAt(at)) {
    case 0x0a: // line break
    case 0x23: // #
      return "blank";
    case 0x20:
    case 0x09:
      return indentedLine(text, at, document);
    case 0x25: // %
      return document.content && !document.closed ? "continue" : "directive";
    case 0x2d: // -
      if (isMarker(text, at, "---")) return hasContent(text, at + 3) ? "start-with-content" : "start";
      return isIndicator(text, at) ? continuing(document) : opening(document);
    case 0x2e: // .
      return isMarker(text, at, "...") ? "end" : opening(document);
    case 0x3f: // ?
      return isIndicator(text, at) ? "explicit" : opening(document);
    case 0x3a: // :
      return isIndicator(text, at) ? continuing(document) : opening(document);
    case 0x5d: // ]
    case 0x7d: // }
    case 0x2c: // ,
      return continuing(document);
    case 0x5b: // [
    case 0x7b: // {
    case 0x7c: // |
    case 0x3e: // >
      return document.content && !document.closed ? opening(document) : "root";
    default:
      return opening(document);
  }
}

const opening = (document: OpenDocument): LineKind => (document.whole && !document.closed ? "continue" : "open");

const continuing = (document: OpenDocument): LineKind => (document.content && !document.closed ? "continue" : "open");

function indentedLine(text: string, at: number, document: OpenDocument): LineKind {
  if (document.content && !document.closed) return "continue";
  return hasContent(text, at) ? "open" : "blank";
}

/** Whether anything but blanks and a comment stands between `at` and the end of its line. */
function hasContent(text: string, at: number): boolean {
  let next = at;
  while (text[next] === " " || text[next] === "\t") next += 1;
  return next < text.length && text[next] !== "\n" && text[next] !== "#";
}

const isBlankOrEnd = (char: string | undefined): boolean =>
  char === undefined || char === " " || char === "\t" || char === "\n";

const isIndicator = (text: string, at: number): boolean => isBlankOrEnd(text[at + 1]);

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
    if (segment.kind === "block" && last?.kind === "block") merged[merged.length - 1] = { ...last, end: segment.end };
    else merged.push(segment);
  }
  return merged;
}
