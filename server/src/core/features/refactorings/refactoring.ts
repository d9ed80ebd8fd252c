// What a refactoring is: an edit that somebody asks for at a cursor, although nothing is wrong there. One file each; `index.ts`
// lists them.
import type { FixDraft } from "../../rules/rule";
import type { QueryContext } from "../../query/query";
import type { TextEdit } from "../../text/edit";
import type { FilePath } from "../../text/source-file";
import type { Spot } from "../position/spot";

/** The kinds of the protocol: https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#codeActionKind */
export type RefactoringKind = "refactor.rewrite" | "refactor.extract" | "refactor.inline";

/** Where the editor asks: the spot at which the selection begins. */
export interface Cursor {
  readonly spot: Spot;
  /** Where the selection ends, as an offset in the spot's chunk; the spot's own offset where nothing is selected. */
  readonly end: number;
}

/** One way to do it. Edits are relative to chunks, in any files. */
export interface RefactoringDraft extends Pick<FixDraft, "title" | "edits" | "creates"> {
  /**
   * Names of the jobs that are meant to become others. Every other visible job of every pipeline that an edited file is part of
   * must come out the same, or the draft is not offered. None where the refactoring keeps the behaviour of all jobs.
   */
  readonly changes?: readonly string[];
  /** Names of visible jobs that are new. */
  readonly adds?: readonly string[];
}

export interface Refactoring {
  /** Kebab-case, equal to the file's name. */
  readonly id: string;
  readonly kind: RefactoringKind;
  /** True where the result is a proposal: editors show the difference before they apply it. */
  readonly isProposal?: boolean;
  /** What can be done at a cursor. Asked often (whenever the cursor rests): cheap conditions first. */
  readonly offer: (ctx: QueryContext, cursor: Cursor) => readonly RefactoringDraft[];
}

export const defineRefactoring = (refactoring: Refactoring): Refactoring => refactoring;

/** A refactoring with its edits placed in files. */
export interface OfferedRefactoring {
  readonly id: string;
  readonly kind: RefactoringKind;
  readonly title: string;
  /** The editor is to show the difference first. */
  readonly isProposal: boolean;
  readonly edits: readonly TextEdit[];
  readonly creates: readonly { readonly file: FilePath; readonly text: string }[];
}
