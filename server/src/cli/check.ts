// `check`: analyses, fixes where asked, prints, and says by its exit code whether something was found.
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  CONFIGURATION_FILE,
  DEFAULT_SETTINGS,
  SEVERITIES,
  jsonReport,
  textReport,
  type FilePath,
  type Finding,
  type Report,
  type ReportInput,
  type Severity,
  type SourceFile,
} from "../core/index";
import { createLoader, type Loader } from "../host/load";
import { createNodeHost } from "../host/node-host";
import { ruleUrl, VERSION } from "../host/version";
import { writeFile } from "../host/write";
import type { GivenOption } from "./args";
import { checkOptions, type CheckOptions, type Format } from "./check-options";
import { unifiedDiff } from "./diff";
import { fixInMemory, type Fixed } from "./fix";
import { EXIT, wantsColour, type ExitCode, type Io } from "./io";
import { createProgress } from "./progress";
import { rebase } from "./rebase";
import {
  commonRoot,
  configurationPath,
  readConfiguration,
  standardInput,
  targetsOf,
  type StandardInput,
  type Target,
} from "./targets";
import { UsageError } from "./usage-error";

/** Runs `check`. Throws a `UsageError` for what the user can put right. */
export function check(given: readonly GivenOption[], operands: readonly string[], io: Io): ExitCode {
  const options = checkOptions(given, operands);
  const started = performance.now();
  const progress = createProgress(io);
  const input = options.stdin ? standardInput(io.input(), options.stdinFilename, io.cwd) : undefined;
  const targets = input === undefined ? targetsOf(operands, io.cwd) : [targetOf(input, io.cwd)];
  const checked = targets.map((target) => checkTarget(target, input, options, io, progress.update));
  progress.clear();
  for (const each of checked) deliver(each, input, options, io);
  const root = commonRoot(targets.map((target) => target.root));
  const all = rebase(
    root,
    checked.map(({ target, report, loader }) => ({
      root: target.root,
      report,
      file: (path) => loader.file(path),
    })),
  );
  print(all.report, all.file, root, performance.now() - started, options, input, io);
  for (const remark of new Set(checked.flatMap(({ loader }) => loader.remarks())))
    io.err(`gitlab-ci-docker: ${remark}\n`);
  return exitCode(all.report, checked, options, io);
}

const targetOf = ({ root, path }: StandardInput, cwd: string): Target => ({
  root: root ?? cwd,
  only: new Set([path]),
});

interface Checked {
  readonly target: Target;
  readonly loader: Loader;
  /** Findings that were asked for, whatever their severity; after fixing, what is left. */
  readonly report: Report;
  readonly fixed: Fixed | undefined;
  readonly configuration: FilePath;
}

function checkTarget(
  target: Target,
  input: StandardInput | undefined,
  options: CheckOptions,
  io: Io,
  onProgress: (files: number) => void,
): Checked {
  const { loader, configuration } = loaderFor(
    input === undefined ? target.root : input.root,
    input,
    options,
    io,
    onProgress,
  );
  const analysis = io.createAnalysis(loader.workspace());
  const isMeant = (path: FilePath): boolean => target.only?.has(path) ?? true;
  const selects = ({ at, rule }: Finding): boolean => isMeant(at.file) && (options.rules?.has(rule) ?? true);
  const isShown = (finding: Finding): boolean =>
    selects(finding) && isAtLeast(finding.severity, options.minSeverity);
  const first = loader.settle(analysis);
  const fixed =
    options.fix === "none"
      ? undefined
      : fixInMemory(loader, analysis, first, { safeOnly: options.fix === "safe", selects: isShown });
  const left = options.diff || fixed === undefined ? first : fixed.report;
  const problems = left.problems.filter(({ at }) => isMeant(at.file) || at.file === configuration);
  return {
    target,
    loader,
    configuration,
    fixed,
    report: { ...left, findings: left.findings.filter(selects), problems },
  };
}

