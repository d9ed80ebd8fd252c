// Ties queries to the façade: gathers what the checks found over the whole workspace, and places it in files.
import type { Analysis, Fault, Report } from "./analysis";
import {
  checkedJobsOf,
  ciFileChecks,
  dockerfileChecks,
  jobChecks,
  pipelineChecks,
  registerChecks,
  runnerConfigChecks,
  selectedRules,
} from "./checks";
import { pipelineFilesOf } from "./model/pipeline/include";
import { rootsOf } from "./model/pipeline/roots";
import { yamlOf } from "./model/pipeline/yaml-of";
import { mayRegisterIn } from "./model/runner/register";
import { settingsOf } from "./model/settings-of";
import {
  effectiveJob,
  jobsOfFile,
  pipelineCommands,
  resolvedPipelines,
  type Grounds,
} from "./features/answers";
import { answerTo } from "./features/ask";
import { completeAt } from "./features/completion/complete";
import { hoverAt } from "./features/hover/hover";
import { inlayHintsOf } from "./features/inlay-hints/inlay-hints";
import { lensesOf } from "./features/lenses/lenses";
import { createStructure } from "./features/outline/structure";
import { refactoringsAt } from "./features/refactorings/offers";
import { createSymbols } from "./features/symbols/answers";
import { findProblems } from "./problems";
import type { Scope } from "./scope";
import { Database } from "./query/database";
import type { Query } from "./query/query";
import type { Workspace } from "./query/workspace";
import { assemble } from "./rules/assemble";
import type { PlaceOf } from "./rules/place";
import type { Checked, RawReport } from "./rules/run";
import type { FileComments } from "./rules/suppress";
import { RULE_IDS } from "./settings/rule-ids";
import { findSuppressions } from "./syntax/comments";
import type { YamlFile } from "./syntax/yaml-nodes";
import { globMatcher } from "./text/glob";
import type { FilePath, SourceFile } from "./text/source-file";

/** Makes an analysis of a workspace. Nothing is computed until `report` is called. */
export function createAnalysis(workspace: Workspace): Analysis {
  const database = new Database(workspace);
  const comments = new Map<FilePath, FileComments>();
  let current = workspace;
  const trial = trialDatabase();
  const grounds = (): Grounds => groundsOf(database, current);
  return {
    update(next) {
      current = next;
      database.update(next);
    },
    report() {
      database.settle();
      const report = reportOf(database, current, comments);
      database.sweep();
      return report;
    },
    needed() {
      database.get(rootsOf, null);
      return database.wanted();
    },
    wanted: () => database.wanted(),
    pipelines: () => checkedRoots(database),
    prepare(root) {
      const checksOf = fenced(database, []);
      for (const job of database.get(checkedJobsOf, root)) checksOf(jobChecks, job);
      checksOf(pipelineChecks, root);
    },
    resolve: (names) => resolvedPipelines(grounds(), names),
    commands: (names) => pipelineCommands(grounds(), names),
    jobsAround: (file) => jobsOfFile(grounds(), file),
    effectiveJob: (root, name) => effectiveJob(grounds(), root, name),
    symbols: createSymbols(database, () => placer(database, current)),
    structure: createStructure(database, () => placer(database, current)),
    hover: (file, offset) => answerTo(database, (ctx) => hoverAt(ctx, file, offset)),
    refactorings: (file, start, end) =>
      refactoringsAt(
        { database, workspace: current, placeOf: placer(database, current), trial },
        file,
        start,
        end,
      ),
    lenses: (file) => lensesOf({ ...grounds(), placeOf: placer(database, current) }, file),
    inlayHints: (file, start, end) => inlayHintsOf(grounds(), file, start, end),
    complete: (file, offset) => answerTo(database, (ctx) => completeAt(ctx, file, offset)),
    computed: () => database.computed,
  };
}

/** For files as they would be: kept, so that only what an edit would change is worked out each time. */
function trialDatabase(): (workspace: Workspace) => Database {
  let trial: Database | undefined;
  return (workspace) => {
    trial?.sweep();
    if (trial === undefined) trial = new Database(workspace);
    else trial.update(workspace);
    return trial;
  };
}

