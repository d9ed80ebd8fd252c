// Hover: what the core says about the place under the cursor, as Markdown.
import { MarkupKind, type Hover, type HoverParams } from "vscode-languageserver";
import { rangeOf, toOffset } from "../convert";
import type { Placed } from "../folders";

/** Null where there is nothing to say. */
export function hover({ session, path }: Placed, { position }: HoverParams): Hover | null {
  const { speech } = session;
  const found = session.ask((analysis) => {
    // The file as the analysis has it: asked for behind the refresh that `ask` makes.
    const lines = speech.file(path)?.lines;
    return lines && analysis.hover(path, toOffset(lines, position, speech.encoding));
  });
  return found === undefined
    ? null
    : { contents: { kind: MarkupKind.Markdown, value: found.text }, range: rangeOf(found.at, speech) };
}
