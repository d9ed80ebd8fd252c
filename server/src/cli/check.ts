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
import { writableTarget, writeFile } from "../host/write";
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
  isTold,
  readConfiguration,
  standardInput,
  targetsOf,
  type StandardInput,
  type Target,
} from "./targets";
import { unreadRemarks } from "./unread";
import { UsageError } from "./usage-error";

/** Runs `check`. Throws a `UsageError` for what the user can put right. */
export function check(given: readonly GivenOption[], operands: readonly string[], io: Io): ExitCode {
  const options = checkOptions(given, operands);
  const started = performance.now();
  const progress = createProgress(io);
  const input = options.stdin ? standardInput(io.input(), options.stdinFilename, io.cwd) : undefined;
  const targets = input === undefined ? targetsOf(operands, io.cwd) : [targetOf(input, io.cwd)];
  // One after the other: where roots lie within each other, the next one must see what the last one wrote.
  const checked = targets.map((target) => {
    const each = checkTarget(target, targets, input, options, io, progress.update);
    progress.clear();
    deliver(each, input, options, io);
    return each;
  });
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
  const remarks = checked.flatMap((each) => [
    ...each.loader.remarks(),
    ...unreadRemarks(each.target, each.report, each.loader, io.cwd),
  ]);
  for (const remark of new Set(remarks)) io.err(`gitlab-ci-docker: ${remark}\n`);
  return exitCode(all.report, checked, options, io);
}

const targetOf = ({ root, path }: StandardInput, cwd: string): Target => ({
  root: root ?? cwd,
  files: new Set([path]),
  folders: [],
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
  targets: readonly Target[],
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
  const isMeant = (path: FilePath): boolean => isTold(target, targets, path);
  const selects = ({ at, rule }: Finding): boolean => isMeant(at.file) && (options.rules?.has(rule) ?? true);
  const isShown = (finding: Finding): boolean =>
    selects(finding) && isAtLeast(finding.severity, options.minSeverity);
  const first = loader.settle(analysis);
  const fixed =
    options.fix === "none"
      ? undefined
      : fixInMemory(loader, analysis, first, {
          safeOnly: options.fix === "safe",
          selects: isShown,
          // Standard output has room for one file.
          mayChange: (path) => input === undefined || path === input.path,
        });
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
  const findings = `${fixed.count} finding${fixed.count === 1 ? "" : "s"}`;
  if (options.diff) {
    for (const [path, { before, after }] of fixed.files) io.out(unifiedDiff(path, before, after));
    if (!options.quiet) io.err(`${findings} would be fixed\n`);
    return;
  }
  if (input !== undefined) {
    io.out(fixed.files.get(input.path)?.after ?? input.text);
    return;
  }
  writeAll(target.root, fixed.files);
  if (fixed.count > 0 && !options.quiet) io.err(`fixed ${findings}\n`);
}

/** Writes nothing at all where one of the files can't be written: half of a fix may be worse than none. */
function writeAll(root: string, files: Fixed["files"]): void {
  const host = createNodeHost(root);
  for (const [path, { before }] of files) {
    const now = host.read(path);
    if (("text" in now ? now.text : undefined) !== before) {
      throw new UsageError(`\`${join(root, path)}\` changed while it was checked; nothing was written to it`);
    }
    explaining(join(root, path), () => writableTarget(root, path));
  }
  for (const [path, { after }] of files) explaining(join(root, path), () => writeFile(root, path, after));
}

/** What keeps a file from being written is for the user to put right. */
function explaining(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new UsageError(
      `\`${path}\` can't be written: ${error instanceof Error ? error.message : String(error)}`,
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
  const shown = report.findings.filter(({ severity }) => isAtLeast(severity, options.minSeverity));
  const problems = report.problems.filter(({ severity }) => isAtLeast(severity, options.minProblem));
  const reportInput: ReportInput = {
    report: { ...report, findings: shown, problems },
    file,
    root,
    version: VERSION,
    ruleUrl,
    milliseconds,
  };
  const hidden = report.findings.length - shown.length + report.problems.length - problems.length;
  // Standard output carries the fixed text or the diff where one was asked for; findings then go to standard error.
  const outIsTaken = options.diff || (input !== undefined && options.fix !== "none");
  for (const { format, file: target } of options.outputs) {
    const render = (colour: boolean): string => rendered(format, reportInput, colour, hidden, options.quiet);
    if (target !== undefined)
      explaining(resolve(io.cwd, target), () => writeFileSync(resolve(io.cwd, target), render(false)));
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
  // What could not be read was not checked either: that must not pass for clean.
  const said = [...report.findings, ...report.problems];
  const fails = failOn !== "never" && said.some(({ severity }) => isAtLeast(severity, failOn));
  return fails ? EXIT.findings : EXIT.clean;
}
