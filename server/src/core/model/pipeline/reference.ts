// `!reference [job, key, …]`: resolved after `extends`, in the whole pipeline, to ten levels.
// https://docs.gitlab.com/ci/yaml/yaml_optimization/#reference-tags
import { defineQuery, type QueryContext } from "../../query/query";
import { extendedOf } from "./extends";
import { pipelineFilesOf } from "./include";
import { mapEntries, throughHops } from "./merge";
import type { ModelProblem } from "./problem";
import { rootKey, splitRootKey, type RootKey } from "./root-table";
import type { UnknownValue, Value } from "./value";

/** GitLab's limit on references inside references. */
export const MAX_REFERENCES = 10;

export interface Referenced {
  readonly value: Value | undefined;
  readonly problems: readonly ModelProblem[];
  /** False where a part of the value stays unknown, or a parent is missing. */
  readonly isComplete: boolean;
  readonly ancestors: readonly string[];
}

/** A root entry with parents and references resolved. */
export const referencedOf = defineQuery<RootKey, Referenced>({
  name: "referencedOf",
  compute: (ctx, key) => {
    const [root] = splitRootKey(key);
    const extended = ctx.get(extendedOf, key);
    const state: Resolution = { ctx, root, problems: [...extended.problems], unknown: false, open: [] };
    const value = extended.value === undefined ? undefined : resolve(state, extended.value);
    return { value, problems: state.problems, isComplete: extended.isComplete && !state.unknown, ancestors: extended.ancestors };
  },
});

interface Resolution {
  readonly ctx: QueryContext;
  readonly root: string;
  readonly problems: ModelProblem[];
  unknown: boolean;
  /** Paths of the references that are being followed. */
  readonly open: string[];
}

function resolve(state: Resolution, value: Value): Value {
  switch (value.kind) {
    case "scalar":
      return value;
    case "list":
      return { ...value, items: value.items.map((item) => resolve(state, item)) };
    case "map":
      return { ...value, entries: mapEntries(value.entries, (entry) => ({ ...entry, value: resolve(state, entry.value) })) };
    case "unknown":
      return value.reference === undefined ? unresolved(state, value) : follow(state, value, value.reference);
  }
}

/** A value that could not be read: said once, at its place. */
function unresolved(state: Resolution, value: UnknownValue): UnknownValue {
  state.unknown = true;
  state.problems.push({ at: value.at, severity: "error", message: value.because });
  return value;
}

function follow(state: Resolution, value: UnknownValue, path: readonly string[]): Value {
  const name = `[${path.map((part) => JSON.stringify(part)).join(", ")}]`;
  if (state.open.includes(name)) {
    return unresolved(state, { ...value, because: `!reference ${name} is part of a circular chain` });
  }
  if (state.open.length >= MAX_REFERENCES) {
    return unresolved(state, { ...value, because: `!reference ${name} is nested too deeply (more than ${MAX_REFERENCES} levels)` });
  }
  const target = dig(state, path);
  if (target === undefined) return missing(state, value, name);
  state.open.push(name);
  const resolved = resolve(state, target);
  state.open.pop();
  return throughHops(resolved, [...value.via, { kind: "reference", name: path.join(" "), at: value.at }]);
}

function missing(state: Resolution, value: UnknownValue, name: string): Value {
  const because = `!reference ${name} could not be found`;
  // In an open pipeline it may stand in a file that can't be read; that the include is unread is said elsewhere.
  if (state.ctx.get(pipelineFilesOf, state.root).isClosed) return unresolved(state, { ...value, because });
  state.unknown = true;
  return { ...value, because };
}

/** The value at a path, before references inside it are resolved; undefined where there is none or it is null. */
function dig(state: Resolution, path: readonly string[]): Value | undefined {
  const [first = "", ...rest] = path;
  let value = state.ctx.get(extendedOf, rootKey(state.root, first)).value;
  for (const key of rest) {
    value = value?.kind === "map" ? value.entries.get(key)?.value : undefined;
  }
  return value?.kind === "scalar" && value.node.value === null ? undefined : value;
}

