// Makes findings of reports: places them, merges what is the same, applies settings and suppression comments, and sorts.
import type { ChunkEdit, TextEdit } from "../text/edit";
import type { Place } from "../text/located";
import type { FilePath, SourceFile } from "../text/source-file";
import type { Severity } from "../settings/settings";
import type { Confidence, Finding, Fix, FixDraft } from "./rule";
import { hashText } from "./fingerprint";
import { unusedSuppression } from "./files/unused-suppression";
import { fewRelated } from "./related";
import { placeReport, type Placed, type PlaceOf, type RelatedPlace } from "./place";
import { levelOf, type RawReport } from "./run";
import { severityOf, type SelectedRule } from "./select";
import { suppress, unusedSuppressions, type FileComments } from "./suppress";

export interface AssembleEnv {
  /** The place of an origin in its file; undefined when its chunk is in no file that can be opened. */
  readonly placeOf: PlaceOf;
  readonly file: (path: FilePath) => SourceFile | undefined;
  /** Rules that are switched on. */
  readonly selected: readonly SelectedRule[];
  /** Every rule id there is, switched on or not. */
  readonly known: ReadonlySet<string>;
  /** Ids of rules that failed somewhere: whether their suppressions are used can't be told. */
  readonly faulted: ReadonlySet<string>;
  /** Suppression comments of every file that was checked. */
  readonly comments: ReadonlyMap<FilePath, FileComments>;
}

export interface Assembled {
  /** Sorted by file, place, rule. */
  readonly findings: readonly Finding[];
  /** Number of findings that comments silence. */
  readonly suppressed: number;
}

type Draft = Omit<Finding, "fingerprint">;

/** Findings of all reports. Reports that lie in no file, or whose rule is switched off, are left out. */
export function assemble(raw: readonly RawReport[], env: AssembleEnv): Assembled {
  const selected = new Map(env.selected.map((each) => [each.rule.id, each]));
  const merged = mergeReports(
    raw.filter(({ rule }) => selected.has(rule.id)),
    env.placeOf,
  );
  const drafts = merged.map((group) => draftOf(group, selected.get(group.first.rule.id)?.severity));
  const { kept, count, used } = suppress(drafts, env.comments);
  const unused = unusedDrafts(env, used, selected);
  const quiet = suppress(unused, env.comments);
  return {
    findings: withFingerprints([...kept, ...quiet.kept].sort(byPlace), env),
    suppressed: count + quiet.count,
  };
}

interface Group {
  readonly first: RawReport;
  readonly placed: Placed;
  readonly jobs: Set<string>;
  /** By title: where each job needs an edit of its own, the fix makes all of them. */
  readonly fixes: Map<string, Fix>;
  /** By place and message, in order of arrival. */
  readonly related: Map<string, RelatedPlace>;
  severity: Severity;
  confidence: Confidence;
}

/** Reports of one rule with equal place and message are one finding, used by many jobs. */
function mergeReports(raw: readonly RawReport[], placeOf: PlaceOf): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const each of raw) {
    const placed = placeReport(each, placeOf);
    if (placed === undefined) continue;
    const { rule, report, severity } = each;
    const confidence = report.confidence ?? "certain";
    const key = [rule.id, placed.at.file, placed.at.start, placed.at.end, report.message].join("\0");
    const group = groups.get(key) ?? {
      first: each,
      jobs: new Set<string>(),
      fixes: new Map<string, Fix>(),
      related: new Map<string, RelatedPlace>(),
      placed,
      severity,
      confidence,
    };
    groups.set(key, group);
    addFixes(group, report.fixes ?? [], placeOf);
    if (each.job !== undefined) group.jobs.add(each.job);
    addRelated(group, placed);
    if (levelOf(severity) > levelOf(group.severity)) group.severity = severity;
    if (confidence === "certain") group.confidence = confidence;
  }
  return [...groups.values()];
}

function addRelated(group: Group, placed: Placed): void {
  for (const each of placed.related) {
    const key = `${each.at.file}\0${each.at.start}\0${each.at.end}\0${each.message}`;
    if (!group.related.has(key)) group.related.set(key, each);
  }
}

