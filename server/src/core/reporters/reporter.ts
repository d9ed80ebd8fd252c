// What every reporter gets, and what they share. A reporter is a plain function from this input to a string.
import type { Report } from "../analysis";
import type { Finding } from "../rules/rule";
import type { FilePath, SourceFile } from "../text/source-file";
import type { Severity } from "../settings/settings";

export interface ReportInput {
  readonly report: Pick<Report, "findings" | "problems" | "files" | "jobs" | "suppressed">;
  /** The files that the report is about; undefined for one that could not be read. */
  readonly file: (path: FilePath) => SourceFile | undefined;
  /** The folder that all paths are relative to. */
  readonly root: string;
  /** Version of this program. */
  readonly version: string;
  /** Address of a rule's page. */
  readonly ruleUrl: (rule: string) => string;
  /** How long the analysis took. */
  readonly milliseconds: number;
}

/** Number of findings of each severity. */
export function countSeverities(findings: readonly Finding[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0, hint: 0 };
  for (const finding of findings) counts[finding.severity] += 1;
  return counts;
}

/** Line and column, both counted from 1, the column in UTF-16 units. The beginning where the file is not known. */
export function linePlace(
  file: SourceFile | undefined,
  offset: number,
): { readonly line: number; readonly column: number } {
  const position = file?.lines.positionAt(offset) ?? { line: 0, character: 0 };
  return { line: position.line + 1, column: position.character + 1 };
}
