// The way from the root of a YAML file to the node at a spot: keys and indexes, with the nodes.
import { yamlOf } from "../../model/pipeline/yaml-of";
import type { QueryContext } from "../../query/query";
import { keyText, type YamlBlock, type YamlNode, type YamlPair } from "../../syntax/yaml-nodes";
import { isIn, type Spot } from "./spot";

export interface YamlPath {
  /** `["build", "services", 0, "alias"]`. */
  readonly keys: readonly (string | number)[];
  /** The pairs on the way, outermost first. */
  readonly pairs: readonly YamlPair[];
  /** "value" also where the spot lies between the key and what is written of the value. */
  readonly on: "key" | "value";
  /** The key, or the innermost value. */
  readonly node: YamlNode;
}

/** Undefined between entries, in comments behind them, and where the root is no mapping. */
export function yamlPathAt(ctx: QueryContext, spot: Spot): YamlPath | undefined {
  const yaml = ctx.get(yamlOf, spot.file.path);
  const blocks = yaml?.documents.flatMap((document) => document.blocks) ?? [];
  for (const block of blocks) {
    if (block.chunk !== spot.chunk) continue;
    const found = inBlock(block, spot);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Way {
  readonly keys: readonly (string | number)[];
  readonly pairs: readonly YamlPair[];
}

const inBlock = (block: YamlBlock, spot: Spot): YamlPath | undefined =>
  block.root === undefined
    ? inPairs(block.pairs, spot, { keys: [], pairs: [] })
    : descend(block.root, spot, { keys: [], pairs: [] });

function inPairs(pairs: readonly YamlPair[], spot: Spot, way: Way): YamlPath | undefined {
  const pair = pairs.find(({ at }) => isIn(spot, at));
  if (pair === undefined) return undefined;
  const below: Way = { keys: [...way.keys, keyText(pair) ?? ""], pairs: [...way.pairs, pair] };
  if (isIn(spot, pair.key.at)) return { ...below, on: "key", node: pair.key };
  return descend(pair.value, spot, below) ?? { ...below, on: "value", node: pair.value };
}

function descend(node: YamlNode, spot: Spot, way: Way): YamlPath | undefined {
  if (!isIn(spot, node.at)) return undefined;
  const here: YamlPath = { ...way, on: "value", node };
  if (node.kind === "map") return inPairs(node.pairs, spot, way) ?? here;
  if (node.kind !== "seq") return here;
  const index = node.items.findIndex((item) => isIn(spot, item.at));
  const item = node.items[index];
  return item === undefined ? here : (descend(item, spot, { ...way, keys: [...way.keys, index] }) ?? here);
}
