// What `resolve` and `commands` share: they load this folder's pipelines and ask about the jobs that were named.
import {
  CONFIGURATION_FILE,
  DEFAULT_SETTINGS,
  didYouMean,
  textReport,
  type Analysis,
  type FilePath,
  type Problem,
  type Report,
  type SourceFile,
} from "../core/index";
import { createLoader, type Loader } from "../host/load";
import { rootOfFolder } from "../host/find-root";
import { createNodeHost } from "../host/node-host";
import { ruleUrl, VERSION } from "../host/version";
import { valueOf, type GivenOption } from "./args";
import type { Io } from "./io";
import { createProgress } from "./progress";
import { configurationPath, readConfiguration } from "./targets";
import { UsageError } from "./usage-error";

/** What every answer about pipelines says beside the jobs. */
interface Answer {
  readonly unknown: readonly string[];
  readonly labels: readonly string[];
  readonly entries: readonly FilePath[];
  readonly files: readonly FilePath[];
}

interface Asked<A> {
  readonly answer: A;
  readonly loader: Loader;
  readonly report: Report;
}

/** Loads the repository that the current folder is part of, and asks. A job that isn't there, or a configuration that can't be read, is a `UsageError`. */
export function askPipelines<A extends Answer>(
  given: readonly GivenOption[],
  names: readonly string[],
  io: Io,
  ask: (analysis: Analysis, names: readonly string[] | undefined) => A,
): Asked<A> {
  const progress = createProgress(io);
  const root = rootOfFolder(io.cwd);
  const { loader, configuration } = loaderOf(given, root, io, progress.update);
  const analysis = io.createAnalysis(loader.workspace());
  const report = loader.settle(analysis);
  progress.clear();
  refuseBroken(report, configuration, loader, io);
  const answer = ask(analysis, names.length === 0 ? undefined : names);
  const [unknown] = answer.unknown;
  if (unknown !== undefined) {
    throw new UsageError(`there is no job \`${unknown}\`${didYouMean(unknown, answer.labels)}`);
  }
  if (answer.entries.length === 0) io.err("gitlab-ci-docker: there is no pipeline in this folder\n");
  for (const remark of loader.remarks()) io.err(`gitlab-ci-docker: ${remark}\n`);
  return { answer, loader, report };
}

function loaderOf(given: readonly GivenOption[], root: string, io: Io, onProgress: (files: number) => void) {
  const config = valueOf(given, "config");
  const own = config === undefined ? undefined : readConfiguration(config, io.cwd);
  const configuration = own === undefined ? CONFIGURATION_FILE : configurationPath(root, own.full);
  const loader = createLoader({
    host: createNodeHost(root),
    settings: DEFAULT_SETTINGS,
    ...(own === undefined ? {} : { configuration: { path: configuration, text: own.text } }),
    onProgress,
  });
  return { loader, configuration };
}

/** With half a configuration the pipelines may be others than the user means. */
function refuseBroken({ problems }: Report, configuration: FilePath, loader: Loader, io: Io): void {
  const broken = problems.filter(({ at, severity }) => at.file === configuration && severity === "error");
  if (broken.length === 0) return;
  printProblems(broken, (path) => loader.file(path), io);
  throw new UsageError(`\`${configuration}\` has errors`);
}

/** The problems in the files that the pipelines are made of. */
export const complaints = ({ problems }: Report, { files }: Answer): readonly Problem[] =>
  problems.filter(({ at }) => files.includes(at.file));

/** Says problems with their lines on standard error. */
export function printProblems(
  problems: readonly Problem[],
  file: (path: FilePath) => SourceFile | undefined,
  io: Io,
): void {
  const report = { findings: [], problems, files: [], jobs: 0, suppressed: 0 };
  const input = { report, file, root: io.cwd, version: VERSION, ruleUrl, milliseconds: 0 };
  io.err(textReport(input, { colour: false, quiet: true }));
}
