// All root entries of a pipeline by name, each with every file that writes it: what jobs, templates and globals are made of.
import { defineQuery, type QueryContext } from "../../query/query";
import { keyText, type YamlPair } from "../../syntax/yaml-nodes";
import type { FilePath } from "../../text/source-file";
import { expandNode } from "./expand";
import { pipelineFilesOf } from "./include";
import { mergeValues } from "./merge";
import type { Value } from "./value";
import { rootPairsOf, sameItems, yamlOf } from "./yaml-of";

/** The name of a root entry within a pipeline, as a query key. */
export type RootKey = string;

const SEPARATOR = "\0";
export const rootKey = (root: FilePath, name: string): RootKey => root + SEPARATOR + name;
export function splitRootKey(key: RootKey): readonly [root: FilePath, name: string] {
  const at = key.indexOf(SEPARATOR);
  return [key.slice(0, at), key.slice(at + 1)];
}

/** Names of the pipeline's root entries -> who writes them, in the order in which GitLab merges. */
const rootTableOf = defineQuery<FilePath, ReadonlyMap<string, readonly YamlPair[]>>({
  name: "rootTableOf",
  compute: (ctx, root) => {
    const table = new Map<string, YamlPair[]>();
    for (const file of ctx.get(pipelineFilesOf, root).files) {
      const yaml = ctx.get(yamlOf, file);
      if (yaml === undefined) continue;
      // Of duplicate keys in one file only the last counts: Psych reads the mapping before anything is merged.
      const ofFile = new Map<string, YamlPair>();
      for (const pair of rootPairsOf(yaml)) {
        const name = keyText(pair);
        if (name !== undefined) ofFile.set(name, pair);
      }
      for (const [name, pair] of ofFile) {
        const pairs = table.get(name);
        if (pairs === undefined) table.set(name, [pair]);
        else pairs.push(pair);
      }
    }
    return table;
  },
});

/** Names of all root entries, in order of their first appearance. */
export const rootNamesOf = defineQuery<FilePath, readonly string[]>({
  name: "rootNamesOf",
  compute: (ctx, root) => [...ctx.get(rootTableOf, root).keys()],
  equals: sameItems,
});

/** The entries that write a name, the winning one last; empty where nothing does. */
export const definitionsOf = defineQuery<RootKey, readonly YamlPair[]>({
  name: "definitionsOf",
  compute: (ctx, key) => {
    const [root, name] = splitRootKey(key);
    return ctx.get(rootTableOf, root).get(name) ?? [];
  },
  equals: sameItems,
});

/** The value of a root entry after includes, anchors and merge keys, before `extends`; undefined where it is absent. */
export const includedValueOf = defineQuery<RootKey, Value | undefined>({
  name: "includedValueOf",
  compute: (ctx, key) => mergedDefinitions(ctx, ctx.get(definitionsOf, key)),
});

function mergedDefinitions(ctx: QueryContext, pairs: readonly YamlPair[]): Value | undefined {
  let value: Value | undefined;
  for (const pair of pairs) {
    const own = expandNode(ctx, pair.value);
    value = value === undefined ? own : mergeValues(value, own);
  }
  return value;
}
