// Names: where they are defined, everywhere they stand, and renaming them.
import {
  DocumentHighlightKind,
  LSPErrorCodes,
  ResponseError,
  type DocumentHighlight,
  type Location,
  type PrepareRenameResult,
  type ReferenceParams,
  type RenameParams,
  type TextDocumentPositionParams,
  type WorkspaceEdit,
} from "vscode-languageserver";
import type { Occurrence, Symbols } from "../../core/index";
import { locationOf, rangeOf, toOffset } from "../convert";
import type { Placed } from "../folders";
import { workspaceEdit, type EditAbilities } from "../workspace-edit";

type At = Pick<TextDocumentPositionParams, "position">;

/** Asks about the name at a position of the text as the analysis has it. */
function askAt<T>(
  { session, path }: Placed,
  { position }: At,
  question: (symbols: Symbols, offset: number) => T,
  isWhole = true,
): T | undefined {
  const { speech } = session;
  // Who renames has to know of every file that says the name: a Compose file, say, which no report reads.
  return session[isWhole ? "askWhole" : "ask"](({ symbols }) => {
    const lines = speech.file(path)?.lines;
    return lines && question(symbols, toOffset(lines, position, speech.encoding));
  });
}

export function definitions(placed: Placed, params: At): Location[] {
  const places = askAt(placed, params, (symbols, offset) => symbols.definitions(placed.path, offset)) ?? [];
  return places.map((place) => locationOf(place, placed.session.speech));
}

const occurrencesOf = (placed: Placed, params: At, isWhole: boolean): readonly Occurrence[] =>
  askAt(placed, params, (symbols, offset) => symbols.occurrences(placed.path, offset), isWhole) ?? [];

export function references(placed: Placed, params: At & Pick<ReferenceParams, "context">): Location[] {
  return occurrencesOf(placed, params, true)
    .filter(({ role }) => params.context.includeDeclaration || role !== "definition")
    .map(({ at }) => locationOf(at, placed.session.speech));
}

export function highlights(placed: Placed, params: At): DocumentHighlight[] {
  return occurrencesOf(placed, params, false)
    .filter(({ at }) => at.file === placed.path)
    .map(({ at, role }) => ({
      range: rangeOf(at, placed.session.speech),
      kind: role === "reference" ? DocumentHighlightKind.Read : DocumentHighlightKind.Write,
    }));
}

/** The name that would be changed; null where none stands, an error with the reason where it can't be. */
export function prepareRename(placed: Placed, params: At): PrepareRenameResult | ResponseError | null {
  const target = askAt(placed, params, (symbols, offset) => symbols.renameTarget(placed.path, offset));
  if (target === undefined) return null;
  if ("refused" in target) return refusal(target.refused);
  return { range: rangeOf(target.at, placed.session.speech), placeholder: target.name };
}

export function rename(
  placed: Placed,
  params: At & Pick<RenameParams, "newName">,
  abilities: EditAbilities,
): WorkspaceEdit | ResponseError | null {
  const { session } = placed;
  const edits = askAt(placed, params, (symbols, offset) =>
    symbols.rename(placed.path, offset, params.newName),
  );
  if (edits === undefined) return null;
  if ("refused" in edits) return refusal(edits.refused);
  const changes = { edits, creates: [] };
  return workspaceEdit(changes, session.speech, abilities, (each) => session.document(each)?.version) ?? null;
}

/** Editors show the message where the name would have been typed. */
const refusal = (reason: string): ResponseError => new ResponseError(LSPErrorCodes.RequestFailed, reason);
