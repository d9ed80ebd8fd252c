// Findings as JSON, for programs. The format is versioned; fields are only ever added to a version.
import type { Finding, Fix, Place, Problem } from "../rules/rule";
import { countSeverities, linePlace, type ReportInput } from "./reporter";

/** The whole report, indented by two blanks, with a line break at the end. Lines and columns count from 1. */
export function jsonReport(input: ReportInput): string {
  const { report } = input;
  const document = {
    version: 1,
    root: input.root,
    tool: { name: "gitlab-ci-docker", version: input.version },
    findings: report.findings.map((finding) => findingJson(finding, input)),
    problems: report.problems.map((problem) => problemJson(problem, input)),
    summary: {
      files: report.files.length,
      jobs: report.jobs,
      ...countSeverities(report.findings),
      suppressed: report.suppressed,
      milliseconds: Math.round(input.milliseconds),
    },
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function findingJson(finding: Finding, input: ReportInput) {
  return {
    rule: finding.rule,
    severity: finding.severity,
    confidence: finding.confidence,
    message: finding.message,
    ...placeJson(finding.at, input),
    jobs: finding.jobs,
    related: finding.related.map(({ at, message }) => ({ ...placeJson(at, input), message })),
    fixes: finding.fixes.map((fix) => fixJson(fix, input)),
    fingerprint: finding.fingerprint,
    url: input.ruleUrl(finding.rule),
  };
}

const problemJson = ({ at, message, severity }: Problem, input: ReportInput) => ({
  ...placeJson(at, input),
  severity,
  message,
});

/** A file that a fix creates is an edit of a file that isn't there, which says `create`. */
function fixJson(fix: Fix, input: ReportInput) {
  const edits = fix.edits.map(({ file, start, end, newText }) => ({
    ...placeJson({ file, start, end }, input),
    newText,
  }));
  const creates = fix.creates.map(({ file, text }) => ({
    file,
    range: BEGINNING,
    newText: text,
    create: true,
  }));
  return { title: fix.title, safety: fix.safety, edits: [...edits, ...creates] };
}

const BEGINNING = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };

function placeJson({ file: path, start, end }: Place, input: ReportInput) {
  const file = input.file(path);
  return { file: path, range: { start: linePlace(file, start), end: linePlace(file, end) } };
}
