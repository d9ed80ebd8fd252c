// What jobs keep for others: `cache` and `artifacts`, as far as their paths are plain.
// https://docs.gitlab.com/ci/caching/ , https://docs.gitlab.com/ci/yaml/#artifacts
import type { Job } from "./job";
import type { ListValue, MapValue, ScalarValue, Value } from "./value";

export interface StoredPath {
  /** Below the repository's root, without `./`, stars at the end and slashes around: "dist". */
  readonly path: string;
  readonly item: ScalarValue;
  /** The list in which it is written. */
  readonly list: ListValue;
}

export interface Cache {
  readonly value: MapValue;
  /** As written; "default" where none is. Undefined for a key that is made of files. */
  readonly key: string | undefined;
  readonly paths: readonly StoredPath[];
  readonly pulls: boolean;
  readonly pushes: boolean;
}

/** The caches of a job that could be read. */
export function cachesOf({ keywords }: Job): readonly Cache[] {
  const value = keywords.get("cache")?.value;
  const maps = value?.kind === "list" ? value.items : value === undefined ? [] : [value];
  return maps.flatMap((map) => (map.kind === "map" ? [cacheOf(map)] : []));
}

function cacheOf(value: MapValue): Cache {
  const { entries } = value;
  const policy = textOf(entries.get("policy")?.value) ?? "pull-push";
  const key = entries.get("key")?.value;
  return {
    value,
    key: key === undefined ? "default" : textOf(key.kind === "map" ? key.entries.get("prefix")?.value : key),
    paths: pathsIn(entries.get("paths")?.value),
    pulls: policy.includes("pull") || policy.includes("$"),
    pushes: policy.includes("push") || policy.includes("$"),
  };
}

export interface Artifacts {
  readonly value: MapValue;
  readonly paths: readonly StoredPath[];
  /** False where there may be more: patterns, variables, `untracked`. */
  readonly isExact: boolean;
  readonly hasExpiry: boolean;
}

/** The artifacts of a job; undefined where it has none, or they could not be read. */
export function artifactsOf({ keywords }: Job): Artifacts | undefined {
  const value = keywords.get("artifacts")?.value;
  if (value?.kind !== "map") return undefined;
  const list = value.entries.get("paths")?.value;
  const paths = pathsIn(list);
  const count = list === undefined ? 0 : list.kind === "list" ? list.items.length : Infinity;
  const isExact = paths.length === count && !value.entries.has("untracked");
  return { value, paths, isExact, hasExpiry: value.entries.has("expire_in") };
}

const textOf = (value: Value | undefined): string | undefined =>
  value?.kind === "scalar" ? value.node.text : undefined;

const pathsIn = (value: Value | undefined): readonly StoredPath[] =>
  value?.kind === "list"
    ? value.items.flatMap((item) => {
        const path = item.kind === "scalar" ? plainPath(item.node.text) : undefined;
        return path === undefined || item.kind !== "scalar" ? [] : [{ path, item, list: value }];
      })
    : [];

/** Undefined where other variables or patterns in the middle leave the path open. */
function plainPath(written: string): string | undefined {
  const path = written
    .trim()
    .replace(/^(\$CI_PROJECT_DIR|\$\{CI_PROJECT_DIR\})\/?/, "")
    .replace(/^(\.?\/)+/, "")
    .replace(/(\/\*\*?)+$/, "")
    .replace(/\/+$/, "");
  return path === "" || /[$*?[{]/.test(path) ? undefined : path;
}

/** Whether one path holds the other, or is it. */
export const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(`${folder}/`);
