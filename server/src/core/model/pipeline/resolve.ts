// From files to effective jobs, in GitLab's order. Read this first: each step is a file of its own.
//
//   include.ts    which files, in which order             (per pipeline)
//   inputs.ts     what `$[[ inputs.x ]]` stands for       (per use of a file)
//   root-table.ts root entries by name                    (per pipeline)
//   expand.ts     inputs, anchors and merge keys          (per entry)
//   merge.ts      the same entry in several files         (per entry)
//   extends.ts    parents                                 (per entry)
//   reference.ts  `!reference`                            (per entry)
//   default.ts    `default:`, deprecated root keywords    (per job)
//   job-variables.ts  variables of all kinds, in layers   (per job)
//   read-job.ts   image, services, script…                (per job)
//   resolved-job.ts  all of it together                   (per job)
//   tracked-job.ts   the same for whoever asks again      (per job)
//
// What GitLab sees of a job ends with default.ts, and with it what `resolve` shows; the steps behind it read that for rules.
// What is asked of effective jobs: when.ts (when do they run), order.ts (in which order, with whose results).
//
// Each step is a query: an edit runs again only the steps that read what was edited.
import { defineQuery, type QueryContext } from "../../query/query";
import { valueOf, type YamlNode } from "../../syntax/yaml-nodes";
import type { FilePath } from "../../text/source-file";
import { defaultsOf } from "./default";
import { pipelineFilesOf } from "./include";
import { inputProblemsOf } from "./inputs-check";
import type { Job, Pipeline } from "./job";
import { JOB_MARKS, RESERVED_ROOT_KEYS, SOFT_ROOT_KEYS } from "./keywords";
import type { ModelProblem } from "./problem";
import { readTags } from "./read-job";
import { referencedOf } from "./reference";
import { effectiveKeywordsOf, isClosedOf, resolvedJobOf } from "./resolved-job";
import { definitionsOf, rootKey, rootNamesOf, type RootKey } from "./root-table";
import { trackedJob } from "./tracked-job";
import type { Value } from "./value";
import { sameItems } from "./yaml-of";

/** Whether a name is that of a job: cheaper to ask than the job. */
export const isJob = (ask: Pick<QueryContext, "get">, key: RootKey): boolean =>
  ask.get(referencedOf, key).value?.kind === "map";

/** An effective job by its name; undefined where no job has it. See `tracked-job.ts` for what may be asked of it when. */
export const jobOf = defineQuery<RootKey, Job | undefined>({
  name: "jobOf",
  compute: (ctx, key, previous) =>
    ctx.get(resolvedJobOf, key) === undefined ? undefined : (previous ?? trackedJob(ctx, key)),
});

/** Names of all jobs and templates, in order. */
export const jobNamesOf = defineQuery<FilePath, readonly string[]>({
  name: "jobNamesOf",
  compute: (ctx, root) =>
    ctx.get(rootNamesOf, root).filter((name) => {
      if (RESERVED_ROOT_KEYS.has(name)) return false;
      return ctx.get(definitionsOf, rootKey(root, name)).some((pair) => canBeJob(name, pair.value));
    }),
  equals: sameItems,
});

function canBeJob(name: string, value: YamlNode): boolean {
  if (value.kind === "alias") return true;
  if (value.kind !== "map") return false;
  return !SOFT_ROOT_KEYS.has(name) || JOB_MARKS.some((mark) => valueOf(value, mark) !== undefined);
}

/** Names of the hidden jobs that no visible job builds on: nothing would be said about them otherwise. */
export const orphanTemplatesOf = defineQuery<FilePath, readonly string[]>({
  name: "orphanTemplatesOf",
  compute: (ctx, root) => {
    const names = ctx.get(jobNamesOf, root);
    const used = new Set<string>();
    for (const name of names) {
      if (name.startsWith(".")) continue;
      const referenced = ctx.get(referencedOf, rootKey(root, name));
      for (const ancestor of referenced.ancestors) used.add(ancestor);
      for (const source of referenced.sources) used.add(source);
    }
    return names.filter((name) => name.startsWith(".") && !used.has(name));
  },
  equals: sameItems,
});

export const pipelineOf = defineQuery<FilePath, Pipeline>({
  name: "pipelineOf",
  compute: (ctx, root) => {
    const files = ctx.get(pipelineFilesOf, root);
    const stages = ctx.get(referencedOf, rootKey(root, "stages")).value;
    return {
      root,
      files: files.files,
      includes: files.includes,
      isClosed: ctx.get(isClosedOf, root),
      jobNames: ctx.get(jobNamesOf, root),
      stages: stages?.kind === "list" ? stageList(stages) : undefined,
    };
  },
});

const stageList = (value: Value): Pipeline["stages"] => readTags(value);

/** What could not be read or resolved in a pipeline outside its jobs: includes, globals. */
export const pipelineProblemsOf = defineQuery<FilePath, readonly ModelProblem[]>({
  name: "pipelineProblemsOf",
  compute: (ctx, root) => [
    ...ctx.get(pipelineFilesOf, root).problems,
    ...ctx.get(pipelineFilesOf, root).files.flatMap((file) => ctx.get(inputProblemsOf, file)),
    ...ctx.get(defaultsOf, root).problems,
    ...["variables", "stages"].flatMap((name) => ctx.get(referencedOf, rootKey(root, name)).problems),
  ],
});

/** Every visible job of a pipeline. */
export const visibleJobsOf = (ctx: QueryContext, root: FilePath): readonly Job[] =>
  ctx.get(visibleJobs, root);

const visibleJobs = defineQuery<FilePath, readonly Job[]>({
  name: "visibleJobsOf",
  compute: (ctx, root) =>
    ctx.get(jobNamesOf, root).flatMap((name) => {
      const job = name.startsWith(".") ? undefined : ctx.get(jobOf, rootKey(root, name));
      return job === undefined ? [] : [job];
    }),
  equals: sameItems,
});

export { effectiveKeywordsOf, isClosedOf, resolvedJobOf, rootKey, type RootKey };
export type { EffectiveKeywords, ResolvedJob } from "./resolved-job";