function reportOf(database: Database, workspace: Workspace, known: Map<FilePath, FileComments>): Report {
  const { settings } = database.get(settingsOf, null);
  const isIgnored = ignoring(settings.ignore);
  const scope = scopeOf(database, workspace, isIgnored);
  const jobs = scope.roots.flatMap((root) => database.get(checkedJobsOf, root));
  const broken: Fault[] = [];
  const checksOf = fenced(database, broken);
  const checked: readonly Checked[] = [
    ...jobs.flatMap((job) => checksOf(jobChecks, job)),
    ...scope.roots.flatMap((root) => checksOf(pipelineChecks, root)),
    ...scope.ciFiles.flatMap((file) => checksOf(ciFileChecks, file)),
    ...scope.dockerfiles.flatMap((file) => checksOf(dockerfileChecks, file)),
    ...scope.runnerConfigs.flatMap((file) => checksOf(runnerConfigChecks, file)),
    ...scope.registering.flatMap((file) => checksOf(registerChecks, file)),
  ];
  const { ciFiles, dockerfiles, runnerConfigs, registering } = scope;
  const files = [...new Set([...ciFiles, ...dockerfiles, ...runnerConfigs, ...registering])].sort();
  const faults = [...broken, ...checked.flatMap(({ fault }) => fault ?? [])];
  const placeOf = placer(database, workspace);
  const reports = checked.flatMap((each) => each.reports);
  const { findings, suppressed } = assemble(reports, {
    placeOf,
    file: (path) => workspace.files.get(path),
    selected: database.get(selectedRules, null),
    known: new Set(RULE_IDS),
    faulted: new Set(faults.map((fault) => fault.rule)),
    comments: commentsOf([...new Set([...files, ...reports.map(fileOf)])], workspace, known),
  });
  return {
    findings: findings.filter((finding) => !isIgnored(finding.at.file)),
    problems: findProblems(database, scope, placeOf),
    faults,
    files,
    jobs: jobs.filter((key) => !key.includes("\0.")).length,
    suppressed,
  };
}

/** Where a report lies: a script that a job calls is no file of the pipeline, and may hold comments all the same. */
const fileOf = ({ report: { at } }: RawReport): FilePath => ("via" in at ? at.at : at).chunk.file;

type ChecksOf = (query: Query<string, readonly Checked[]>, key: string) => readonly Checked[];

/** An error of ours in the model costs the checks of that one subject, and is said; everything else goes on. */
function fenced(database: Database, faults: Fault[]): ChecksOf {
  return (query, key) => {
    try {
      return database.get(query, key);
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      faults.push({ rule: query.name, subject: key.replaceAll("\0", " "), error: text });
      return [];
    }
  };
}

function scopeOf(database: Database, workspace: Workspace, isIgnored: (path: FilePath) => boolean): Scope {
  const roots = database.get(rootsOf, null).filter((root) => !isIgnored(root));
  const ofKind = (kind: SourceFile["kind"]): readonly FilePath[] =>
    [...workspace.files.values()]
      .filter((file) => file.kind === kind && !isIgnored(file.path))
      .map((file) => file.path)
      .sort();
  return {
    roots,
    ciFiles: [...new Set(roots.flatMap((root) => database.get(pipelineFilesOf, root).files))].sort(),
    dockerfiles: ofKind("dockerfile"),
    runnerConfigs: ofKind("runner-config"),
    registering: (["shell", "markdown", "dockerfile", "gitlab-ci"] as const)
      .flatMap(ofKind)
      .filter((path) => database.get(mayRegisterIn, path))
      .sort(),
  };
}

function ignoring(globs: readonly string[]): (path: FilePath) => boolean {
  const matchers = globs.map(globMatcher);
  return (path) => matchers.some((matches) => matches(path));
}

/** The entry files of all pipelines but ignored ones. */
function checkedRoots(database: Database): readonly FilePath[] {
  const isIgnored = ignoring(database.get(settingsOf, null).settings.ignore);
  return database.get(rootsOf, null).filter((root) => !isIgnored(root));
}

/** What questions about jobs are answered from; ignored pipelines are none. */
function groundsOf(database: Database, workspace: Workspace): Grounds {
  const roots = checkedRoots(database);
  return { ask: database, roots, placeOf: lastingPlacer(database, workspace, roots) };
}

/** Places origins in the files as they are now; not to be asked when the workspace has changed. */
const placer = (database: Database, workspace: Workspace): PlaceOf =>
  placerBy(workspace, (path) => database.get(yamlOf, path)?.chunks);

/** Places origins of some pipelines in the files as they are now, whenever it is asked. */
function lastingPlacer(database: Database, workspace: Workspace, roots: readonly FilePath[]): PlaceOf {
  const files = roots.flatMap((root) => database.get(pipelineFilesOf, root).files);
  const chunks = new Map(files.map((path) => [path, database.get(yamlOf, path)?.chunks]));
  return placerBy(workspace, (path) => chunks.get(path));
}

/** A chunk that is a whole file lies at 0; the blocks of a YAML file know where they are. */
function placerBy(
  workspace: Workspace,
  chunksOf: (path: FilePath) => YamlFile["chunks"] | undefined,
): PlaceOf {
  return ({ chunk, start, end }) => {
    const file = workspace.files.get(chunk.file);
    if (file === undefined) return undefined;
    const offset = file.text === chunk.text ? 0 : chunksOf(chunk.file)?.get(chunk);
    return offset === undefined ? undefined : { file: chunk.file, start: offset + start, end: offset + end };
  };
}

/** Suppression comments of the files, looked for again only in files that changed. */
function commentsOf(
  files: readonly FilePath[],
  workspace: Workspace,
  known: Map<FilePath, FileComments>,
): ReadonlyMap<FilePath, FileComments> {
  const result = new Map<FilePath, FileComments>();
  for (const path of files) {
    const file = workspace.files.get(path);
    if (file === undefined) continue;
    const before = known.get(path);
    result.set(path, before?.file === file ? before : { file, suppressions: findSuppressions(file.text) });
  }
  known.clear();
  for (const [path, comments] of result) known.set(path, comments);
  return result;
}
