// YAML nodes to values: aliases and merge keys followed, inputs put in, with the way each value came. `!reference` stays
// for later, because GitLab resolves it after `extends`.
import type { QueryContext } from "../../query/query";
import { keyText, type YamlAlias, type YamlMap, type YamlNode, type YamlSeq } from "../../syntax/yaml-nodes";
import { textAt, type Hop } from "../../text/located";
import { interpolateScalar, interpolateText, type Inputs } from "./inputs-interpolate";
import type { Entry, MapValue, UnknownValue, Value } from "./value";
import { aliasTarget } from "./yaml-of";

/** How many values one entry of a pipeline may unfold to: aliases of aliases grow without bound ("billion laughs"). */
export const MAX_VALUES = 20_000;
const AFTER_BOMB = 1_000;
/** Aliases inside aliases, and nesting of values. */
const MAX_DEPTH = 200;

/** lib/gitlab/config/loader/yaml.rb */
const TOO_BIG = "The parsed YAML is too big";
const TOO_MANY = `${TOO_BIG}: aliases unfold to more than ${MAX_VALUES} values`;

/** The words of the syntax layer (yaml-checks.ts), so that it is said once. */
const undefinedAnchor = (name: string): string =>
  `no anchor \`&${name}\` stands before this alias: anchors do not reach across files, use \`!reference\` or \`extends\` for that`;

const NO_HOPS: readonly Hop[] = [];

interface Expansion {
  readonly ctx: QueryContext;
  readonly inputs: Inputs | undefined;
  left: number;
  depth: number;
  /** Aliases being followed: an anchor may hold an alias to itself. */
  readonly open: Set<YamlNode>;
}

/**
 * Follows everything below a node. What is too large, cyclic or undefined becomes an unknown value at its place. `inputs`
 * are those of the use of the node's file; without them `$[[ … ]]` stays text, as in a file without header.
 */
export function expandNode(ctx: QueryContext, node: YamlNode, inputs?: Inputs): Value {
  const state: Expansion = { ctx, inputs, left: MAX_VALUES, depth: 0, open: new Set() };
  const value = expand(state, node, NO_HOPS);
  // One problem for the entry: a part of what was too much would give one for each alias that was not followed.
  return state.left < 0 ? unknown(node, NO_HOPS, TOO_MANY) : value;
}

function expand(state: Expansion, node: YamlNode, via: readonly Hop[]): Value {
  // Only aliases multiply: what is written out is no longer than the file.
  if (state.open.size > 0) state.left -= 1;
  if (state.left < 0) return unknown(node, via, TOO_MANY);
  if (state.depth > MAX_DEPTH) return unknown(node, via, `${TOO_BIG}: values are nested too deeply`);
  state.depth += 1;
  const value = expandKind(state, node, via);
  state.depth -= 1;
  return value;
}

function expandKind(state: Expansion, node: YamlNode, via: readonly Hop[]): Value {
  if (node.kind !== "seq" && node.tag === "!reference") return invalidReference(node, via);
  switch (node.kind) {
    case "scalar":
      return state.inputs === undefined
        ? { kind: "scalar", node, at: node.at, via }
        : interpolateScalar(node, via, state.inputs);
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
  if (target === undefined) return unknown(alias, via, undefinedAnchor(alias.name));
  if (state.open.has(target))
    return unknown(alias, via, `${TOO_BIG}: the anchor \`&${alias.name}\` holds itself`);
  state.open.add(target);
  const value = expand(state, target, [...via, { kind: "alias", name: alias.name, at: alias.at }]);
  state.open.delete(target);
  if (state.left >= 0 || state.open.size > 0) return value;
  // Said once, where the unfolding began; what stands behind it gets a chance of its own.
  state.left = AFTER_BOMB;
  return unknown(alias, via, `${TOO_BIG}: \`*${alias.name}\` unfolds to more than ${MAX_VALUES} values`);
}

function expandMap(state: Expansion, map: YamlMap, via: readonly Hop[]): MapValue {
  const entries = new Map<string, Entry>();
  for (const pair of map.pairs) {
    const key = keyText(pair);
    if (key === undefined) continue;
    if (key === "<<" && pair.key.kind === "scalar" && pair.key.style === "plain") {
      for (const entry of mergedEntries(state, pair.value, via)) entries.set(entry.key, entry);
    } else {
      const name = state.inputs === undefined ? key : interpolateText(key, state.inputs);
      entries.set(name, { key: name, keyAt: pair.key.at, value: expand(state, pair.value, via) });
    }
  }
  return { kind: "map", node: map, at: map.at, via, entries };
}

/**
 * What a merge key brings. Ruby's Psych reads pairs in order and the last wins, `<<` among them; in a list behind `<<`
 * the earlier mapping wins. https://github.com/ruby/psych/blob/master/lib/psych/visitors/to_ruby.rb (revive_hash)
 */
function mergedEntries(state: Expansion, node: YamlNode, via: readonly Hop[]): readonly Entry[] {
  if (node.kind === "seq")
    return [...node.items].reverse().flatMap((item) => mergedEntries(state, item, via));
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

/**
 * What GitLab takes: one or more texts (lib/gitlab/ci/config/yaml/tags/reference.rb). It puts no inputs into them
 * (lib/gitlab/ci/config/interpolation/config.rb, recursive_replace).
 */
function reference(state: Expansion, node: YamlSeq, via: readonly Hop[]): UnknownValue {
  const items = node.items.map((item) => (item.kind === "alias" ? aliasTarget(state.ctx, item) : item));
  const path = items.flatMap((item) =>
    item?.kind === "scalar" && typeof item.value === "string" ? [item.text] : [],
  );
  if (path.length < items.length || path.length === 0) return invalidReference(node, via);
  return { kind: "unknown", at: node.at, via, because: "an unresolved `!reference`", reference: path };
}

const invalidReference = (node: YamlNode, via: readonly Hop[]): UnknownValue =>
  unknown(
    node,
    via,
    `!reference ${textAt(node.at)} is not valid: it takes a list of names, such as [.setup, script]`,
  );

const unknown = (node: YamlNode, via: readonly Hop[], because: string): UnknownValue => ({
  kind: "unknown",
  at: node.at,
  via,
  because,
});
