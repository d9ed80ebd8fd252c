// YAML nodes to values: aliases and merge keys followed, with the way each value came. `!reference` stays for later,
// because GitLab resolves it after `extends`.
import type { QueryContext } from "../../query/query";
import { isNull, keyText, type YamlAlias, type YamlMap, type YamlNode, type YamlSeq } from "../../syntax/yaml-nodes";
import type { Hop } from "../../text/located";
import type { Entry, MapValue, UnknownValue, Value } from "./value";
import { aliasTarget } from "./yaml-of";

/** How many values one entry of a pipeline may unfold to: aliases of aliases grow without bound ("billion laughs"). */
export const MAX_VALUES = 20_000;
/** Aliases inside aliases, and nesting of values. */
const MAX_DEPTH = 200;

interface Expansion {
  readonly ctx: QueryContext;
  left: number;
  depth: number;
  /** Aliases being followed: an anchor may hold an alias to itself. */
  readonly open: Set<YamlNode>;
}

/** Follows everything below a node. What is too large, cyclic or undefined becomes an unknown value at its place. */
export function expandNode(ctx: QueryContext, node: YamlNode): Value {
  return expand({ ctx, left: MAX_VALUES, depth: 0, open: new Set() }, node, []);
}

function expand(state: Expansion, node: YamlNode, via: readonly Hop[]): Value {
  state.left -= 1;
  if (state.left < 0) return unknown(node, via, "aliases unfold to too many values");
  if (state.depth > MAX_DEPTH) return unknown(node, via, "values are nested too deeply");
  state.depth += 1;
  const value = expandKind(state, node, via);
  state.depth -= 1;
  return value;
}

function expandKind(state: Expansion, node: YamlNode, via: readonly Hop[]): Value {
  switch (node.kind) {
    case "scalar":
      return { kind: "scalar", node, at: node.at, via };
    case "alias":
      return expandAlias(state, node, via);
    case "seq":
      return node.tag === "!reference"
        ? reference(state, node, via)
        : { kind: "list", node, at: node.at, via, items: node.items.map((item) => expand(state, item, via)) };
    case "map":
      return expandMap(state, node, via);
  }
}

function expandAlias(state: Expansion, alias: YamlAlias, via: readonly Hop[]): Value {
  const target = aliasTarget(state.ctx, alias);
  if (target === undefined) return unknown(alias, via, `no anchor \`&${alias.name}\` stands before this alias`);
  if (state.open.has(target)) return unknown(alias, via, `the anchor \`&${alias.name}\` holds itself`);
  state.open.add(target);
  const value = expand(state, target, [...via, { kind: "alias", name: alias.name, at: alias.at }]);
  state.open.delete(target);
  return value;
}

function expandMap(state: Expansion, map: YamlMap, via: readonly Hop[]): MapValue {
  const entries = new Map<string, Entry>();
  for (const pair of map.pairs) {
    const key = keyText(pair);
    if (key === undefined) continue;
    if (key === "<<" && pair.key.kind === "scalar" && pair.key.style === "plain") {
      for (const entry of mergedEntries(state, pair.value, via)) entries.set(entry.key, entry);
    } else {
      entries.set(key, { key, keyAt: pair.key.at, value: expand(state, pair.value, via) });
    }
  }
  return { kind: "map", node: map, at: map.at, via, entries };
}

/**
 * What a merge key brings. Ruby's Psych reads pairs in order and the last wins, `<<` among them; in a list behind `<<`
 * the earlier mapping wins. https://github.com/ruby/psych/blob/master/lib/psych/visitors/to_ruby.rb (revive_hash)
 */
function mergedEntries(state: Expansion, node: YamlNode, via: readonly Hop[]): readonly Entry[] {
  if (node.kind === "seq") return [...node.items].reverse().flatMap((item) => mergedEntries(state, item, via));
  if (node.kind === "map") return [...expandMap(state, node, via).entries.values()];
  if (node.kind !== "alias") return [];
  const target = aliasTarget(state.ctx, node);
  const hop: Hop = { kind: "merge", name: node.name, at: node.at };
  if (target === undefined || target.kind === "scalar" || state.open.has(target)) return [];
  state.open.add(target);
  const entries = mergedEntries(state, target, [...via, hop]);
  state.open.delete(target);
  return entries;
}

function reference(state: Expansion, node: YamlSeq, via: readonly Hop[]): UnknownValue {
  const path: string[] = [];
  for (const item of node.items) {
    const target = item.kind === "alias" ? aliasTarget(state.ctx, item) : item;
    if (target?.kind !== "scalar" || isNull(target)) {
      return unknown(node, via, "`!reference` takes a list of names, such as `!reference [.setup, script]`");
    }
    path.push(target.text);
  }
  return { kind: "unknown", at: node.at, via, because: "an unresolved `!reference`", reference: path };
}

const unknown = (node: YamlNode, via: readonly Hop[], because: string): UnknownValue => ({ kind: "unknown", at: node.at, via, because });
