// `extends`: parents deep-merged below the job, later parents over earlier ones. Resolved before `!reference`.
// https://docs.gitlab.com/ci/yaml/yaml_optimization/#use-extends-to-reuse-configuration-sections
import { defineQuery, type QueryContext } from "../../query/query";
import type { Origin } from "../../text/located";
import { pipelineFilesOf } from "./include";
import { mergeValues, throughHops } from "./merge";
import type { ModelProblem } from "./problem";
import { includedValueOf, rootKey, splitRootKey, type RootKey } from "./root-table";
import type { MapValue, Value } from "./value";

/** GitLab's limit. https://docs.gitlab.com/ci/yaml/#extends */
export const MAX_EXTENDS = 11;

export interface Extended {
  /** Undefined where the entry is absent. */
  readonly value: Value | undefined;
  readonly problems: readonly ModelProblem[];
  /** False when a parent is missing: it may stand in a file that can't be read. */
  readonly isComplete: boolean;
  /** Levels of parents below this entry. */
  readonly depth: number;
  /** Names of all ancestors, nearest first. */
  readonly ancestors: readonly string[];
}

/** A root entry with everything that its parents give it. */
export const extendedOf = defineQuery<RootKey, Extended>({
  name: "extendedOf",
  compute: (ctx, key) => {
    const [root, name] = splitRootKey(key);
    const value = ctx.get(includedValueOf, key);
    const parents = value?.kind === "map" ? parentsOf(value) : [];
    if (value?.kind !== "map" || parents.length === 0) {
      return { value, problems: [], isComplete: true, depth: 0, ancestors: [] };
    }
    return withParents(ctx, root, name, value, parents);
  },
});

interface Parent {
  readonly name: string;
  readonly at: Origin;
}

/** The parents that a mapping names itself, in order. */
export function parentsOf(value: MapValue): readonly Parent[] {
  const extended = value.entries.get("extends")?.value;
  const items = extended?.kind === "list" ? extended.items : extended === undefined ? [] : [extended];
  return items.flatMap((item) =>
    item.kind === "scalar" && item.node.value !== null ? [{ name: item.node.text, at: item.at }] : [],
  );
}

function withParents(ctx: QueryContext, root: string, name: string, own: MapValue, parents: readonly Parent[]): Extended {
  const problems: ModelProblem[] = [];
  const ancestors: string[] = [];
  let base: Value | undefined;
  let isComplete = true;
  let depth = 0;
  for (const parent of parents) {
    if (reaches(ctx, root, parent.name, name)) {
      problems.push(error(parent.at, `${name}: circular dependency detected in \`extends\``));
      continue;
    }
    const extended = ctx.get(extendedOf, rootKey(root, parent.name));
    if (extended.value === undefined) {
      isComplete = false;
      // In an open pipeline the parent may stand in a file that can't be read.
      if (ctx.get(pipelineFilesOf, root).isClosed) {
        problems.push(error(parent.at, `${name}: unknown keys in \`extends\` (${parent.name})`));
      }
      continue;
    }
    isComplete &&= extended.isComplete;
    depth = Math.max(depth, extended.depth + 1);
    ancestors.push(parent.name, ...extended.ancestors);
    const value = throughHops(extended.value, [{ kind: "extends", name: parent.name, at: parent.at }]);
    base = base === undefined ? value : mergeValues(base, value);
  }
  if (depth === MAX_EXTENDS + 1) {
    problems.push(error(own.entries.get("extends")?.value.at ?? own.at, `${name}: nesting too deep in \`extends\``));
  }
  return { value: base === undefined ? own : mergeValues(base, own), problems, isComplete, depth, ancestors };
}

/** Whether following `extends` from one entry arrives at another: told from the written names, before any is resolved. */
function reaches(ctx: QueryContext, root: string, from: string, to: string): boolean {
  const seen = new Set<string>();
  const queue = [from];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (name === to) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    const value = ctx.get(includedValueOf, rootKey(root, name));
    if (value?.kind === "map") queue.push(...parentsOf(value).map((parent) => parent.name));
  }
  return false;
}

const error = (at: Origin, message: string): ModelProblem => ({ at, message, severity: "error" });
