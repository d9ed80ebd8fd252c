// Inlay hints: a few words of the core's behind values of a document, with all of it as a tooltip.
import { MarkupKind, type InlayHint, type InlayHintParams } from "vscode-languageserver";
import { rangeOf, toOffset } from "../convert";
import type { Placed } from "../folders";

/** The hints in a range of the document; none where the user does not want any. */
export function inlayHints(
  { session, path }: Placed,
  { range }: Pick<InlayHintParams, "range">,
): readonly InlayHint[] {
  const { speech } = session;
  if (session.settings.inlayHints !== true) return [];
  const hints = session.ask((analysis) => {
    const lines = speech.file(path)?.lines;
    if (lines === undefined) return [];
    const offset = (position: InlayHintParams["range"]["start"]): number =>
      toOffset(lines, position, speech.encoding);
    return analysis.inlayHints(path, offset(range.start), offset(range.end));
  });
  return hints.map(({ at, label, tooltip }) => ({
    position: rangeOf(at, speech).end,
    label,
    paddingLeft: true,
    tooltip: { kind: MarkupKind.Markdown, value: tooltip },
  }));
}
