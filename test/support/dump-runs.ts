// Shows when each job can run: its ways, and the answers to what rules ask.
import { jobNamesOf, jobOf, rootKey } from "../../server/src/core/model/pipeline/resolve";
import { rootsOf } from "../../server/src/core/model/pipeline/roots";
import {
  canBeBranchWithSlash,
  isTagSet,
  runsIn,
  type NameCondition,
  type Way,
} from "../../server/src/core/model/pipeline/when";
import { PIPELINE_SOURCES } from "../../server/src/core/model/pipeline/when-way";
import type { Database } from "../../server/src/core/query/database";
import { databaseOf } from "./dump";

/** Each visible job of every pipeline with the ways in which it can run. */
export function dumpRuns(files: Readonly<Record<string, string>>): string {
  const database = databaseOf(files);
  return database
    .get(rootsOf, null)
    .flatMap((root) => database.get(jobNamesOf, root).map((name) => dumpJob(database, rootKey(root, name))))
    .filter((text) => text !== "")
    .join("\n");
}

function dumpJob(database: Database, key: string): string {
  const job = database.get(jobOf, key);
  if (job === undefined || job.isHidden) return "";
  const runs = runsIn(contextOf(database), job);
  const ways = runs.ways.length === 0 ? ["  never"] : runs.ways.map((way) => `  ${dumpWay(way)}`);
  return [`${job.name}: slash ${canBeBranchWithSlash(runs)}, tag ${isTagSet(runs)}`, ...ways].join("\n");
}

/** A context for functions that only ask queries. */
export const contextOf = (database: Database): Parameters<typeof runsIn>[0] => ({
  get: (query, key) => database.get(query, key),
  part: (_what, compute) => compute(),
  file: () => undefined,
  exists: () => undefined,
  filesOfKind: () => [],
  paths: () => undefined,
  settings: () => {
    throw new Error("not asked for here");
  },
});

function dumpWay(way: Way): string {
  const left = PIPELINE_SOURCES.filter((source) => !way.sources.includes(source));
  const sources =
    left.length === 0
      ? ""
      : left.length < 6
        ? ` not from ${left.join(", ")}`
        : ` from ${way.sources.join(", ")}`;
  const wanted = [
    ...way.name.map(dumpName),
    ...(way.isProtected === undefined ? [] : [way.isProtected ? "protected" : "not protected"]),
    ...[...way.variables].map(([name, state]) => `$${name} ${state}`),
  ];
  const conditions = wanted.length === 0 ? "" : `, ${wanted.join(", ")}`;
  return `${way.refs.join(" | ")}${sources}${conditions}${way.isCertain ? "" : " (uncertain)"}`;
}

function dumpName(condition: NameCondition): string {
  switch (condition.kind) {
    case "is":
    case "is-not":
      return `${condition.kind} ${condition.name}`;
    case "slug-is":
      return `slug is ${condition.slug}`;
    case "matches":
    case "matches-not":
      return `${condition.kind} /${condition.pattern}/`;
    default:
      return condition.kind;
  }
}
