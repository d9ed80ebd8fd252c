// Which job runs before which, and whose results are there: stages, `needs`, `dependencies`.
// https://docs.gitlab.com/ci/yaml/#stages , https://docs.gitlab.com/ci/yaml/#needs ,
// https://docs.gitlab.com/ci/yaml/#dependencies
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import type { Answer } from "./answer";
import type { Job } from "./job";
import { readNeeds, readTriggerJobs, type Need } from "./needs";
import { isClosedOf, jobNamesOf, jobOf, pipelineOf } from "./resolve";
import { rootKey, splitRootKey, type RootKey } from "./root-table";
import type { Value } from "./value";

/** GitLab's own stages where none are written. lib/gitlab/ci/config/entry/stages.rb */
export const DEFAULT_STAGES: readonly string[] = ["build", "test", "deploy"];

/** What the order of jobs depends on, without places: an edit in a script leaves it as it is. */
export interface OrderFacts {
  readonly stage: string;
  /** Undefined: the job waits for all earlier stages. */
  readonly needs: readonly Need[] | undefined;
  readonly dependencies: readonly string[] | undefined;
  /** Jobs whose artifacts hold the child pipeline. */
  readonly triggerJobs: readonly string[];
  /** False where a part could not be read, or a rule sets `needs` of its own. */
  readonly isExact: boolean;
  /** False for a manual job that may be left out: later stages do not wait for it. */
  readonly isAwaited: boolean;
  /** `parallel`: the job runs under other names, `build 1/3` or `build: [a, b]`. */
  readonly isParallel: boolean;
}

const orderFactsOf = defineQuery<RootKey, OrderFacts | undefined>({
  name: "orderFactsOf",
  compute: (ctx, key) => {
    const job = ctx.get(jobOf, key);
    return job === undefined ? undefined : factsOf(job);
  },
  equals: (a, b) => JSON.stringify(a) === JSON.stringify(b),
});

function factsOf(job: Job): OrderFacts {
  const value = (keyword: string): Value | undefined => job.keywords.get(keyword)?.value;
  const needs = readNeeds(value("needs"));
  const dependencies = readNeeds(value("dependencies"));
  const isExact =
    needs?.isExact !== false &&
    dependencies?.isExact !== false &&
    job.isClosed &&
    !ruleSets(value("rules"), "needs");
  return {
    stage: job.stage.value,
    needs: needs?.items.map(({ job: name, artifacts, optional, isForeign }) => ({
      job: name,
      artifacts,
      optional,
      isForeign,
    })),
    dependencies: dependencies?.items.flatMap((item) => item.job ?? []),
    triggerJobs: readTriggerJobs(value("trigger")).flatMap((item) => item.job ?? []),
    isExact,
    isAwaited: !canBeLeftOut(job),
    isParallel: job.keywords.has("parallel"),
  };
}

function ruleSets(rules: Value | undefined, keyword: string): boolean {
  if (rules?.kind === "list") return rules.items.some((rule) => ruleSets(rule, keyword));
  return rules?.kind === "map" && rules.entries.has(keyword);
}

/** A manual job does not block later stages unless `allow_failure: false`. https://docs.gitlab.com/ci/jobs/job_control/ */
function canBeLeftOut(job: Job): boolean {
  const text = (keyword: string): string | undefined => {
    const value = job.keywords.get(keyword)?.value;
    return value?.kind === "scalar" ? value.node.text : undefined;
  };
  // A rule without `when` takes the job's. lib/gitlab/ci/build/rules.rb
  const isManual = text("when") === "manual" && text("allow_failure") !== "false";
  return isManual || mentionsManual(job.keywords.get("rules")?.value);
}

function mentionsManual(rules: Value | undefined): boolean {
  if (rules?.kind === "list") return rules.items.some(mentionsManual);
  const when = rules?.kind === "map" ? rules.entries.get("when")?.value : undefined;
  return rules?.kind === "unknown" || (when?.kind === "scalar" && when.node.text === "manual");
}

export interface OrderTable {
  /** `.pre` first, `.post` last. */
  readonly stages: readonly string[];
  readonly jobs: ReadonlyMap<string, OrderFacts>;
  readonly isClosed: boolean;
}

/** The stages of a pipeline and its visible jobs, in order. */
export const orderTableOf = defineQuery<FilePath, OrderTable>({
  name: "orderTableOf",
  compute: (ctx, root) => {
    const jobs = new Map<string, OrderFacts>();
    for (const name of ctx.get(jobNamesOf, root)) {
      const facts = name.startsWith(".") ? undefined : ctx.get(orderFactsOf, rootKey(root, name));
      if (facts !== undefined) jobs.set(name, facts);
    }
    return { stages: ctx.get(stagesOf, root), jobs, isClosed: ctx.get(isClosedOf, root) };
  },
});

/** All stages of a pipeline, in order. lib/gitlab/ci/config/edge_stages_injector.rb */
export const stagesOf = defineQuery<FilePath, readonly string[]>({
  name: "stagesOf",
  compute: (ctx, root) => {
    const written = ctx.get(pipelineOf, root).stages?.map((stage) => stage.value) ?? DEFAULT_STAGES;
    return [".pre", ...written.filter((stage) => stage !== ".pre" && stage !== ".post"), ".post"];
  },
  equals: (a, b) => a.join("\0") === b.join("\0"),
});

