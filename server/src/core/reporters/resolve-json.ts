// Effective jobs as JSON, for programs: `{"jobs": {"<name>": {<keyword>: <value>}}, "problems": […]}`.
import { jsonOf, type ResolvedPipelines } from "../analysis";
import type { Problem } from "../rules/rule";
import type { FilePath, SourceFile } from "../text/source-file";
import { placeJson } from "./place-json";

/** Indented by two blanks, with a line break at the end. */
export function resolveJson(
  { jobs }: Pick<ResolvedPipelines, "jobs">,
  problems: readonly Problem[],
  file: (path: FilePath) => SourceFile | undefined,
): string {
  const document = {
    jobs: Object.fromEntries(jobs.map(({ label, keywords }) => [label, jsonOf(keywords)])),
    problems: problems.map(({ at, message, severity }) => ({ ...placeJson(at, file), severity, message })),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
