// All root entries of a pipeline by name, each with every use of a file that writes it: what jobs, templates and globals
// are made of.
import { defineQuery, type QueryContext } from "../../query/query";
import { keyText, type YamlPair } from "../../syntax/yaml-nodes";
import type { FilePath } from "../../text/source-file";
import { expandNode } from "./expand";
import { pipelineFilesOf } from "./include";
import { interpolateText, type Inputs } from "./inputs-interpolate";
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

/** An entry as it is written, with the inputs of one use of its file: a file may be included twice with different ones. */
interface Instance {
  readonly pair: YamlPair;
  readonly inputs: Inputs | undefined;
}

/** Names of the pipeline's root entries -> who writes them, in the order in which GitLab merges. */
const rootTableOf = defineQuery<FilePath, ReadonlyMap<string, readonly Instance[]>>({
  name: "rootTableOf",
  compute: (ctx, root) => {
    const table = new Map<string, Instance[]>();
    for (const { file, inputs } of ctx.get(pipelineFilesOf, root).uses) {
      const yaml = ctx.get(yamlOf, file);
      if (yaml === undefined) continue;
      // Of duplicate keys in one file only the last counts: Psych reads the mapping before anything is merged.
      const ofFile = new Map<string, Instance>();
      for (const pair of rootPairsOf(yaml)) {
        const name = keyText(pair);
        if (name !== undefined)
          ofFile.set(inputs === undefined ? name : interpolateText(name, inputs), { pair, inputs });
      }
      for (const [name, instance] of ofFile) {
        const instances = table.get(name);
        if (instances === undefined) table.set(name, [instance]);
        else instances.push(instance);
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

const instancesOf = defineQuery<RootKey, readonly Instance[]>({
  name: "instancesOf",
  compute: (ctx, key) => {
    const [root, name] = splitRootKey(key);
    return ctx.get(rootTableOf, root).get(name) ?? [];
  },
  equals: (a, b) =>
    a.length === b.length && a.every((each, at) => each.pair === b[at]?.pair && each.inputs === b[at].inputs),
});

/** The entries that write a name, as they are written, the winning one last; empty where nothing does. */
export const definitionsOf = defineQuery<RootKey, readonly YamlPair[]>({
  name: "definitionsOf",
  compute: (ctx, key) => ctx.get(instancesOf, key).map(({ pair }) => pair),
  equals: sameItems,
});

/** The value of a root entry after includes, inputs, anchors and merge keys, before `extends`; undefined where it is absent. */
export const includedValueOf = defineQuery<RootKey, Value | undefined>({
  name: "includedValueOf",
  compute: (ctx, key) => mergedInstances(ctx, ctx.get(instancesOf, key)),
});

function mergedInstances(ctx: QueryContext, instances: readonly Instance[]): Value | undefined {
  let value: Value | undefined;
  for (const { pair, inputs } of instances) {
    const own = expandNode(ctx, pair.value, inputs);
    value = value === undefined ? own : mergeValues(value, own);
  }
  return value;
}
