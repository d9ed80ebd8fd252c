// The effective job as plain data: every keyword as GitLab sees it, every value with its origin. One query for each job.
import type { Origin } from "../text/located";
import type { FilePath } from "../text/source-file";
import type { Job } from "../model/pipeline/job";
import { listedNames } from "../model/pipeline/default";
import { referencedOf } from "../model/pipeline/reference";
import { jobOf, rootKey, type RootKey } from "../model/pipeline/resolve";
import { splitRootKey } from "../model/pipeline/root-table";
import { isNullValue } from "../model/pipeline/default";
import type { Value } from "../model/pipeline/value";
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
    const job = ctx.get(jobOf, key);
    if (job === undefined) return undefined;
    const [root, name] = splitRootKey(key);
    return { root, name, nameAt: job.nameAt, keywords: inOrder(keywordsOf(ctx, job)) };
  },
});

/** The same job with places said otherwise; undefined where its name has none. */
export function placeJob<P, Q>(
  job: EffectiveJob<P>,
  placeOf: (place: P) => Q | undefined,
): EffectiveJob<Q> | undefined {
  const nameAt = placeOf(job.nameAt);
  if (nameAt === undefined) return undefined;
  const keywords = [...job.keywords].map(([key, value]) => [key, mapPlaces(value, placeOf)] as const);
  return { ...job, nameAt, keywords: new Map(keywords) };
}

type Keywords = Map<string, ChunkValue>;

function keywordsOf(ctx: QueryContext, job: Job): Keywords {
  const keywords: Keywords = new Map([
    ["stage", { kind: "scalar", origin: undefined, value: job.stage.value }],
  ]);
  for (const [key, { value }] of job.keywords) {
    if (key !== "extends" && key !== "variables") keywords.set(key, keywordValue(key, value));
  }
  const variables = variablesOf(ctx, job);
  if (variables !== undefined) keywords.set("variables", variables);
  return keywords;
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
 * What a job's variables come to, later ones over earlier: the pipeline's own and those that its workflow surely adds, as
 * far as the job inherits them; the job's; those that its rules surely add. Undefined where there are none.
 * https://docs.gitlab.com/ci/variables/#cicd-variable-precedence
 */
function variablesOf(ctx: QueryContext, job: Job): ChunkValue | undefined {
  const ofRoot = (name: string): Value | undefined => ctx.get(referencedOf, rootKey(job.root, name)).value;
  const own = job.keywords.get("variables")?.value;
  if (own?.kind === "unknown") return asWritten(own);
  const workflow = ofRoot("workflow");
  const workflowRules = workflow?.kind === "map" ? workflow.entries.get("rules")?.value : undefined;
  const inherits = listedNames(job.keywords.get("inherit")?.value, "variables");
  const entries: Keywords = new Map();
  const add = (variables: Value | undefined, takes: (name: string) => boolean): void => {
    if (variables?.kind !== "map") return;
    for (const [name, entry] of variables.entries)
      if (takes(name)) entries.set(name, asVariable(entry.value));
  };
  const all = (): boolean => true;
  add(ofRoot("variables"), inherits);
  add(surelyAdded(workflowRules), inherits);
  add(own, all);
  add(surelyAdded(job.keywords.get("rules")?.value), all);
  return entries.size === 0 ? undefined : { kind: "map", origin: undefined, entries };
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

const FIRST = ["stage", "image", "services", "variables"];
const LAST = ["before_script", "script", "after_script"];

/** As a person would write it: where it runs, with what, when, and last what. */
function inOrder(keywords: Keywords): Keywords {
  const rest = [...keywords.keys()].filter((key) => !FIRST.includes(key) && !LAST.includes(key));
  const ordered: Keywords = new Map();
  for (const key of [...FIRST, ...rest, ...LAST]) {
    const value = keywords.get(key);
    if (value !== undefined) ordered.set(key, value);
  }
  return ordered;
}