/** The job of a table that a name means: its own, or that of a parallel job before it was multiplied. */
export function jobNamed(table: OrderTable, name: string): string | undefined {
  if (table.jobs.has(name)) return name;
  const base = /^(.*?)(?::? \[.*\]| \d+\/\d+)$/s.exec(name)?.[1];
  return base !== undefined && table.jobs.get(base)?.isParallel === true ? base : undefined;
}

/** What stands before a job: all jobs of the stages before `stage`, and those named. */
interface Before {
  readonly stage: number;
  readonly names: ReadonlySet<string>;
  readonly isExact: boolean;
}

const beforeOf = defineQuery<RootKey, Before>({
  name: "beforeOf",
  compute: (ctx, key) => {
    const [root, start] = splitRootKey(key);
    const table = ctx.get(orderTableOf, root);
    const names = new Set<string>();
    const queue = [start];
    let stage = 0;
    let isExact = table.jobs.has(start);
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      const facts = table.jobs.get(name);
      if (facts === undefined) continue;
      isExact &&= facts.isExact;
      // Earlier stages hold all that their jobs wait for.
      if (facts.needs === undefined) stage = Math.max(stage, table.stages.indexOf(facts.stage));
      for (const need of facts.needs ?? []) {
        const needed = need.job === undefined || need.isForeign ? undefined : jobNamed(table, need.job);
        if (needed === undefined || names.has(needed)) continue;
        names.add(needed);
        queue.push(needed);
      }
    }
    return { stage, names, isExact };
  },
});

/**
 * Whether job `a` is done when `b` starts, where both are in a pipeline: "yes" where `b` waits for it, "no" where it can't
 * be (`a` waits for `b`, or is `b`), "unknown" where nothing orders them.
 */
export function mayHaveRunBefore(ctx: QueryContext, a: Job, b: Job): Answer {
  if (a.root !== b.root) return "unknown";
  if (a.name === b.name) return "no";
  if (waitsFor(ctx, b, a) === "yes") return "yes";
  return waitsFor(ctx, a, b) === "yes" ? "no" : "unknown";
}

/** Whether a job waits for another one: "no" where all of its stages and `needs` are known and none leads there. */
export const isAwaitedBy = (ctx: QueryContext, waiting: Job, other: Job): Answer =>
  waiting.root === other.root ? waitsFor(ctx, waiting, other) : "unknown";

function waitsFor(ctx: QueryContext, waiting: Job, other: Job): Answer {
  const before = ctx.get(beforeOf, rootKey(waiting.root, waiting.name));
  if (!before.isExact) return "unknown";
  if (before.names.has(other.name)) return "yes";
  const table = ctx.get(orderTableOf, waiting.root);
  const facts = table.jobs.get(other.name);
  const stage = facts === undefined ? -1 : table.stages.indexOf(facts.stage);
  if (facts === undefined || stage === -1 || stage >= before.stage) return "no";
  return facts.isAwaited ? "yes" : "unknown";
}

export interface Results {
  /** Names of the jobs of this pipeline whose artifacts are downloaded, in order. */
  readonly jobs: readonly string[];
  /** Artifacts of other pipelines or projects come too. */
  readonly hasForeign: boolean;
  /** False where something could not be read: then other artifacts may be there. */
  readonly isExact: boolean;
}

/** Whose artifacts are there when a job starts. https://docs.gitlab.com/ci/jobs/job_artifacts/ */
export function resultsOf(ctx: QueryContext, job: Job): Results {
  return ctx.get(resultsQuery, rootKey(job.root, job.name));
}

const resultsQuery = defineQuery<RootKey, Results>({
  name: "resultsOf",
  compute: (ctx, key) => {
    const [root, name] = splitRootKey(key);
    const table = ctx.get(orderTableOf, root);
    const facts = table.jobs.get(name);
    if (facts === undefined) return { jobs: [], hasForeign: false, isExact: false };
    const needs = facts.needs ?? [];
    const hasForeign = needs.some((need) => need.isForeign && need.artifacts && need.job !== undefined);
    return { jobs: sourcesOf(table, facts), hasForeign, isExact: facts.isExact && table.isClosed };
  },
  equals: (a, b) => JSON.stringify(a) === JSON.stringify(b),
});

function sourcesOf(table: OrderTable, facts: OrderFacts): readonly string[] {
  const named = (names: readonly string[]): readonly string[] => [
    ...new Set(names.flatMap((name) => jobNamed(table, name) ?? [])),
  ];
  if (facts.dependencies !== undefined) return named(facts.dependencies);
  if (facts.needs !== undefined) {
    return named(facts.needs.flatMap((need) => (need.artifacts && !need.isForeign ? (need.job ?? []) : [])));
  }
  const own = table.stages.indexOf(facts.stage);
  return [...table.jobs].flatMap(([name, { stage }]) => {
    const index = table.stages.indexOf(stage);
    return index !== -1 && index < own ? [name] : [];
  });
}
