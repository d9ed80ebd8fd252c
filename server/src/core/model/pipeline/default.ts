// What jobs inherit: `default:` and the deprecated root keywords, copied whole into jobs that lack the keyword.
// https://docs.gitlab.com/ci/yaml/#default , https://docs.gitlab.com/ci/yaml/#inherit
import { defineQuery } from "../../query/query";
import type { Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { DEFAULT_KEYWORDS, JOB_MARKS, ROOT_DEFAULT_KEYWORDS } from "./keywords";
import { throughHops } from "./merge";
import type { ModelProblem } from "./problem";
import { referencedOf, type Referenced } from "./reference";
import { definitionsOf, rootKey } from "./root-table";
import type { Entry, Value } from "./value";

export interface Defaults {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly problems: readonly ModelProblem[];
  readonly isComplete: boolean;
}

/** The keywords that a pipeline's jobs inherit, by name. */
export const defaultsOf = defineQuery<FilePath, Defaults>({
  name: "defaultsOf",
  compute: (ctx, root) => {
    const entries = new Map<string, Entry>();
    const parts: Referenced[] = [];
    for (const keyword of ROOT_DEFAULT_KEYWORDS) {
      const key = rootKey(root, keyword);
      const part = ctx.get(referencedOf, key);
      const pair = ctx.get(definitionsOf, key).at(-1);
      parts.push(part);
      if (part.value !== undefined && pair !== undefined && !isNullValue(part.value)) {
        entries.set(keyword, { key: keyword, keyAt: pair.key.at, value: part.value });
      }
    }
    const block = ctx.get(referencedOf, rootKey(root, "default"));
    parts.push(block);
    const problems = parts.flatMap((part) => part.problems);
    for (const entry of defaultEntries(block.value)) {
      const atRoot = entries.get(entry.key);
      if (atRoot !== undefined) problems.push(definedTwice(atRoot));
      entries.set(entry.key, entry);
    }
    return { entries, problems, isComplete: parts.every((part) => part.isComplete) };
  },
});

/** What `default:` sets: a mapping that holds a job is none. */
function defaultEntries(block: Value | undefined): readonly Entry[] {
  if (block?.kind !== "map" || JOB_MARKS.some((mark) => block.entries.has(mark))) return [];
  return DEFAULT_KEYWORDS.flatMap((keyword) => {
    const entry = block.entries.get(keyword);
    return entry === undefined || isNullValue(entry.value) ? [] : [entry];
  });
}

/** lib/gitlab/ci/config/entry/default.rb: no pipeline is created then. */
const definedTwice = (entry: Entry): ModelProblem => ({
  at: entry.keyAt,
  message: `${entry.key} is defined in top-level and \`default:\` entry`,
  severity: "error",
});

export const isNullValue = (value: Value): boolean => value.kind === "scalar" && value.node.value === null;

/**
 * A job's own keywords over the inherited ones. `null` counts as absent, an empty list does not.
 * `nameAt` is where the hop is shown: the job's name, since nothing in the job says that it inherits.
 */
export function withDefaults(
  own: ReadonlyMap<string, Entry>,
  defaults: Defaults,
  nameAt: Origin,
): ReadonlyMap<string, Entry> {
  const result = new Map<string, Entry>();
  for (const entry of own.values()) if (!isNullValue(entry.value)) result.set(entry.key, entry);
  const inherits = inheritedKeywords(own.get("inherit")?.value);
  for (const entry of defaults.entries.values()) {
    const { key } = entry;
    if (result.has(key) || !inherits(key)) continue;
    result.set(key, {
      ...entry,
      value: throughHops(entry.value, [{ kind: "default", name: key, at: nameAt }]),
    });
  }
  return result;
}

/** `inherit: { default: false | [names] }`; anything else inherits all. */
function inheritedKeywords(inherit: Value | undefined): (keyword: string) => boolean {
  return listedNames(inherit, "default");
}

/** What `inherit:default` or `inherit:variables` lets through. */
export function listedNames(
  inherit: Value | undefined,
  what: "default" | "variables",
): (name: string) => boolean {
  const value = inherit?.kind === "map" ? inherit.entries.get(what)?.value : undefined;
  if (value?.kind === "scalar" && value.node.value === false) return () => false;
  if (value?.kind !== "list") return () => true;
  const names = new Set(value.items.map((item) => (item.kind === "scalar" ? item.node.text : "")));
  return (name) => names.has(name);
}
