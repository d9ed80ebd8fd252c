// Everything that could not be read or resolved, over the whole workspace.
import type { Scope } from "./scope";
import { checkedJobsOf } from "./checks";
import { missingEntriesOf } from "./missing-entries";
import { dockerfileOf } from "./model/docker/dockerfile";
import { orderProblemsOf } from "./model/pipeline/order-problems";
import type { ModelProblem } from "./model/pipeline/problem";
import { pipelineProblemsOf, resolvedJobOf } from "./model/pipeline/resolve";
import { isOwnPipeline } from "./model/pipeline/roots";
import { yamlOf } from "./model/pipeline/yaml-of";
import { settingsOf } from "./model/settings-of";
import type { Database } from "./query/database";
import { defineQuery } from "./query/query";
import type { Problem } from "./rules/rule";
import { CONFIGURATION_FILE } from "./settings/table";
import type { SyntaxProblem } from "./syntax/yaml-nodes";
import type { Origin, Place } from "./text/located";
import type { FilePath } from "./text/source-file";

export interface WorkspaceProblem extends Problem {
  /** True for an error of YAML itself: whoever reads the file as YAML says it, whatever the file is for. */
  readonly isOfYaml?: true;
}

const dockerfileProblems = defineQuery<FilePath, readonly SyntaxProblem[]>({
  name: "dockerfileProblems",
  compute: (ctx, path) => dockerfileOf(ctx, path)?.tree.problems ?? [],
});

const yamlProblems = defineQuery<FilePath, readonly SyntaxProblem[]>({
  name: "yamlProblems",
  compute: (ctx, path) => {
    const yaml = ctx.get(yamlOf, path);
    if (yaml === undefined) return [];
    return [
      ...yaml.problems,
      ...yaml.documents.flatMap((document) => document.blocks.flatMap((block) => block.problems)),
    ];
  },
});

/** All problems with a place, sorted, each once. */
export function findProblems(
  database: Database,
  scope: Scope,
  placeOf: (origin: Origin) => Place | undefined,
): readonly WorkspaceProblem[] {
  const yamlFiles = [...scope.ciFiles, CONFIGURATION_FILE];
  const isAboutYaml = isAtOneOf(yamlFiles.flatMap((file) => database.get(yamlProblems, file)));
  const syntax = [
    ...scope.ciFiles.flatMap((file) => database.get(yamlProblems, file)),
    ...scope.dockerfiles.flatMap((file) => database.get(dockerfileProblems, file)),
    ...database.get(settingsOf, null).problems,
    ...database.get(missingEntriesOf, null),
  ].map((problem): Unplaced => ({
    message: problem.message,
    at: problem.at,
    severity: problem.isHarmless === true ? "warning" : "error",
    isOfYaml: problem.isOurLimit !== true && isAboutYaml(problem),
  }));
  const isOwn = (root: FilePath): boolean => database.get(isOwnPipeline, root);
  const model: readonly Unplaced[] = [
    // What another pipeline says of a shared file as well is said with that one's severity: it comes last.
    ...scope.roots
      .filter((root) => !isOwn(root))
      .flatMap((root) => modelProblems(database, root).map(asRemark)),
    ...scope.roots.filter(isOwn).flatMap((root) => modelProblems(database, root)),
  ];
  const byKey = new Map<string, WorkspaceProblem>();
  for (const { at, message, severity, isOfYaml } of [...syntax, ...model]) {
    const place = placeOf(at);
    if (place === undefined) continue;
    const key = `${place.file}\0${place.start}\0${message}`;
    // The model repeats what the syntax says of an alias.
    const mark = isOfYaml === true || byKey.get(key)?.isOfYaml === true ? { isOfYaml: true as const } : {};
    byKey.set(key, { at: place, message, severity, ...mark });
  }
  return [...byKey.values()].sort(byPlace);
}

/** By their places: who reads the settings says in words of its own that a key stands there twice. */
function isAtOneOf(problems: readonly SyntaxProblem[]): (problem: SyntaxProblem) => boolean {
  const starts = new Map<Origin["chunk"], Set<number>>();
  for (const { at } of problems) starts.set(at.chunk, (starts.get(at.chunk) ?? new Set()).add(at.start));
  return ({ at }) => starts.get(at.chunk)?.has(at.start) === true;
}

interface Unplaced extends ModelProblem {
  readonly isOfYaml?: boolean;
}

const modelProblems = (database: Database, root: FilePath): readonly ModelProblem[] => [
  ...database.get(pipelineProblemsOf, root),
  ...database
    .get(checkedJobsOf, root)
    .flatMap((job) => [
      ...(database.get(resolvedJobOf, job)?.problems ?? []),
      ...database.get(orderProblemsOf, job),
    ]),
];

/** Nobody runs that pipeline here, so nothing fails: worth knowing, and no more. */
const asRemark = (problem: ModelProblem): ModelProblem =>
  problem.severity === "hint" ? problem : { ...problem, severity: "info" };

const byPlace = (a: Problem, b: Problem): number =>
  a.at.file === b.at.file ? a.at.start - b.at.start : a.at.file < b.at.file ? -1 : 1;
