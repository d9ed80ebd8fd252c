// Code actions: the fixes of the findings at the cursor, comments that suppress them, refactorings of what stands there, and all
// safe fixes of a file.
import {
  CodeActionKind,
  type CodeAction,
  type CodeActionParams,
  type Diagnostic,
  type Range,
} from "vscode-languageserver";
import type { FilePath, Finding, TextEdit } from "../../core/index";
import { planFixes } from "../../host/write";
import { findingDiagnostic, toOffset, type Speech } from "../convert";
import type { Placed } from "../folders";
import { guardNow, type Log } from "../guard";
import { suppressFile, suppressLine } from "../suppression";
import { workspaceEdit, type Changes, type EditAbilities } from "../workspace-edit";
import { reportAction } from "./false-alarm";

export const FIX_ALL = `${CodeActionKind.SourceFixAll}.gitlabCiDocker`;

/** Every kind of action that there is. */
export const ACTION_KINDS: readonly string[] = [
  CodeActionKind.QuickFix,
  CodeActionKind.RefactorRewrite,
  CodeActionKind.RefactorExtract,
  CodeActionKind.RefactorInline,
  FIX_ALL,
];

export interface ActionAbilities extends EditAbilities {
  /** Whether the client has the command that opens a report. */
  readonly falseAlarm?: boolean;
}

/** The actions for a range of an open document, the best first. */
export function codeActions(
  { session, path }: Placed,
  params: CodeActionParams,
  abilities: ActionAbilities,
  log: Log,
): readonly CodeAction[] {
  const { speech } = session;
  const file = speech.file(path);
  if (file === undefined) return [];
  const findings = session.findingsOf(path);
  const toEdit = (changes: Changes) =>
    workspaceEdit(changes, speech, abilities, (each) => session.document(each)?.version);
  const { only } = params.context;
  const actions: CodeAction[] = [];
  if (asksFor(only, CodeActionKind.QuickFix) || only === undefined) {
    const here = findings.filter((finding) => isAt(finding, params.range, speech));
    const fixes = here.flatMap((finding) =>
      quickFixes(finding, diagnosticOf(finding, params, speech), toEdit),
    );
    const comments = here.flatMap((finding) =>
      suppressions(finding, diagnosticOf(finding, params, speech), speech, toEdit),
    );
    actions.push(...fixes, ...unique(comments));
  }
  // What is wrong in a refactoring of ours does not cost the fixes.
  guardNow("refactorings", log, () => {
    actions.push(...refactorings({ session, path }, params, toEdit));
  })();
  if (asksFor(only, FIX_ALL)) actions.push(...fixAll(path, findings, toEdit));
  if (only === undefined && abilities.falseAlarm === true) {
    const here = findings.filter((finding) => isAt(finding, params.range, speech));
    actions.push(...reportAction(params.textDocument.uri, here, speech));
  }
  return actions;
}

type ToEdit = (changes: Changes) => CodeAction["edit"];

/** Whether a client that asks for some kinds wants this one: asking for `source` asks for `source.fixAll.x` too. */
const asksFor = (only: readonly string[] | undefined, kind: string): boolean =>
  only?.some((asked) => asked === "" || kind === asked || kind.startsWith(`${asked}.`)) ?? false;

function isAt(finding: Finding, range: Range, { file, encoding }: Speech): boolean {
  const lines = file(finding.at.file)?.lines;
  if (lines === undefined) return false;
  return (
    finding.at.start <= toOffset(lines, range.end, encoding) &&
    toOffset(lines, range.start, encoding) <= finding.at.end
  );
}

/** The diagnostic as the client knows it, else as it is now. */
function diagnosticOf(finding: Finding, { context }: CodeActionParams, speech: Speech): Diagnostic {
  return (
    context.diagnostics.find(({ data }) => fingerprintOf(data) === finding.fingerprint) ??
    findingDiagnostic(finding, speech)
  );
}

const fingerprintOf = (data: unknown): unknown =>
  typeof data === "object" && data !== null && "fingerprint" in data ? data.fingerprint : undefined;

function quickFixes(finding: Finding, diagnostic: Diagnostic, toEdit: ToEdit): readonly CodeAction[] {
  const preferred = finding.fixes.find(({ safety }) => safety === "safe");
  return finding.fixes.flatMap((fix) => {
    const edit = toEdit(fix);
    if (edit === undefined) return [];
    const isPreferred = fix === preferred ? { isPreferred: true } : {};
    return [
      { title: fix.title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], edit, ...isPreferred },
    ];
  });
}

function suppressions(
  finding: Finding,
  diagnostic: Diagnostic,
  speech: Speech,
  toEdit: ToEdit,
): readonly CodeAction[] {
  const file = speech.file(finding.at.file);
  if (file === undefined) return [];
  const action = (title: string, comment: TextEdit | undefined): readonly CodeAction[] => {
    const edit = comment === undefined ? undefined : toEdit({ edits: [comment], creates: [] });
    return edit === undefined
      ? []
      : [{ title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], edit }];
  };
  return [
    ...action(`Suppress ${finding.rule} on this line`, suppressLine(finding, file)),
    ...action(`Suppress ${finding.rule} in this file`, suppressFile(finding, file)),
  ];
}

const isRefactor = (kind: string): boolean => kind === "refactor" || kind.startsWith("refactor.");

/** What can be done on request; not asked for where the client wants other kinds alone. */
function refactorings(
  { session, path }: Pick<Placed, "session" | "path">,
  { range, context: { only } }: CodeActionParams,
  toEdit: ToEdit,
): readonly CodeAction[] {
  if (only?.some((kind) => kind === "" || isRefactor(kind)) === false) return [];
  const { speech } = session;
  const found = session.ask((analysis) => {
    const lines = speech.file(path)?.lines;
    if (lines === undefined) return [];
    const start = toOffset(lines, range.start, speech.encoding);
    return analysis.refactorings(path, start, toOffset(lines, range.end, speech.encoding));
  });
  return found.flatMap(({ title, kind, isProposal, edits, creates }) => {
    const review = isProposal ? title : undefined;
    const edit = only === undefined || asksFor(only, kind) ? toEdit({ edits, creates, review }) : undefined;
    return edit === undefined ? [] : [{ title, kind, edit }];
  });
}

/** Two findings of one rule at the cursor need one comment. */
function unique(actions: readonly CodeAction[]): readonly CodeAction[] {
  const seen = new Set<string>();
  return actions.filter((action) => {
    const key = JSON.stringify([action.title, action.edit]);
    return !seen.has(key) && seen.add(key);
  });
}

/** All safe fixes that change nothing but this file, as far as they don't get in each other's way. */
function fixAll(path: FilePath, findings: readonly Finding[], toEdit: ToEdit): readonly CodeAction[] {
  const own = findings.map((finding) => ({
    ...finding,
    fixes: finding.fixes.filter((fix) => isWithin(fix, path)),
  }));
  const edits = planFixes(own, true).edits.get(path);
  const edit = edits === undefined ? undefined : toEdit({ edits, creates: [] });
  return edit === undefined ? [] : [{ title: "Fix all safe gitlab-ci-docker findings", kind: FIX_ALL, edit }];
}

const isWithin = ({ edits, creates }: Changes, path: FilePath): boolean =>
  creates.length === 0 && edits.every(({ file }) => file === path);
