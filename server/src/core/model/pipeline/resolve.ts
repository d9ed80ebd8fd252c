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
//
// What GitLab sees of a job ends with default.ts, and with it what `resolve` shows; the steps behind it read that for rules.
// What is asked of effective jobs: when.ts (when do they run), order.ts (in which order, with whose results).
//
// Each step is a query: an edit runs again only the steps that read what was edited.
import { defineQuery, type QueryContext } from "../../query/query";
import { valueOf, type YamlNode, type YamlPair } from "../../syntax/yaml-nodes";
import type { Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { rulesProblems } from "./rules-problems";
import { defaultsOf, withDefaults } from "./default";
import { pipelineFilesOf } from "./include";
import { inputProblemsOf } from "./inputs-check";
import type { Job, Pipeline } from "./job";
import { jobVariables } from "./job-variables";
import { JOB_MARKS, RESERVED_ROOT_KEYS, SOFT_ROOT_KEYS } from "./keywords";
import type { ModelProblem } from "./problem";
import { readImage, readScript, readServices, readStage, readTags, scriptProblems } from "./read-job";
import { referencedOf } from "./reference";
import { definitionsOf, rootKey, rootNamesOf, splitRootKey, type RootKey } from "./root-table";
import type { Entry, MapValue, Value } from "./value";
import { isPipelineEntry } from "./roots";
import { sameItems } from "./yaml-of";

/** A job as GitLab sees it, before its parts are read. */
export interface EffectiveKeywords {
  /** The job's key, in the file that wins. */
  readonly nameAt: Origin;
  readonly definitions: readonly YamlPair[];
  /** The job's own mapping, parents included. */
  readonly body: MapValue;
  readonly isTrigger: boolean;
  /** By name, defaults applied. */
  readonly keywords: ReadonlyMap<string, Entry>;
}

/** The effective keywords of a job by its name; undefined where no job has it. */
export const effectiveKeywordsOf = defineQuery<RootKey, EffectiveKeywords | undefined>({
  name: "effectiveKeywordsOf",
  compute: (ctx, key) => {
    const [root] = splitRootKey(key);
    const body = ctx.get(referencedOf, key).value;
    const definitions = ctx.get(definitionsOf, key);
    const nameAt = definitions.at(-1)?.key.at;
    if (body?.kind !== "map" || nameAt === undefined) return undefined;
    const isTrigger = body.entries.has("trigger");
    const keywords = isTrigger
      ? ownKeywords(body)
      : withDefaults(body.entries, ctx.get(defaultsOf, root), nameAt);
    return { nameAt, definitions, body, isTrigger, keywords };
  },
});

export interface ResolvedJob {
  readonly job: Job;
  readonly problems: readonly ModelProblem[];
}

/** An effective job by its name; undefined where no job has it. */
export const resolvedJobOf = defineQuery<RootKey, ResolvedJob | undefined>({
  name: "resolvedJobOf",
  compute: (ctx, key) => {
    const effective = ctx.get(effectiveKeywordsOf, key);
    if (effective === undefined) return undefined;
    const [root, name] = splitRootKey(key);
    const { nameAt, definitions, body, isTrigger, keywords } = effective;
    const { problems, isComplete } = ctx.get(referencedOf, key);
    const variables = jobVariables(ctx, root, keywords);
    const job: Job = {
      root,
      name,
      nameAt,
      definitions,
      isHidden: name.startsWith("."),
      isTrigger,
      isClosed: isComplete && ctx.get(defaultsOf, root).isComplete && ctx.get(isClosedOf, root),
      keywords,
      body,
      stage: readStage(keywords, nameAt),
      image: readImage(keywords.get("image")?.value),
      services: readServices(keywords.get("services")?.value),
      variables: variables.byName,
      variableLayers: variables.layers,
      tags: readTags(keywords.get("tags")?.value),
      script: readScript(keywords),
    };
    return {
      job,
      problems: [
        ...problems,
        ...scriptProblems(name, body.entries),
        ...rulesProblems(ctx, name, body.entries),
      ],
    };
  },
});

/** Trigger jobs get nothing from `default:`. https://docs.gitlab.com/ci/yaml/#trigger */
const ownKeywords = (value: MapValue): ReadonlyMap<string, Entry> =>
  withDefaults(value.entries, { entries: new Map(), problems: [], isComplete: true }, value.at);

/** Whether a name is that of a job: cheaper to ask than the job. */
export const isJob = (ask: Pick<QueryContext, "get">, key: RootKey): boolean =>
  ask.get(referencedOf, key).value?.kind === "map";

export const jobOf = defineQuery<RootKey, Job | undefined>({
  name: "jobOf",
  compute: (ctx, key) => ctx.get(resolvedJobOf, key)?.job,
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

/** Whether everything that makes the pipeline could be read. */
export const isClosedOf = defineQuery<FilePath, boolean>({
  name: "isClosedOf",
  compute: (ctx, root) => ctx.get(pipelineFilesOf, root).isClosed && ctx.get(isPipelineEntry, root),
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

export { rootKey, type RootKey };
