// One open document, kept in step with the client's edits. Holds LF text, like everything in the core.
import type { TextDocumentContentChangeEvent } from "vscode-languageserver";
import { createLineIndex, normalise } from "../core/index";
import { toOffset, type Encoding } from "./convert";

export interface OpenDocument {
  /** As the client writes it. */
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  readonly text: string;
}

/** The document after some edits, each of which counts in the text that the one before it left. */
export function changed(
  document: OpenDocument,
  version: number,
  changes: readonly TextDocumentContentChangeEvent[],
  encoding: Encoding,
): OpenDocument {
  let { text } = document;
  for (const change of changes) {
    if (!("range" in change)) {
      text = normalise(change.text);
      continue;
    }
    const lines = createLineIndex(text);
    const start = toOffset(lines, change.range.start, encoding);
    const end = toOffset(lines, change.range.end, encoding);
    // No byte order mark is taken off here: only a file's beginning can have one.
    text = text.slice(0, start) + change.text.replace(/\r\n?/g, "\n") + text.slice(Math.max(start, end));
  }
  return { ...document, version, text };
}
