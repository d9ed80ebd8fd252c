// What is wrong with the order of jobs, in GitLab's words (lib/gitlab/ci/yaml_processor.rb, yaml_processor/dag.rb): needs
// of jobs that are not there or run later, needs in a circle.
import { defineQuery } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { readNeeds, readTriggerJobs, type WrittenNeed } from "./needs";
import { jobNamed, orderTableOf, type OrderTable } from "./order";
import type { ModelProblem } from "./problem";
import { jobOf } from "./resolve";
import { splitRootKey, type RootKey } from "./root-table";
import type { Value } from "./value";

/** What is wrong with the `needs` and `dependencies` of a visible job. */
export const orderProblemsOf = defineQuery<RootKey, readonly ModelProblem[]>({
  name: "orderProblemsOf",
  compute: (ctx, key) => {
    const job = ctx.get(jobOf, key);
    if (job === undefined || job.isHidden) return [];
    const value = (keyword: string): Value | undefined => job.keywords.get(keyword)?.value;
    const needs = [...(readNeeds(value("needs"))?.items ?? []), ...needsOfRules(value("rules"))];
    const dependencies = [
      ...(readNeeds(value("dependencies"))?.items ?? []),
      ...readTriggerJobs(value("trigger")),
    ];
    if (needs.length + dependencies.length === 0) return [];
    const [root, name] = splitRootKey(key);
    const table = ctx.get(orderTableOf, root);
    const check =
      (kind: "need" | "dependency") =>
      (use: WrittenNeed): readonly ModelProblem[] => {
        const message = problemOf(table, name, kind, use);
        return message === undefined ? [] : [{ at: use.at, message, severity: "error" }];
      };
    const circle = ctx.get(circlesOf, root).get(name);
    const inCircle = needs.find(
      (need) => need.job !== undefined && jobNamed(table, need.job) === circle?.next,
    );
    const circular: readonly ModelProblem[] =
      circle === undefined || inCircle === undefined
        ? []
        : [{ at: inCircle.at, message: circle.message, severity: "error" }];
    return [...needs.flatMap(check("need")), ...dependencies.flatMap(check("dependency")), ...circular];
  },
});

function needsOfRules(rules: Value | undefined): readonly WrittenNeed[] {
  if (rules?.kind === "list") return rules.items.flatMap(needsOfRules);
  return rules?.kind === "map" ? (readNeeds(rules.entries.get("needs")?.value)?.items ?? []) : [];
}

function problemOf(
  table: OrderTable,
  name: string,
  kind: "need" | "dependency",
  use: WrittenNeed,
): string | undefined {
  if (use.job === undefined || use.isForeign || use.job.includes("$")) return undefined;
  // In an open pipeline the job, or other stages, may stand in a file that can't be read.
  if (!table.isClosed) return undefined;
  const needed = jobNamed(table, use.job);
  if (needed === undefined) return use.optional ? undefined : `${name} job: undefined ${kind}: ${use.job}`;
  const own = stageIndex(table, name);
  const other = stageIndex(table, needed);
  // A stage that is not listed is another problem.
  if (own === -1 || other === -1 || other <= own) return undefined;
  return `${name} job: ${kind} ${use.job} is not defined in current or prior stages`;
}

const stageIndex = (table: OrderTable, name: string): number =>
  table.stages.indexOf(table.jobs.get(name)?.stage ?? "");

interface Circle {
  /** The need that leads into the circle. */
  readonly next: string;
  readonly message: string;
}

/** The first job of each circle of needs. */
const circlesOf = defineQuery<FilePath, ReadonlyMap<string, Circle>>({
  name: "circlesOf",
  compute: (ctx, root) => {
    const table = ctx.get(orderTableOf, root);
    const circles = new Map<string, Circle>();
    if (!table.isClosed) return circles;
    let left = circular(needsGraph(table));
    for (let start = first(left); start !== undefined; start = first(left)) {
      const path = pathFrom(left, start);
      const [next = start] = left.get(path[0] ?? start)?.filter((need) => path.includes(need)) ?? [];
      const members = path.map((name) => JSON.stringify(name)).join(", ");
      const cause =
        path.length === 1 ? `self-dependency: ${path[0]}` : `topological sort failed: [${members}]`;
      circles.set(path[0] ?? start, {
        next: path[1] ?? next,
        message: `The pipeline has circular dependencies: ${cause}`,
      });
      left = circular(new Map([...left].filter(([name]) => !path.includes(name))));
    }
    return circles;
  },
  equals: (a, b) => JSON.stringify([...a]) === JSON.stringify([...b]),
});

type Graph = ReadonlyMap<string, readonly string[]>;

const first = (graph: Graph): string | undefined => graph.keys().next().value;

const needsGraph = (table: OrderTable): Graph =>
  new Map(
    [...table.jobs].map(([name, { needs = [] }]) => [
      name,
      needs.flatMap((need) =>
        need.isForeign || need.job === undefined ? [] : (jobNamed(table, need.job) ?? []),
      ),
    ]),
  );

/** What is left of a graph when all that leads to no circle is taken away. */
function circular(graph: Graph): Graph {
  const open = new Map(
    [...graph].map(([name, needs]) => [name, needs.filter((need) => graph.has(need)).length]),
  );
  const neededBy = new Map<string, string[]>();
  for (const [name, needs] of graph) {
    for (const need of needs) {
      const names = neededBy.get(need);
      if (names === undefined) neededBy.set(need, [name]);
      else names.push(name);
    }
  }
  const free = [...open].flatMap(([name, count]) => (count === 0 ? [name] : []));
  for (let name = free.pop(); name !== undefined; name = free.pop()) {
    open.delete(name);
    for (const other of neededBy.get(name) ?? []) {
      const count = (open.get(other) ?? 0) - 1;
      if (!open.has(other)) continue;
      open.set(other, count);
      if (count === 0) free.push(other);
    }
  }
  return new Map(
    [...open.keys()].map((name) => [name, (graph.get(name) ?? []).filter((need) => open.has(need))]),
  );
}

/** The circle that following first needs from a job ends in, as from the job of it that comes first. */
function pathFrom(graph: Graph, start: string): readonly string[] {
  const path = new Set<string>();
  let name: string | undefined = start;
  while (name !== undefined && !path.has(name)) {
    path.add(name);
    name = graph.get(name)?.[0];
  }
  const followed = [...path];
  const circle = new Set(name === undefined ? followed : followed.slice(followed.indexOf(name)));
  const least = [...graph.keys()].find((each) => circle.has(each)) ?? start;
  const at = [...circle].indexOf(least);
  return [...[...circle].slice(at), ...[...circle].slice(0, at)];
}
