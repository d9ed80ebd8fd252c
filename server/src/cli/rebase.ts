// Puts the reports of several roots together, with paths below the folder that holds them all.
import type { FilePath, Finding, Fix, Place, Report, SourceFile } from "../core/index";
import { pathBelow } from "./targets";

export interface RootedReport {
  readonly root: string;
  readonly report: Report;
  readonly file: (path: FilePath) => SourceFile | undefined;
}

export interface CombinedReport {
  readonly report: Report;
  readonly file: (path: FilePath) => SourceFile | undefined;
}

/** Joins reports in their order. One report whose root is `root` stays as it is. */
export function rebase(root: string, reports: readonly RootedReport[]): CombinedReport {
  const [only, second] = reports;
  if (only !== undefined && second === undefined && only.root === root) return only;
  const moved = reports.map((each) => {
    const below = pathBelow(root, each.root);
    const move = (path: FilePath): FilePath => (below === "" ? path : `${below}/${path}`);
    return { ...each, move, report: moveReport(each.report, move) };
  });
  const all = moved.map(({ report }) => report);
  return {
    file: (path) => {
      for (const { root: own, file } of moved) {
        const prefix = pathBelow(root, own);
        const found =
          prefix === ""
            ? file(path)
            : path.startsWith(`${prefix}/`)
              ? file(path.slice(prefix.length + 1))
              : undefined;
        if (found !== undefined) return found;
      }
      return undefined;
    },
    report: {
      findings: all.flatMap(({ findings }) => findings),
      problems: all.flatMap(({ problems }) => problems),
      faults: all.flatMap(({ faults }) => faults),
      files: [...new Set(all.flatMap(({ files }) => files))],
      jobs: all.reduce((sum, { jobs }) => sum + jobs, 0),
      suppressed: all.reduce((sum, { suppressed }) => sum + suppressed, 0),
    },
  };
}

type Move = (path: FilePath) => FilePath;

function moveReport(report: Report, move: Move): Report {
  const place = <P extends Place>(at: P): P => ({ ...at, file: move(at.file) });
  const finding = (each: Finding): Finding => ({
    ...each,
    at: place(each.at),
    related: each.related.map((note) => ({ ...note, at: place(note.at) })),
    fixes: each.fixes.map((fix): Fix => ({
      ...fix,
      edits: fix.edits.map(place),
      creates: fix.creates.map((create) => ({ ...create, file: move(create.file) })),
    })),
  });
  return {
    ...report,
    findings: report.findings.map(finding),
    problems: report.problems.map((problem) => ({ ...problem, at: place(problem.at) })),
    files: report.files.map(move),
  };
}
