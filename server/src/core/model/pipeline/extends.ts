// `extends`: parents deep-merged below the job, later parents over earlier ones. Resolved before `!reference`.
// https://docs.gitlab.com/ci/yaml/yaml_optimization/#use-extends-to-reuse-configuration-sections ; errors in the words of
// lib/gitlab/ci/config/extendable/entry.rb
import { defineQuery, type QueryContext } from "../../query/query";
import type { Origin } from "../../text/located";
import { pipelineFilesOf } from "./include";
import { mergeValues, throughHops } from "./merge";
import type { ModelProblem } from "./problem";
import { includedValueOf, rootKey, rootNamesOf, splitRootKey, type RootKey } from "./root-table";
import type { MapValue, Value } from "./value";

/** GitLab's limit on levels of parents: MAX_NESTING_LEVELS is 10, counted from 0. */
export const MAX_EXTENDS = 11;

/** A guard of our own: an entry with more ancestors than this gets nothing from them. */
const MAX_ANCESTORS = 300;

export interface Extended {
  /** Undefined where the entry is absent. */
  readonly value: Value | undefined;
  /** Its own and those of its ancestors. */
  readonly problems: readonly ModelProblem[];
  /** False when a parent is missing: it may stand in a file that can't be read. */
  readonly isComplete: boolean;
  /** The longest line of parents, nearest first. */
  readonly line: readonly string[];
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
      return { value, problems: [], isComplete: true, line: [], ancestors: [] };
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

function withParents(
  ctx: QueryContext,
  root: string,
  name: string,
  own: MapValue,
  parents: readonly Parent[],
): Extended {
  // GitLab fails at the entry that is wrong, whoever extends it; many ways may lead to that one.
  const problems = new Set<ModelProblem>();
  const ancestors = new Set<string>();
  let base: Value | undefined;
  let isComplete = true;
  let line: readonly string[] = [];
  const { sound, broken } = checkParents(ctx, root, name, parents);
  for (const parent of sound) {
    const extended = ctx.get(extendedOf, rootKey(root, parent.name));
    if (extended.value === undefined) continue;
    isComplete &&= extended.isComplete;
    for (const problem of extended.problems) problems.add(problem);
    if (extended.line.length >= line.length) line = [parent.name, ...extended.line];
    for (const ancestor of [parent.name, ...extended.ancestors]) ancestors.add(ancestor);
    const value = throughHops(extended.value, [{ kind: "extends", name: parent.name, at: parent.at }]);
    base = base === undefined ? value : mergeValues(base, value);
  }
  for (const problem of broken) problems.add(problem);
  isComplete &&= sound.length === parents.length;
  if (line.length === MAX_EXTENDS + 1) problems.add(tooDeep(name, own, line));
  return {
    value: base === undefined ? own : mergeValues(base, own),
    problems: [...problems],
    isComplete,
    line,
    ancestors: [...ancestors],
  };
}

/** GitLab names the entry at which it gives up, not the one that it came from. */
function tooDeep(name: string, own: MapValue, line: readonly string[]): ModelProblem {
  const last = line[MAX_EXTENDS - 1] ?? name;
  const levels = `${name} has ${line.length} levels of parents, ${MAX_EXTENDS} are allowed`;
  return error(
    own.entries.get("extends")?.value.at ?? own.at,
    `${last}: nesting too deep in \`extends\` (${levels})`,
  );
}

interface CheckedParents {
  readonly sound: readonly Parent[];
  readonly broken: readonly ModelProblem[];
}

/** Leaves out parents that lead in a circle, that are missing or that are no mappings. */
function checkParents(
  ctx: QueryContext,
  root: string,
  name: string,
  parents: readonly Parent[],
): CheckedParents {
  const broken: ModelProblem[] = [];
  const reachable = reachableFrom(ctx, root, name);
  if (reachable.names.size > MAX_ANCESTORS) {
    return { sound: [], broken: listed(parents.slice(0, 1), `${name}: nesting too deep in \`extends\``) };
  }
  const kindOf = (parent: Parent): Value["kind"] | undefined =>
    ctx.get(includedValueOf, rootKey(root, parent.name))?.kind;
  if (!reachable.isCircular && parents.every((parent) => kindOf(parent) === "map")) {
    return { sound: parents, broken };
  }
  const leadsBack = (parent: Parent): boolean => reachableFrom(ctx, root, parent.name).names.has(name);
  const circular = reachable.isCircular ? parents.filter(leadsBack) : [];
  const others = parents.filter((parent) => !circular.includes(parent));
  const missing = others.filter((parent) => kindOf(parent) === undefined);
  const shapeless = others.filter((parent) => !missing.includes(parent) && kindOf(parent) !== "map");
  const [firstCircular] = circular;
  if (firstCircular !== undefined && isFirstOfCircle(ctx, root, name)) {
    broken.push(error(firstCircular.at, `${name}: circular dependency detected in \`extends\``));
  }
  // In an open pipeline a missing parent may stand in a file that can't be read.
  if (ctx.get(pipelineFilesOf, root).isClosed)
    broken.push(...listed(missing, `${name}: unknown keys in \`extends\``));
  const known = shapeless.filter((parent) => kindOf(parent) !== "unknown");
  broken.push(...listed(known, `${name}: invalid base hashes in \`extends\``));
  return {
    sound: others.filter((parent) => !missing.includes(parent) && !shapeless.includes(parent)),
    broken,
  };
}

/** One problem for all of them, at the first. */
function listed(parents: readonly Parent[], message: string): readonly ModelProblem[] {
  const [first] = parents;
  return first === undefined
    ? []
    : [error(first.at, `${message} (${parents.map((parent) => parent.name).join(", ")})`)];
}

/** A circle is told once, at the entry that comes first in the pipeline. */
function isFirstOfCircle(ctx: QueryContext, root: string, name: string): boolean {
  const circle = [...reachableFrom(ctx, root, name).names].filter((other) =>
    reachableFrom(ctx, root, other).names.has(name),
  );
  return ctx.get(rootNamesOf, root).find((other) => other === name || circle.includes(other)) === name;
}

interface Reachable {
  /** All names that following `extends` arrives at, the start included. */
  readonly names: ReadonlySet<string>;
  /** Whether it comes back to the start. */
  readonly isCircular: boolean;
}

/** Told from what is written, before any parent is resolved. */
function reachableFrom(ctx: QueryContext, root: string, from: string): Reachable {
  const names = new Set<string>();
  const queue = [from];
  let isCircular = false;
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (names.has(name)) continue;
    names.add(name);
    const value = ctx.get(includedValueOf, rootKey(root, name));
    if (value?.kind !== "map") continue;
    for (const parent of parentsOf(value)) {
      isCircular ||= parent.name === from;
      queue.push(parent.name);
    }
  }
  return { names, isCircular };
}

const error = (at: Origin, message: string): ModelProblem => ({ at, message, severity: "error" });
