// Applies fixes in memory, round after round, until none is left.
import type { Analysis, FilePath, Finding, Report } from "../core/index";
import type { Loader } from "../host/load";
import { planFixes, textsOf } from "../host/write";

export interface FixOptions {
  readonly safeOnly: boolean;
  /** Which findings may be fixed. */
  readonly selects: (finding: Finding) => boolean;
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
  { safeOnly, selects }: FixOptions,
): Fixed {
  const originals = new Map<FilePath, string | undefined>();
  let report = first;
  let count = 0;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const findings = report.findings
      .filter((finding) => selects(finding))
      .map((finding) => writable(finding, loader));
    const plan = planFixes(findings, safeOnly);
    const texts = textsOf(plan, (path) => loader.raw(path)?.text);
    if (texts.size === 0) break;
    for (const [path, text] of texts) {
      if (!originals.has(path)) originals.set(path, loader.raw(path)?.text);
      loader.setOverlay(path, { text });
    }
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

/** Without the fixes that would touch a file whose bytes can't be written back as they were. */
function writable(finding: Finding, loader: Loader): Finding {
  const fixes = finding.fixes.filter((fix) =>
    fix.edits.every(({ file }) => loader.raw(file)?.lossless === true),
  );
  return fixes.length === finding.fixes.length ? finding : { ...finding, fixes };
}