/** The loader of a root; `root` is undefined for standard input that belongs to no folder. */
function loaderFor(
  root: string | undefined,
  input: StandardInput | undefined,
  options: CheckOptions,
  io: Io,
  onProgress: (files: number) => void,
): Pick<Checked, "loader" | "configuration"> {
  const own = options.config === undefined ? undefined : readConfiguration(options.config, io.cwd);
  const configuration = own === undefined ? CONFIGURATION_FILE : configurationPath(root, own.full);
  const entry = root === undefined && input !== undefined && /\.ya?ml$/.test(input.path) ? [input.path] : [];
  const loader = createLoader({
    host: root === undefined ? undefined : createNodeHost(root),
    settings: { ...DEFAULT_SETTINGS, entry },
    ...(own === undefined ? {} : { configuration: { path: configuration, text: own.text } }),
    onProgress,
  });
  if (input !== undefined) loader.setOverlay(input.path, { text: input.text });
  return { loader, configuration };
}

/** SEVERITIES goes from the most serious to the least. */
const isAtLeast = (severity: Severity, least: Severity): boolean =>
  SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);

/** Writes what was fixed: into the files, to standard output, or as a diff. */
function deliver(
  { target, fixed }: Checked,
  input: StandardInput | undefined,
  options: CheckOptions,
  io: Io,
): void {
  if (fixed === undefined) return;
  if (options.diff) {
    for (const [path, { before, after }] of fixed.files) io.out(unifiedDiff(path, before, after));
    return;
  }
  if (input !== undefined) {
    io.out(fixed.files.get(input.path)?.after ?? input.text);
    return;
  }
  for (const [path, { before, after }] of fixed.files) writeUnlessChanged(target.root, path, before, after);
  if (fixed.count > 0 && !options.quiet)
    io.err(`fixed ${fixed.count} finding${fixed.count === 1 ? "" : "s"}\n`);
}

function writeUnlessChanged(root: string, path: FilePath, before: string | undefined, after: string): void {
  const now = createNodeHost(root).read(path);
  if (("text" in now ? now.text : undefined) !== before) {
    throw new UsageError(`\`${join(root, path)}\` changed while it was checked; nothing was written to it`);
  }
  writeOrExplain(root, path, after);
}

function writeOrExplain(root: string, path: FilePath, text: string): void {
  try {
    writeFile(root, path, text);
  } catch (error) {
    throw new UsageError(
      `\`${join(root, path)}\` can't be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function print(
  report: Report,
  file: (path: FilePath) => SourceFile | undefined,
  root: string,
  milliseconds: number,
  options: CheckOptions,
  input: StandardInput | undefined,
  io: Io,
): void {
  const shown = report.findings.filter((finding) => isAtLeast(finding.severity, options.minSeverity));
  const reportInput: ReportInput = {
    report: { ...report, findings: shown },
    file,
    root,
    version: VERSION,
    ruleUrl,
    milliseconds,
  };
  const hidden = report.findings.length - shown.length;
  // Standard output carries the fixed text or the diff where one was asked for; findings then go to standard error.
  const outIsTaken = options.diff || (input !== undefined && options.fix !== "none");
  for (const { format, file: target } of options.outputs) {
    const render = (colour: boolean): string => rendered(format, reportInput, colour, hidden, options.quiet);
    if (target !== undefined) writeOutput(resolve(io.cwd, target), render(false));
    else if (!outIsTaken) io.out(render(wantsColour(io)));
    else if (!options.diff) io.err(render(false));
  }
}

const rendered = (
  format: Format,
  input: ReportInput,
  colour: boolean,
  hidden: number,
  quiet: boolean,
): string => (format === "json" ? jsonReport(input) : textReport(input, { colour, hidden, quiet }));

function writeOutput(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(
      `\`${path}\` can't be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function exitCode(report: Report, checked: readonly Checked[], { failOn }: CheckOptions, io: Io): ExitCode {
  for (const { rule, subject, error } of report.faults) {
    io.err(`gitlab-ci-docker: error in rule ${rule} on ${subject}: ${error}\n`);
  }
  if (report.faults.length > 0) {
    io.err(`This is a fault of gitlab-ci-docker ${VERSION}; please report it with the lines above.\n`);
    return EXIT.fault;
  }
  const isBroken = checked.some(({ report: own, configuration }) =>
    own.problems.some(({ at, severity }) => severity === "error" && at.file === configuration),
  );
  if (isBroken) return EXIT.usage;
  const fails = failOn !== "never" && report.findings.some(({ severity }) => isAtLeast(severity, failOn));
  return fails ? EXIT.findings : EXIT.clean;
}
