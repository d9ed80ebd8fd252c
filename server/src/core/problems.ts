// Everything that could not be read or resolved, over the whole workspace.
import type { Scope } from "./scope";
import { checkedJobsOf } from "./checks";
import { dockerfileOf } from "./model/docker/dockerfile";
import { orderProblemsOf } from "./model/pipeline/order-problems";
import type { ModelProblem } from "./model/pipeline/problem";
import { pipelineProblemsOf, resolvedJobOf } from "./model/pipeline/resolve";
import { isOwnPipeline } from "./model/pipeline/roots";
import { yamlOf } from "./model/pipeline/yaml-of";
import { settingsOf } from "./model/settings-of";
import { defineQuery, type Database } from "./query/query";
import type { Problem } from "./rules/rule";
import type { SyntaxProblem } from "./syntax/yaml-nodes";
import type { Origin, Place } from "./text/located";
import type { FilePath } from "./text/source-file";

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
): readonly Problem[] {
  const syntax = [
    ...scope.ciFiles.flatMap((file) => database.get(yamlProblems, file)),
    ...scope.dockerfiles.flatMap((file) => database.get(dockerfileProblems, file)),
    ...database.get(settingsOf, null).problems,
  ].map(({ message, at, isHarmless }): ModelProblem => ({
    message,
    at,
    severity: isHarmless === true ? "warning" : "error",
  }));
  const isOwn = (root: FilePath): boolean => database.get(isOwnPipeline, root);
  const model = [
    // What another pipeline says of a shared file as well is said with that one's severity: it comes last.
    ...scope.roots
      .filter((root) => !isOwn(root))
      .flatMap((root) => modelProblems(database, root).map(asRemark)),
    ...scope.roots.filter(isOwn).flatMap((root) => modelProblems(database, root)),
  ];
  const byKey = new Map<string, Problem>();
  for (const { at, message, severity } of [...syntax, ...model]) {
    const place = placeOf(at);
    if (place !== undefined)
      byKey.set(`${place.file}\0${place.start}\0${message}`, { at: place, message, severity });
  }
  return [...byKey.values()].sort(byPlace);
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
