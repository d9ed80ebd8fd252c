// Findings for people: one paragraph each, with a code frame, the jobs it concerns and the places it came by.
import type { Finding, Place, Problem } from "../rules/rule";
import type { Severity } from "../settings/settings";
import { frameOf } from "./frame";
import { countSeverities, linePlace, type ReportInput } from "./reporter";
import { printable } from "./terminal-text";

export interface TextOptions {
  readonly colour: boolean;
  /** Leaves out the summary, so that nothing is printed where nothing was found. */
  readonly quiet?: boolean;
  /** Findings that were left out before, for the summary. */
  readonly hidden?: number;
}

/** The report as text with a line break at the end; empty where `quiet` leaves nothing to say. */
export function textReport(input: ReportInput, options: TextOptions): string {
  const paint = painter(options.colour);
  const paragraphs = [
    ...input.report.problems.map((problem) => problemText(problem, input, paint)),
    ...input.report.findings.map((finding) => findingText(finding, input, paint)),
    ...(options.quiet === true ? [] : [summaryText(input, options.hidden ?? 0, paint)]),
  ];
  return paragraphs.length === 0 ? "" : `${paragraphs.join("\n\n")}\n`;
}

type Style = "bold" | "dim" | "blue" | Severity;
type Paint = (style: Style, text: string) => string;

/** https://en.wikipedia.org/wiki/ANSI_escape_code#SGR_(Select_Graphic_Rendition)_parameters */
const CODES: Readonly<Record<Style, string>> = {
  bold: "1",
  dim: "2",
  blue: "1;34",
  error: "1;31",
  warning: "1;33",
  info: "1;36",
  hint: "1;35",
};

const painter =
  (colour: boolean): Paint =>
  (style, text) =>
    colour && text !== "" ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;

function findingText(finding: Finding, input: ReportInput, paint: Paint): string {
  const head = `${paint(finding.severity, finding.severity)}${paint("dim", `[${finding.rule}]`)}`;
  return [
    `${placeText(finding.at, input, paint)} ${head} ${paint("bold", printable(finding.message))}`,
    ...frameText(finding.at, finding.severity, input, paint),
    ...notesOf(finding, input).map((note) => `${paint("blue", "  =")} ${note}`),
  ].join("\n");
}

function problemText(problem: Problem, input: ReportInput, paint: Paint): string {
  const head = paint(problem.severity, problem.severity);
  return [
    `${placeText(problem.at, input, paint)} ${head} ${paint("bold", printable(problem.message))}`,
    ...frameText(problem.at, problem.severity, input, paint),
  ].join("\n");
}

function placeText(place: Place, input: ReportInput, paint: Paint): string {
  const { line, column } = linePlace(input.file(place.file), place.start);
  return `${paint("bold", printable(place.file))}:${line}:${column}`;
}

function frameText(place: Place, severity: Severity, input: ReportInput, paint: Paint): readonly string[] {
  const file = input.file(place.file);
  if (file === undefined || file.text === "") return [];
  const frame = frameOf(file, place);
  const number = String(frame.line);
  const edge = paint("blue", `${" ".repeat(number.length)} |`);
  return [
    edge,
    `${paint("blue", `${number} |`)} ${frame.source}`,
    `${edge} ${paint(severity, frame.marker)}`,
  ];
}

const MOST_JOBS = 6;

function notesOf(finding: Finding, input: ReportInput): readonly string[] {
  const notes = finding.related.map(({ at, message }) => {
    const { line, column } = linePlace(input.file(at.file), at.start);
    return `${printable(at.file)}:${line}:${column}: ${printable(message)}`;
  });
  if (finding.jobs.length > 0) notes.unshift(jobsText(finding.jobs));
  const fix =
    finding.fixes.find(({ safety }) => safety === "safe") ??
    finding.fixes.find(({ safety }) => safety === "suggested");
  if (fix !== undefined) {
    notes.push(
      `fixable with ${fix.safety === "safe" ? "--fix" : "--fix-suggested"}: ${printable(fix.title)}`,
    );
  }
  return notes;
}

function jobsText(jobs: readonly string[]): string {
  const shown = jobs.slice(0, MOST_JOBS).map(printable).join(", ");
  const more = jobs.length - MOST_JOBS;
  return `${jobs.length === 1 ? "job" : "jobs"}: ${shown}${more > 0 ? ` and ${more} more` : ""}`;
}

function summaryText(input: ReportInput, hidden: number, paint: Paint): string {
  const { findings, problems, files, jobs, suppressed } = input.report;
  const counts = countSeverities(findings);
  const severities: readonly Severity[] = ["error", "warning", "info", "hint"];
  const found = severities
    .filter((severity) => counts[severity] > 0)
    .map((severity) => paint(severity, counted(counts[severity], severity)));
  const fixable = findings.filter(({ fixes }) => fixes.some(({ safety }) => safety === "safe")).length;
  const rest = [
    ...(problems.length > 0 ? [counted(problems.length, "problem")] : []),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
    ...(hidden > 0 ? [`${hidden} below --min-severity`] : []),
    ...(fixable > 0 ? [`${fixable} fixable with --fix`] : []),
  ];
  const total = found.length === 0 ? "no findings" : found.join(", ");
  const scope = `${counted(files.length, "file")}, ${counted(jobs, "job")}`;
  return `${scope}: ${[total, ...rest].join("; ")}`;
}

/** "1 error", "2 errors", "3 info". */
const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 || noun === "info" ? "" : "s"}`;
