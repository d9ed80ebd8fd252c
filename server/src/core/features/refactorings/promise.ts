// Whether a refactoring keeps what it promises: every job that it does not mean to change comes out the same, and nothing can be read
// worse than before.
import { dockerfileOf } from "../../model/docker/dockerfile";
import { pipelineFilesOf } from "../../model/pipeline/include";
import { orderProblemsOf } from "../../model/pipeline/order-problems";
import { jobNamesOf, pipelineProblemsOf, resolvedJobOf, rootKey } from "../../model/pipeline/resolve";
import { rootsOf } from "../../model/pipeline/roots";
import { yamlOf } from "../../model/pipeline/yaml-of";
import type { Database } from "../../query/database";
import { defineQuery } from "../../query/query";
import { problemsOf } from "../../syntax/yaml-nodes";
import type { FilePath } from "../../text/source-file";
import { effectiveJobOf } from "../effective-job";
import { jsonOf } from "../effective-value";
import type { RefactoringDraft } from "./refactoring";

/** What is broken, for people; undefined where the promise is kept. `files` are those that the draft edits or creates. */
export function brokenPromise(
  before: Database,
  after: Database,
  files: ReadonlySet<FilePath>,
  { changes = [], adds = [] }: Pick<RefactoringDraft, "changes" | "adds">,
): string | undefined {
  for (const file of files) {
    const worse = newMessage(before.get(syntaxMessagesOf, file), after.get(syntaxMessagesOf, file));
    if (worse !== undefined) return worse;
  }
  const mayChange = new Set([...changes, ...adds]);
  for (const root of rootsOfFiles(before, files)) {
    const broken = brokenPipeline(before, after, root, mayChange);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

const rootsOfFiles = (database: Database, files: ReadonlySet<FilePath>): readonly FilePath[] =>
  database
    .get(rootsOf, null)
    .filter((root) => database.get(pipelineFilesOf, root).files.some((file) => files.has(file)));

function brokenPipeline(
  before: Database,
  after: Database,
  root: FilePath,
  mayChange: ReadonlySet<string>,
): string | undefined {
  const worse = newMessage(messagesOf(before, root), messagesOf(after, root));
  if (worse !== undefined) return worse;
  const names = new Set([...visibleNames(before, root), ...visibleNames(after, root)]);
  for (const name of names) {
    if (mayChange.has(name)) continue;
    const key = rootKey(root, name);
    if (before.get(effectiveTextOf, key) !== after.get(effectiveTextOf, key))
      return `\`${name}\` becomes another job`;
  }
  return undefined;
}

const visibleNames = (database: Database, root: FilePath): readonly string[] =>
  database.get(jobNamesOf, root).filter((name) => !name.startsWith("."));

/** A job as `resolve` prints it, without places; "" where there is none. Keywords in the order of their names. */
const effectiveTextOf = defineQuery<string, string>({
  name: "effectiveTextOf",
  compute: (ctx, key) => {
    const job = ctx.get(effectiveJobOf, key);
    if (job === undefined) return "";
    const { variables, ...keywords } = jsonOf(job.keywords);
    const sorted = Object.entries(keywords).sort(byKey);
    // The order of variables says nothing: each is there before any is expanded.
    const values =
      typeof variables === "object" && variables !== null ? Object.entries(variables).sort(byKey) : variables;
    return JSON.stringify([sorted, values]);
  },
});

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

function messagesOf(database: Database, root: FilePath): readonly string[] {
  const ofJobs = visibleNames(database, root).flatMap((name) => {
    const key = rootKey(root, name);
    return [...(database.get(resolvedJobOf, key)?.problems ?? []), ...database.get(orderProblemsOf, key)];
  });
  return [...database.get(pipelineProblemsOf, root), ...ofJobs].map(({ message }) => message);
}

const syntaxMessagesOf = defineQuery<FilePath, readonly string[]>({
  name: "syntaxMessagesOf",
  compute: (ctx, path) => {
    if (ctx.file(path)?.kind === "dockerfile")
      return (dockerfileOf(ctx, path)?.tree.problems ?? []).map(({ message }) => message);
    if (!/\.ya?ml$/i.test(path)) return [];
    const yaml = ctx.get(yamlOf, path);
    return yaml === undefined ? [] : problemsOf(yaml).map(({ message }) => message);
  },
});

/** The first message that the second list has more often than the first. */
function newMessage(before: readonly string[], after: readonly string[]): string | undefined {
  const left = [...before];
  return after.find((message) => {
    const index = left.indexOf(message);
    if (index !== -1) left.splice(index, 1);
    return index === -1;
  });
}
