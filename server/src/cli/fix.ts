// Applies fixes in memory, round after round, until none is left.
import type { Analysis, FilePath, Finding, Fix, Report } from "../core/index";
import type { Loader } from "../host/load";
import { planFixes, textsOf } from "../host/write";

export interface FixOptions {
  readonly safeOnly: boolean;
  /** Which findings may be fixed. */
  readonly selects: (finding: Finding) => boolean;
  /** Which files may be changed or made. */
  readonly mayChange: (path: FilePath) => boolean;
}

export interface FixedFile {
  /** Undefined where the file is new. */
  readonly before: string | undefined;
  readonly after: string;
}

export interface Fixed {
  /** What is left to say. */
  readonly report: Report;
  /** Changed files with their text as it was and will be on disk, sorted by path. */
  readonly files: ReadonlyMap<FilePath, FixedFile>;
  readonly count: number;
}

/** A fix may make room for another one; fixes that go on making room for each other are stopped. */
const MAX_ROUNDS = 10;

/** Nothing is written. */
export function fixInMemory(
  loader: Loader,
  analysis: Analysis,
  first: Report,
  { safeOnly, selects, mayChange }: FixOptions,
): Fixed {
  const originals = new Map<FilePath, string | undefined>();
  const budget = createBudget();
  let report = first;
  let count = 0;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const findings = report.findings
      .filter((finding) => selects(finding))
      .map((finding) => withFixes(finding, (fix) => isWritable(fix, loader, mayChange)));
    budget.expect(findings);
    const open = findings.map((finding) => withFixes(finding, budget.isLeft));
    const plan = planFixes(open, safeOnly);
    const texts = textsOf(plan, (path) => loader.raw(path)?.text);
    if (texts.size === 0) break;
    for (const [path, text] of texts) {
      if (!originals.has(path)) originals.set(path, loader.raw(path)?.text);
      loader.setOverlay(path, { text });
    }
    plan.fixes.forEach(budget.spend);
    count += plan.count;
    report = loader.settle(analysis);
  }
  const paths = [...originals.keys()].sort();
  const files = paths.map((path): [FilePath, FixedFile] => {
    const before = originals.get(path);
    return [path, { before, after: loader.raw(path)?.text ?? "" }];
  });
  return { report, files: new Map(files.filter(([, { before, after }]) => before !== after)), count };
}

function withFixes(finding: Finding, isKept: (fix: Fix) => boolean): Finding {
  const fixes = finding.fixes.filter(isKept);
  return fixes.length === finding.fixes.length ? finding : { ...finding, fixes };
}

/** False for a fix that would touch a file whose bytes can't be written back as they were. */
const isWritable = (fix: Fix, loader: Loader, mayChange: (path: FilePath) => boolean): boolean =>
  fix.edits.every(({ file }) => mayChange(file) && loader.raw(file)?.lossless === true) &&
  fix.creates.every(({ file }) => mayChange(file));

interface Budget {
  /** Takes note of the fixes that are offered in a round. */
  readonly expect: (findings: readonly Finding[]) => void;
  readonly isLeft: (fix: Fix) => boolean;
  readonly spend: (fix: Fix) => void;
}

/**
 * A fix that is offered again after it was made did not help, and would be made in every round. So each is made as often
 * as it was offered at first: the same text in several places is several fixes.
 */
function createBudget(): Budget {
  const left = new Map<string, number>();
  const keys = new Map<Fix, string>();
  const leftOf = (fix: Fix): number => left.get(keys.get(fix) ?? "") ?? 0;
  return {
    expect(findings) {
      const offered = new Map<string, number>();
      for (const finding of findings) {
        for (const fix of finding.fixes) {
          const key = keyOf(finding, fix);
          keys.set(fix, key);
          offered.set(key, (offered.get(key) ?? 0) + 1);
        }
      }
      for (const [key, count] of offered) if (!left.has(key)) left.set(key, count);
    },
    isLeft: (fix) => leftOf(fix) > 0,
    spend: (fix) => void left.set(keys.get(fix) ?? "", leftOf(fix) - 1),
  };
}

/** What a fix does and against what, wherever the places have moved to. */
const keyOf = ({ rule, message, jobs }: Finding, { title, edits, creates }: Fix): string =>
  JSON.stringify([rule, message, jobs, title, edits.map(({ file, newText }) => [file, newText]), creates]);
