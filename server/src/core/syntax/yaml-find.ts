// Finds the mapping or list that holds a node: our trees know their children only, which keeps their parts reusable.
import type { Origin } from "../text/located";
import type { YamlFile, YamlMap, YamlNode, YamlPair, YamlSeq } from "./yaml-nodes";

export interface Holder {
  readonly map: YamlMap;
  readonly pair: YamlPair;
}

/** The pair whose key or value lies at a place, with its mapping; undefined for entries of the root mapping. */
export function holderOf(file: YamlFile, at: Origin): Holder | undefined {
  for (const document of file.documents) {
    for (const block of document.blocks) {
      if (block.chunk !== at.chunk) continue;
      const roots = block.root === undefined ? block.pairs.map((pair) => pair.value) : [block.root];
      for (const root of roots) {
        const found = search(root, at);
        if (found !== undefined) return found;
      }
    }
  }
  return undefined;
}

function search(node: YamlNode, at: Origin): Holder | undefined {
  if (node.kind === "scalar" || node.kind === "alias" || !covers(node, at)) return undefined;
  if (node.kind === "seq") return firstFound(node.items, at);
  for (const pair of node.pairs) {
    if (isAt(pair.key, at) || isAt(pair.value, at)) return { map: node, pair };
  }
  return firstFound(
    node.pairs.map((pair) => pair.value),
    at,
  );
}

function firstFound(nodes: YamlSeq["items"], at: Origin): Holder | undefined {
  for (const node of nodes) {
    const found = search(node, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isAt = (node: YamlNode, at: Origin): boolean => node.at.start === at.start && node.at.end === at.end;
const covers = (node: YamlNode, at: Origin): boolean => node.at.start <= at.start && at.end <= node.at.end;
