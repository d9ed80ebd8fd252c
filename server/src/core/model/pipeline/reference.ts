// `!reference [job, key, …]`: resolved after `extends`, in the whole pipeline.
// https://docs.gitlab.com/ci/yaml/yaml_optimization/#reference-tags ; errors in the words of
// lib/gitlab/ci/config/yaml/tags/{base,reference}.rb
import { defineQuery, type QueryContext } from "../../query/query";
import { sameOrigin } from "../../text/located";
import { extendedOf } from "./extends";
import { pipelineFilesOf } from "./include";
import { mapParts, throughHops } from "./merge";
import type { ModelProblem } from "./problem";
import { rootKey, rootNamesOf, splitRootKey, type RootKey } from "./root-table";
import { keptValue } from "./same-value";
import type { UnknownValue, Value } from "./value";

/** A guard of our own: GitLab limits how deep lists in a script may nest (read-job.ts), not how long a chain may be. */
const MAX_REFERENCES = 100;

/** How many values one entry may become: references to lists of references grow without bound. */
const MAX_VALUES = 50_000;

export interface Referenced {
  readonly value: Value | undefined;
  readonly problems: readonly ModelProblem[];
  /** False where a part of the value stays unknown, or a parent is missing. */
  readonly isComplete: boolean;
  readonly ancestors: readonly string[];
  /** Names of the entries that `!reference` took parts of, directly or through others. */
  readonly sources: readonly string[];
}

/** A root entry with parents and references resolved. */
export const referencedOf = defineQuery<RootKey, Referenced>({
  name: "referencedOf",
  compute: (ctx, key, previous) => {
    const [root] = splitRootKey(key);
    const extended = ctx.get(extendedOf, key);
    const state: Resolution = {
      ctx,
      root,
      problems: [...extended.problems],
      unknown: false,
      open: [],
      sources: [],
      left: MAX_VALUES,
    };
    const value = extended.value === undefined ? undefined : resolve(state, extended.value);
    const isComplete = extended.isComplete && !state.unknown;
    return {
      value: keptValue(previous?.value, value),
      problems: state.problems,
      isComplete,
      ancestors: extended.ancestors,
      sources: state.sources,
    };
  },
});

interface Resolution {
  readonly ctx: QueryContext;
  readonly root: string;
  readonly problems: ModelProblem[];
  unknown: boolean;
  /** The references that are being followed, outermost first. */
  readonly open: Followed[];
  readonly sources: string[];
  left: number;
}

/** A reference, by where it is written: the same text elsewhere is another one. */
interface Followed {
  readonly value: UnknownValue;
  readonly path: readonly string[];
}

function resolve(state: Resolution, value: Value): Value {
  state.left -= 1;
  switch (value.kind) {
    case "scalar":
      return value;
    case "list":
    case "map":
      return mapParts(value, (part) => resolve(state, part));
    case "unknown":
      return value.reference === undefined ? unresolved(state, value) : follow(state, value, value.reference);
  }
}

/** A value that could not be read: said once, at its place. */
function unresolved(state: Resolution, value: UnknownValue): UnknownValue {
  state.unknown = true;
  if (value.isOpen !== true) state.problems.push({ at: value.at, severity: "error", message: value.because });
  return value;
}

function follow(state: Resolution, value: UnknownValue, path: readonly string[]): Value {
  const start = state.open.findIndex((each) => sameOrigin(each.value.at, value.at));
  if (start !== -1) return circular(state, value, state.open.slice(start));
  if (state.open.length >= MAX_REFERENCES)
    return unresolved(state, { ...value, because: `${nameOf(path)} is nested too deeply` });
  if (state.left < 0) {
    const because = `${nameOf(path)} unfolds to more than ${MAX_VALUES} values`;
    return unresolved(state, { ...value, because });
  }
  const target = dig(state, path);
  if (target === undefined) return missing(state, value, nameOf(path));
  state.open.push({ value, path });
  if (path[0] !== undefined) state.sources.push(path[0]);
  const resolved = resolve(state, target);
  state.open.pop();
  return throughHops(resolved, [...value.via, { kind: "reference", name: path.join(" "), at: value.at }]);
}

/** As Ruby shows a list of texts. */
const nameOf = (path: readonly string[]): string =>
  `!reference [${path.map((part) => JSON.stringify(part)).join(", ")}]`;

/** A circle is told once, whoever runs into it: at the reference that GitLab follows first. */
function circular(state: Resolution, value: UnknownValue, circle: readonly Followed[]): UnknownValue {
  const names = state.ctx.get(rootNamesOf, state.root);
  // The entry that holds a reference is the one that the reference before it, in the circle, leads to.
  const holders = circle.map((_, index) => names.indexOf(circle.at(index - 1)?.path[0] ?? ""));
  const first = circle[holders.indexOf(Math.min(...holders))];
  const because = `${nameOf(first?.path ?? [])} is part of a circular chain`;
  state.unknown = true;
  state.problems.push({ at: first?.value.at ?? value.at, severity: "error", message: because });
  return { ...value, because };
}

function missing(state: Resolution, value: UnknownValue, name: string): Value {
  const because = `${name} could not be found`;
  // In an open pipeline it may stand in a file that can't be read; that the include is unread is said elsewhere.
  if (state.ctx.get(pipelineFilesOf, state.root).isClosed) return unresolved(state, { ...value, because });
  state.unknown = true;
  return { ...value, because };
}

/**
 * The value at a path, before references inside it are resolved; undefined where there is none. Ruby's `dig` finds nothing
 * in lists and in references, and GitLab takes null and false for nothing.
 */
function dig(state: Resolution, path: readonly string[]): Value | undefined {
  const [first = "", ...rest] = path;
  let value = state.ctx.get(extendedOf, rootKey(state.root, first)).value;
  for (const key of rest) {
    value = value?.kind === "map" ? value.entries.get(key)?.value : undefined;
  }
  return value?.kind === "scalar" && (value.node.value === null || value.node.value === false)
    ? undefined
    : value;
}
