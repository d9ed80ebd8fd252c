// `resolve`: the effective jobs, as GitLab sees them.
import { effectiveYaml, resolveJson, type Problem } from "../core/index";
import { valueOf, type GivenOption } from "./args";
import { EXIT, type ExitCode, type Io } from "./io";
import { askPipelines, complaints, printProblems } from "./pipelines";

/** Prints the jobs of the pipelines in this folder: all visible ones, or those of the names. An unknown name is a `UsageError`. */
export function resolve(given: readonly GivenOption[], names: readonly string[], io: Io): ExitCode {
  const { answer, loader, report } = askPipelines(given, names, io, (analysis, wanted) =>
    analysis.resolve(wanted),
  );
  const file = (path: string) => loader.file(path);
  const problems = complaints(report, answer);
  if (valueOf(given, "format") === "json") io.out(resolveJson(answer, problems, file));
  else {
    io.out(effectiveYaml(answer.jobs, file).text);
    printProblems(problems.filter(isWorthSaying), file, io);
  }
  return EXIT.clean;
}

/** Beside jobs that people read, hints only distract. */
const isWorthSaying = ({ severity }: Problem): boolean => severity !== "hint";
