// What is offered at a cursor: the drafts of all refactorings that can be placed, and that keep what they promise. The promise is
// checked on the files as they would be.
import { createSourceFile, type FilePath, type SourceFile } from "../../text/source-file";
import { applyEdits } from "../../text/edit";
import type { PlaceOf } from "../../rules/place";
import { toFix } from "../../rules/assemble";
import type { Database } from "../../query/database";
import type { Workspace } from "../../query/workspace";
import { answerTo } from "../ask";
import { spotAt } from "../position/spot";
import { refactorings } from "./index";
import { brokenPromise } from "./promise";
import type { Cursor, OfferedRefactoring, Refactoring, RefactoringDraft } from "./refactoring";

export interface OfferGrounds {
  readonly database: Database;
  readonly workspace: Workspace;
  readonly placeOf: PlaceOf;
  /** A second analysis, for the files as they would be. */
  readonly trial: (workspace: Workspace) => Database;
}

/** The refactorings for a range of a file; none where the file is not loaded. */
export function refactoringsAt(
  grounds: OfferGrounds,
  file: FilePath,
  start: number,
  end: number,
): readonly OfferedRefactoring[] {
  const drafts = answerTo(grounds.database, (ctx) => {
    const spot = spotAt(ctx, file, start);
    if (spot === undefined) return [];
    const cursor: Cursor = {
      spot,
      end: Math.min(Math.max(spot.at, spot.at + end - start), spot.chunk.text.length),
    };
    return refactorings.flatMap((refactoring) =>
      refactoring.offer(ctx, cursor).map((draft) => ({ refactoring, draft })),
    );
  });
  return drafts.flatMap(({ refactoring, draft }) => offered(grounds, refactoring, draft) ?? []);
}

function offered(
  grounds: OfferGrounds,
  { id, kind, isProposal = false }: Refactoring,
  draft: RefactoringDraft,
): OfferedRefactoring | undefined {
  const fix = toFix({ ...draft, safety: "suggested" }, grounds.placeOf);
  if (fix === undefined) return undefined;
  const { title, edits, creates } = fix;
  const offer: OfferedRefactoring = { id, kind, title, isProposal, edits, creates };
  const after = workspaceAfter(grounds.workspace, offer);
  if (after === undefined) return undefined;
  const files = new Set([...edits, ...creates].map(({ file }) => file));
  const broken = brokenPromise(grounds.database, grounds.trial(after), files, draft);
  return broken === undefined ? offer : undefined;
}

/** The files as they would be; undefined where edits overlap or change nothing, and where a new file is there already. */
export function workspaceAfter(
  workspace: Workspace,
  { edits, creates }: Pick<OfferedRefactoring, "edits" | "creates">,
): Workspace | undefined {
  const files = new Map<FilePath, SourceFile>(workspace.files);
  for (const path of new Set(edits.map(({ file }) => file))) {
    const before = files.get(path);
    const text =
      before &&
      applyEdits(
        before.text,
        edits.filter(({ file }) => file === path),
      );
    if (before === undefined || text === undefined || text === before.text) return undefined;
    files.set(path, createSourceFile(path, before.kind, text));
  }
  for (const { file, text } of creates) {
    if (files.has(file) || workspace.paths?.has(file) === true) return undefined;
    files.set(file, createSourceFile(file, "other", text));
  }
  const paths = workspace.paths && new Set([...workspace.paths, ...creates.map(({ file }) => file)]);
  return { ...workspace, files, paths };
}
