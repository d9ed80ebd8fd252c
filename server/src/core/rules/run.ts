// Runs one rule on one subject. An exception costs that rule on that subject only: it becomes a fault, never a crash.
import type { Severity } from "../settings/settings";
import type { Job } from "../model/pipeline/job";
import type { Fault, AnyRule, Report, RuleContext, RuleMeta, Subject, Subjects } from "./rule";

/** A report with what the subject says about it; settings, places and merging come later (`assemble`). */
export interface RawReport {
  readonly rule: RuleMeta;
  readonly report: Report;
  readonly severity: Severity;
  /** The job that was looked at; undefined where the subject is no job. */
  readonly job: string | undefined;
}

export interface Checked {
  readonly reports: readonly RawReport[];
  readonly fault?: Fault;
}

/** A rule together with a subject of the kind that it inspects. */
export type Check = { [S in Subject]: { readonly inspects: S; readonly subject: Subjects[S] } }[Subject];

/**
 * Runs a rule on a subject. A rule that inspects another kind of subject, or does not judge templates, says nothing.
 * Reports that were made before an exception stay.
 */
export function checkSubject(rule: AnyRule, check: Check, ctx: RuleContext): Checked {
  // Nearly every rule says nothing about nearly every subject: that costs no memory.
  let reports: RawReport[] | undefined;
  const job = check.inspects === "job" ? check.subject : undefined;
  try {
    for (const report of reportsOf(rule, check, ctx)) {
      const about = report.job ?? job;
      (reports ??= []).push({
        rule,
        report,
        severity: severityFor(rule, report, about),
        job: about?.name,
      });
    }
  } catch (error) {
    const fault = { rule: rule.id, subject: nameOf(check), error: textOfError(error) };
    return { reports: reports ?? [], fault };
  }
  return reports === undefined ? SILENT : { reports };
}

const SILENT: Checked = { reports: [] };

function reportsOf(rule: AnyRule, check: Check, ctx: RuleContext): Iterable<Report> {
  const isTemplate = check.inspects === "job" && check.subject.isHidden;
  if (isTemplate && rule.alsoTemplates !== true) return [];
  if (rule.inspects !== check.inspects) return moreReportsOf(rule, check, ctx);
  // Rule and subject are of one kind, as was just asked; a union of pairs cannot express that.
  const fitting = rule as unknown as { check: AnyCheck };
  return fitting.check(check.subject, ctx);
}

function moreReportsOf(rule: AnyRule, check: Check, ctx: RuleContext): Iterable<Report> {
  // The check under a subject's name takes that subject; a lookup by a union of names cannot express that.
  const fitting = rule.alsoInspects?.[check.inspects] as AnyCheck | undefined;
  return fitting?.(check.subject, ctx) ?? [];
}

type AnyCheck = (subject: Check["subject"], ctx: RuleContext) => Iterable<Report>;

const LEVELS: readonly Severity[] = ["hint", "info", "warning", "error"];

/** Rank of a severity: "hint" is 0, "error" is 3. */
export const levelOf = (severity: Severity): number => LEVELS.indexOf(severity);

/** The next severity below; a hint stays a hint. */
export const lower = (severity: Severity): Severity => LEVELS[Math.max(levelOf(severity) - 1, 0)] ?? "hint";

function severityFor(rule: AnyRule, report: Report, job: Job | undefined): Severity {
  const own = report.severity ?? rule.severity;
  if (job === undefined) return own;
  if (job.isHidden) return lower(own);
  return own === "error" && rule.rejectsPipeline !== true && allowsFailure(job) ? "warning" : own;
}

function allowsFailure(job: Job): boolean {
  const value = job.keywords.get("allow_failure")?.value;
  return value?.kind === "scalar" && value.node.value === true;
}

const nameOf = (check: Check): string => {
  switch (check.inspects) {
    case "job":
      return check.subject.name;
    case "pipeline":
      return check.subject.root;
    default:
      return check.subject.path;
  }
};

const textOfError = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
