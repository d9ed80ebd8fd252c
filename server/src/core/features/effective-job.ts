// The effective job as plain data: every keyword as GitLab sees it, every value with its origin. One query for each job.
import type { Origin, Place } from "../text/located";
import type { FilePath } from "../text/source-file";
import { listedNames } from "../model/pipeline/default";
import { layeredMap } from "../model/pipeline/layered-map";
import { referencedOf } from "../model/pipeline/reference";
import { DEFAULT_STAGE } from "../model/pipeline/read-job";
import { effectiveKeywordsOf, rootKey, type RootKey } from "../model/pipeline/resolve";
import { splitRootKey } from "../model/pipeline/root-table";
import { isNullValue } from "../model/pipeline/default";
import type { Entry, Value } from "../model/pipeline/value";
import { defineQuery, type QueryContext } from "../query/query";
import {
  asFlatList,
  asImage,
  asScript,
  asServices,
  asVariable,
  asWritten,
  mapPlaces,
  type ChunkValue,
  type EffectiveValue,
} from "./effective-value";

export interface EffectiveJob<P> {
  /** The entry file of its pipeline. */
  readonly root: FilePath;
  readonly name: string;
  /** Where its key is written, in the file that wins. */
  readonly nameAt: P;
  /** By keyword, in the order in which they are shown. `extends` is not among them: it has been followed. */
  readonly keywords: ReadonlyMap<string, EffectiveValue<P>>;
}

/** The effective job of a name; undefined where no job has it. */
export const effectiveJobOf = defineQuery<RootKey, EffectiveJob<Origin> | undefined>({
  name: "effectiveJobOf",
  compute: (ctx, key) => {
    const effective = ctx.get(effectiveKeywordsOf, key);
    if (effective === undefined) return undefined;
    const [root, name] = splitRootKey(key);
    return { root, name, nameAt: effective.nameAt, keywords: shown(ctx, root, effective.keywords) };
  },
});

/** An effective job as it leaves the core: most readers ask for no place, so places are worked out when they do. */
export interface PlaceableJob extends EffectiveJob<Origin> {
  /** Places in the files as they were when the job was asked for. */
  readonly placeOf: (origin: Origin) => Place | undefined;
}

/** The same job with its places in files; undefined where its name has none. */
export function placeJob({ placeOf, ...job }: PlaceableJob): EffectiveJob<Place> | undefined {
  const nameAt = placeOf(job.nameAt);
  if (nameAt === undefined) return undefined;
  const keywords = [...job.keywords].map(([key, value]) => [key, mapPlaces(value, placeOf)] as const);
  return { ...job, nameAt, keywords: new Map(keywords) };
}

type Keywords = ReadonlyMap<string, Entry>;

const FIRST = ["stage", "image", "services", "variables"];
const LAST = ["before_script", "script", "after_script"];

/** As a person would write it: where it runs, with what, when, and last what. */
function shown(ctx: QueryContext, root: FilePath, keywords: Keywords): ReadonlyMap<string, ChunkValue> {
  const result = new Map<string, ChunkValue>();
  const add = (key: string): void => {
    const value = key === "variables" ? variablesOf(ctx, root, keywords) : keywordOf(keywords, key);
    if (value !== undefined) result.set(key, value);
  };
  FIRST.forEach(add);
  for (const key of keywords.keys()) if (!FIRST.includes(key) && !LAST.includes(key)) add(key);
  LAST.forEach(add);
  return result;
}

function keywordOf(keywords: Keywords, key: string): ChunkValue | undefined {
  // It has been followed.
  if (key === "extends") return undefined;
  const value = keywords.get(key)?.value;
  if (value !== undefined) return keywordValue(key, value);
  return key === "stage" ? { kind: "scalar", origin: undefined, value: DEFAULT_STAGE } : undefined;
}

function keywordValue(key: string, value: Value): ChunkValue {
  if (value.kind === "unknown") return asWritten(value);
  switch (key) {
    case "image":
      return asImage(value);
    case "services":
      return asServices(value);
    case "before_script":
    case "script":
    case "after_script":
      return asScript(value);
    case "rules":
    case "tags":
      return value.kind === "list" ? asFlatList(value, asWritten) : asWritten(value);
    case "needs":
      // An item without a value is none: lib/gitlab/ci/config/entry/needs.rb of gitlab-org/gitlab
      return value.kind === "list"
        ? asFlatList(value, (item) => (isNullValue(item) ? undefined : asWritten(item)))
        : asWritten(value);
    default:
      return asWritten(value);
  }
}

/**
 * What a job's variables come to, later ones over earlier: those that it inherits; its own; those that its rules surely
 * add. Undefined where there are none. https://docs.gitlab.com/ci/variables/#cicd-variable-precedence
 */
function variablesOf(ctx: QueryContext, root: FilePath, keywords: Keywords): ChunkValue | undefined {
  const own = keywords.get("variables")?.value;
  if (own?.kind === "unknown") return asWritten(own);
  const inherited = inheritedBy(keywords, ctx.get(inheritableOf, root));
  const added = surelyAdded(keywords.get("rules")?.value);
  const entries = [own, added].reduce((below, above) => layeredMap(below, variablesIn(above)), inherited);
  return entries.size === 0 ? undefined : { kind: "map", origin: undefined, entries };
}

type Variables = ReadonlyMap<string, ChunkValue>;

/** The variables that the jobs of a pipeline inherit: its own, under those that its workflow surely adds. */
const inheritableOf = defineQuery<FilePath, Variables>({
  name: "inheritableOf",
  compute: (ctx, root) => {
    const ofRoot = (name: string): Value | undefined => ctx.get(referencedOf, rootKey(root, name)).value;
    const workflow = ofRoot("workflow");
    const rules = workflow?.kind === "map" ? workflow.entries.get("rules")?.value : undefined;
    return layeredMap(variablesIn(ofRoot("variables")), variablesIn(surelyAdded(rules)));
  },
});

function inheritedBy(keywords: Keywords, inheritable: Variables): Variables {
  const inherit = keywords.get("inherit")?.value;
  if (inherit === undefined) return inheritable;
  const inherits = listedNames(inherit, "variables");
  return new Map([...inheritable].filter(([name]) => inherits(name)));
}

function variablesIn(value: Value | undefined): Variables {
  const variables = new Map<string, ChunkValue>();
  if (value?.kind !== "map") return variables;
  for (const [name, entry] of value.entries) variables.set(name, asVariable(entry.value));
  return variables;
}

/** The variables of the first rule, where it has no condition: of any other rule nobody knows whether it is the one. */
function surelyAdded(rules: Value | undefined): Value | undefined {
  const first = rules === undefined ? undefined : firstItem(rules);
  if (
    first?.kind !== "map" ||
    ["if", "changes", "exists"].some((condition) => first.entries.has(condition))
  ) {
    return undefined;
  }
  return first.entries.get("variables")?.value;
}

function firstItem(value: Value): Value | undefined {
  if (value.kind !== "list") return value;
  for (const item of value.items) {
    const first = firstItem(item);
    if (first !== undefined) return first;
  }
  return undefined;
}
