// Compares findings with the marks of a case.
import type { Finding } from "../../server/src/core/rules/rule";
import { createLineIndex, type LineIndex } from "../../server/src/core/text/line-index";
import type { Place } from "../../server/src/core/text/located";
import type { FixtureCase, FixtureFile } from "./fixture";
import type { Mark } from "./marks";

export interface Comparison {
  /** What is wrong, one text each; empty when everything fits. */
  readonly failures: readonly string[];
  /** Marks whose place fits and whose message does not: what an update rewrites. */
  readonly outdated: readonly { readonly mark: Mark; readonly message: string }[];
}

/** Every mark must be met by one finding, and every finding by one mark. */
export function compare(fixture: FixtureCase, findings: readonly Finding[]): Comparison {
  const files = new Map(
    fixture.files.map((file) => [file.path, { file, lines: createLineIndex(file.text) }]),
  );
  const marks = fixture.files.flatMap((file) => file.marks.map((mark) => ({ file, mark })));
  const failures: string[] = [];
  const outdated: { mark: Mark; message: string }[] = [];
  const open = new Set(findings);
  for (const { file, mark } of marks.filter((each) => each.mark.kind === "finding")) {
    const at = [...open].filter(
      (finding) => finding.rule === mark.rule && fits(finding.at, mark, file, files),
    );
    const finding = at.find((each) => saysAs(mark, each.message)) ?? at[0];
    if (finding === undefined) {
      failures.push(`missing: ${describeMark(file, mark)}`);
      continue;
    }
    open.delete(finding);
    if (!saysAs(mark, finding.message)) {
      failures.push(`other message: ${describeMark(file, mark)}\n    says: ${finding.message}`);
      outdated.push({ mark, message: finding.message });
    }
    if (mark.severity !== undefined && mark.severity !== finding.severity) {
      failures.push(`other severity: ${describeMark(file, mark)} is ${finding.severity}`);
    }
  }
  for (const finding of open) failures.push(`not marked: ${describeFinding(finding, files)}`);
  const related = findings.flatMap((finding) => finding.related);
  for (const { file, mark } of marks.filter((each) => each.mark.kind === "related")) {
    const at = related.filter((each) => fits(each.at, mark, file, files));
    if (at.some((each) => saysAs(mark, each.message))) continue;
    failures.push(
      `missing related place: ${describeMark(file, mark)}${at.map((each) => `\n    says: ${each.message}`).join("")}`,
    );
    const [first] = at;
    if (first !== undefined) outdated.push({ mark, message: first.message });
  }
  return { failures, outdated };
}

type FileTable = ReadonlyMap<string, { readonly file: FixtureFile; readonly lines: LineIndex }>;

const saysAs = (mark: Mark, message: string): boolean =>
  mark.message === undefined || message.includes(mark.message);

/** A mark covers the place exactly; of a place over several lines the part on the first; an empty place takes one `^`. */
function fits(place: Place, mark: Mark, file: FixtureFile, files: FileTable): boolean {
  const lines = files.get(place.file)?.lines;
  if (lines === undefined || place.file !== file.path) return false;
  const start = lines.positionAt(place.start);
  const end = lines.positionAt(place.end);
  if (start.line !== mark.line || start.character !== mark.start) return false;
  const lastColumn = end.line === start.line ? end.character : lines.lineText(start.line).length;
  return Math.max(lastColumn, start.character + 1) === mark.end;
}

const describeMark = (file: FixtureFile, mark: Mark): string =>
  `${file.path}:${mark.line + 1}:${mark.start + 1}-${mark.end + 1} ${mark.rule} ${mark.message ?? ""} (line ${mark.pageLine + 1} of the page)`;

function describeFinding(finding: Finding, files: FileTable): string {
  const lines = files.get(finding.at.file)?.lines;
  const start = lines?.positionAt(finding.at.start);
  const end = lines?.positionAt(finding.at.end);
  const range =
    start === undefined || end === undefined
      ? ""
      : `${start.line + 1}:${start.character + 1}-${end.line === start.line ? "" : `${end.line + 1}:`}${end.character + 1}`;
  return `${finding.at.file}:${range} ${finding.rule} [${finding.severity}]: ${finding.message}`;
}
