// One job with everything that its keywords give it, as data. A part whose sources stayed as they are stays the same object.
import { defineQuery } from "../../query/query";
import type { YamlPair } from "../../syntax/yaml-nodes";
import type { Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { defaultsOf, withDefaults } from "./default";
import { pipelineFilesOf } from "./include";
import type { Job } from "./job";
import { jobVariables, type JobVariables } from "./job-variables";
import type { ModelProblem } from "./problem";
import {
  readImage,
  readScript,
  readServices,
  readStage,
  readTags,
  SCRIPT_SECTIONS,
  scriptProblems,
} from "./read-job";
import { referencedOf } from "./reference";
import { definitionsOf, splitRootKey, type RootKey } from "./root-table";
import { isPipelineEntry } from "./roots";
import { rulesProblems } from "./rules-problems";
import { keptEntries, sameLayers } from "./same-value";
import type { Entry, MapValue } from "./value";

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
  compute: (ctx, key, previous) => {
    const [root] = splitRootKey(key);
    const body = ctx.get(referencedOf, key).value;
    const definitions = ctx.get(definitionsOf, key);
    const nameAt = definitions.at(-1)?.key.at;
    if (body?.kind !== "map" || nameAt === undefined) return undefined;
    const isTrigger = body.entries.has("trigger");
    const now = isTrigger ? ownKeywords(body) : withDefaults(body.entries, ctx.get(defaultsOf, root), nameAt);
    const keywords = previous === undefined ? now : keptEntries(previous.keywords, now);
    return { nameAt, definitions, body, isTrigger, keywords };
  },
  equals: (a, b) =>
    a !== undefined &&
    b !== undefined &&
    a.nameAt === b.nameAt &&
    a.definitions === b.definitions &&
    a.body === b.body &&
    a.keywords === b.keywords,
});

export interface ResolvedJob {
  readonly job: Job;
  readonly problems: readonly ModelProblem[];
}

/** An effective job by its name, as it is now; undefined where no job has it. Who may ask later takes `jobOf`. */
export const resolvedJobOf = defineQuery<RootKey, ResolvedJob | undefined>({
  name: "resolvedJobOf",
  compute: (ctx, key, previous) => {
    const effective = ctx.get(effectiveKeywordsOf, key);
    if (effective === undefined) return undefined;
    const [root, name] = splitRootKey(key);
    const { nameAt, definitions, body, isTrigger, keywords } = effective;
    const { problems, isComplete } = ctx.get(referencedOf, key);
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
      ...partsOf(jobVariables(ctx, root, keywords), effective, previous?.job),
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

type Parts = Pick<Job, "stage" | "image" | "services" | "variables" | "variableLayers" | "tags" | "script">;

/** What is read from keywords: the same objects as before where the keywords are the same, so that nobody reads them anew. */
function partsOf(
  { layers, byName }: JobVariables,
  { keywords, nameAt }: EffectiveKeywords,
  before: Job | undefined,
): Parts {
  const reuse = <K extends keyof Parts>(part: K, names: readonly string[], read: () => Job[K]): Job[K] => {
    const isSame = (name: string): boolean => before?.keywords.get(name) === keywords.get(name);
    return before !== undefined && names.every(isSame) ? before[part] : read();
  };
  // A stage that is not written stands at the job's name.
  const keepsStage = keywords.has("stage") || before?.nameAt === nameAt;
  const keepsVariables = before !== undefined && sameLayers(before.variableLayers, layers);
  return {
    stage: keepsStage
      ? reuse("stage", ["stage"], () => readStage(keywords, nameAt))
      : readStage(keywords, nameAt),
    image: reuse("image", ["image"], () => readImage(keywords.get("image")?.value)),
    services: reuse("services", ["services"], () => readServices(keywords.get("services")?.value)),
    variables: keepsVariables ? before.variables : byName,
    variableLayers: keepsVariables ? before.variableLayers : layers,
    tags: reuse("tags", ["tags"], () => readTags(keywords.get("tags")?.value)),
    script: reuse("script", SCRIPT_SECTIONS, () => readScript(keywords)),
  };
}

/** Trigger jobs get nothing from `default:`. https://docs.gitlab.com/ci/yaml/#trigger */
const ownKeywords = (value: MapValue): ReadonlyMap<string, Entry> =>
  withDefaults(value.entries, { entries: new Map(), problems: [], isComplete: true }, value.at);

/** Whether everything that makes the pipeline could be read. */
export const isClosedOf = defineQuery<FilePath, boolean>({
  name: "isClosedOf",
  compute: (ctx, root) => ctx.get(pipelineFilesOf, root).isClosed && ctx.get(isPipelineEntry, root),
});