/** Edits of equal fixes are united; equal edits are made once, and an edit in the way of another is left out. */
function addFixes(group: Group, drafts: readonly FixDraft[], placeOf: PlaceOf): void {
  for (const draft of drafts) {
    const fix = toFix(draft, placeOf);
    if (fix === undefined) continue;
    const before = group.fixes.get(fix.title);
    if (before === undefined) group.fixes.set(fix.title, fix);
    else if (!fix.edits.some((edit) => before.edits.some((other) => overlaps(edit, other)))) {
      const edits = fix.edits.filter((edit) => !before.edits.some((other) => sameEdit(edit, other)));
      const creates = fix.creates.filter(({ file }) => !before.creates.some((other) => other.file === file));
      group.fixes.set(fix.title, {
        ...before,
        edits: [...before.edits, ...edits],
        creates: [...before.creates, ...creates],
      });
    }
  }
}

const sameEdit = (a: TextEdit, b: TextEdit): boolean =>
  a.file === b.file && a.start === b.start && a.end === b.end && a.newText === b.newText;

const overlaps = (a: TextEdit, b: TextEdit): boolean =>
  a.file === b.file && a.start < b.end && b.start < a.end && !sameEdit(a, b);

function draftOf(group: Group, set: Severity | undefined): Draft {
  const { rule, report } = group.first;
  return {
    rule: rule.id,
    severity: severityOf(group.severity, rule.severity, set),
    confidence: group.confidence,
    message: report.message,
    at: group.placed.at,
    jobs: visibleFirst([...group.jobs]),
    related: fewRelated([...group.related.values()]),
    fixes: [...group.fixes.values()],
  };
}

/** A hidden job runs in those that extend it: it is named only where no job that runs is. */
function visibleFirst(jobs: readonly string[]): readonly string[] {
  const visible = jobs.filter((name) => !name.startsWith("."));
  return visible.length > 0 ? visible : jobs;
}

/**
 * Undefined when one of its edits has no place: half a fix is worse than none. So too when one would write over
 * `$[[ inputs.x ]]`, which is something else wherever the file is included.
 */
export function toFix(fix: FixDraft, placeOf: PlaceOf): Fix | undefined {
  if (fix.edits.some(losesInput)) return undefined;
  const edits = fix.edits.map((edit) => toTextEdit(edit, placeOf));
  const placed = edits.filter((edit) => edit !== undefined);
  if (placed.length < edits.length) return undefined;
  return { title: fix.title, safety: fix.safety, edits: placed, creates: fix.creates ?? [] };
}

function losesInput({ chunk, start, end, newText }: ChunkEdit): boolean {
  const inputs = chunk.text.slice(start, end).match(/\$\[\[.*?\]\]/g) ?? [];
  return inputs.some((input) => !newText.includes(input));
}

function toTextEdit(edit: ChunkEdit, placeOf: PlaceOf): TextEdit | undefined {
  const place = placeOf({ chunk: edit.chunk, start: edit.start, end: edit.end });
  return place === undefined ? undefined : { ...place, newText: edit.newText };
}

function unusedDrafts(
  env: AssembleEnv,
  used: ReturnType<typeof suppress>["used"],
  selected: ReadonlyMap<string, SelectedRule>,
): readonly Draft[] {
  const self = selected.get(unusedSuppression.id);
  if (self === undefined) return [];
  const ran = new Set([...selected.keys()].filter((id) => !env.faulted.has(id)));
  return unusedSuppressions(env.comments, used, ran, env.known).map(({ at, message, fix }) => ({
    rule: unusedSuppression.id,
    severity: self.severity ?? unusedSuppression.severity,
    confidence: "certain",
    message,
    at,
    jobs: [],
    related: [],
    fixes: [fix],
  }));
}

function byPlace(a: Draft, b: Draft): number {
  return (
    compareText(a.at.file, b.at.file) ||
    a.at.start - b.at.start ||
    a.at.end - b.at.end ||
    compareText(a.rule, b.rule) ||
    compareText(a.message, b.message)
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The hash covers what stays when lines above it change; equal texts are told apart by their order in the file. */
function withFingerprints(drafts: readonly Draft[], env: AssembleEnv): readonly Finding[] {
  const seen = new Map<string, number>();
  return drafts.map((draft) => {
    const key = `${draft.rule}\0${draft.at.file}\0${writtenAt(draft.at, env)}`;
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    return { ...draft, fingerprint: hashText(`${key}\0${ordinal}`) };
  });
}

const writtenAt = (at: Place, env: AssembleEnv): string =>
  env.file(at.file)?.text.slice(at.start, at.end) ?? "";
