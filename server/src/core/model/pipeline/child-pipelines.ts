// Child pipelines: what the trigger jobs of a pipeline start from files of the repository.
// https://docs.gitlab.com/ci/pipelines/downstream_pipelines/#parent-child-pipelines
import { defineQuery, type QueryContext } from "../../query/query";
import { valueOf, type YamlNode } from "../../syntax/yaml-nodes";
import { isOutside } from "../../text/paths";
import type { FilePath } from "../../text/source-file";
import { settingsOf } from "../settings-of";
import { expandNode } from "./expand";
import { readStatement, type Statement } from "./include-statement";
import { localTarget } from "./include-target";
import { walkFile, walkStatements, type Walked } from "./include-walk";
import { isReadable, rootPairsOf, sameItems, yamlOf } from "./yaml-of";

const ENTRY_FILE = ".gitlab-ci.yml";

/**
 * The files that pipelines may start from by themselves: the configured ones, else `.gitlab-ci.yml`; then files that are
 * named like a pipeline, those nearest to the root first.
 */
export const entryCandidatesOf = defineQuery<null, readonly FilePath[]>({
  name: "entryCandidatesOf",
  compute: (ctx) => {
    const { entry } = ctx.get(settingsOf, null).settings;
    const named = [...(ctx.paths() ?? [])].filter(
      (path) => /(^|[/.])gitlab-ci\.ya?ml$/.test(path) && !isOutside(path),
    );
    named.sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1));
    return [...new Set([...(entry.length > 0 ? entry : [ENTRY_FILE]), ...named])];
  },
  equals: sameItems,
});

const depthOf = (path: FilePath): number => path.split("/").length;

/**
 * The child pipelines by the first file of each, in order of their discovery, with the statements of the
 * `trigger:include` that start it: GitLab makes one pipeline of all of them, with their inputs. Where several jobs start
 * the same file, the first counts. A file that is an entry itself is none.
 */
export const childStartsOf = defineQuery<null, ReadonlyMap<FilePath, readonly Statement[]>>({
  name: "childStartsOf",
  compute: (ctx) => {
    const starts = new Map<FilePath, readonly Statement[]>();
    const entries = ctx.get(entryCandidatesOf, null).filter((path) => ctx.get(isReadable, path));
    const queue = entries.map((path) => walkFile(ctx, path, []));
    for (let walked = queue.shift(); walked !== undefined; walked = queue.shift()) {
      for (const statements of triggersIn(ctx, walked)) {
        const root = statements.flatMap((statement) => localFiles(ctx, statement)).at(0);
        if (root === undefined || starts.has(root) || entries.includes(root)) continue;
        starts.set(root, statements);
        queue.push(walkStatements(ctx, statements, []));
      }
    }
    return starts;
  },
});

/** The statements of each `trigger:include` in the files of a pipeline. */
function triggersIn(ctx: QueryContext, { uses }: Pick<Walked, "uses">): readonly (readonly Statement[])[] {
  return uses.flatMap(({ file, inputs }) =>
    ctx.get(triggerIncludesIn, file).map((node) => readStatement(expandNode(ctx, node, inputs))),
  );
}

/** The first file of each child pipeline that the files of a pipeline start. */
export const startedBy = (ctx: QueryContext, walked: Pick<Walked, "uses">): readonly FilePath[] => [
  ...new Set(
    triggersIn(ctx, walked).flatMap((statements) =>
      statements.flatMap((each) => localFiles(ctx, each)).slice(0, 1),
    ),
  ),
];

const localFiles = (ctx: QueryContext, statement: Statement): readonly FilePath[] =>
  statement.kind === "local" ? localTarget(ctx, statement.target, "").files : [];

/** The `trigger:include` of the jobs and templates that are written in a file. https://docs.gitlab.com/ci/yaml/#triggerinclude */
const triggerIncludesIn = defineQuery<FilePath, readonly YamlNode[]>({
  name: "triggerIncludesIn",
  compute: (ctx, file) => {
    const yaml = ctx.get(yamlOf, file);
    if (yaml === undefined) return [];
    return rootPairsOf(yaml).flatMap((pair) => {
      const trigger = pair.value.kind === "map" ? valueOf(pair.value, "trigger") : undefined;
      return (trigger?.kind === "map" ? valueOf(trigger, "include") : undefined) ?? [];
    });
  },
  equals: sameItems,
});
