// Hover on what brings parts of a job from elsewhere: `extends`, `!reference`, anchors and aliases: the value that comes.
import { asScript, asWritten, type ChunkValue } from "../effective-value";
import { expandNode } from "../../model/pipeline/expand";
import { referencedOf } from "../../model/pipeline/reference";
import { definitionsOf, rootKey } from "../../model/pipeline/root-table";
import type { Value } from "../../model/pipeline/value";
import { yamlOf } from "../../model/pipeline/yaml-of";
import type { QueryContext } from "../../query/query";
import type { YamlNode } from "../../syntax/yaml-nodes";
import type { Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { placeText } from "../position/place-text";
import type { Spot } from "../position/spot";
import { shortYaml } from "../value-yaml";
import { block, code, paragraphs } from "./markdown";

/** Lines of YAML in a hover. */
const MOST_LINES = 24;

const valueBlock = (key: string, value: Value): string =>
  block("yaml", shortYaml(key, shownValue(key, value), MOST_LINES));

const SCRIPTS = new Set(["script", "before_script", "after_script"]);

/** Scripts are flat lists to GitLab, however they are written. */
function shownValue(key: string, value: Value): ChunkValue {
  if (SCRIPTS.has(key) && value.kind === "list") return asScript(value);
  if (value.kind !== "map") return asWritten(value);
  const entries = [...value.entries].map(([name, entry]) => [name, shownValue(name, entry.value)] as const);
  return { kind: "map", origin: undefined, entries: new Map(entries) };
}

/** A root entry with everything that it extends: what `extends: name` brings. Undefined where no pipeline has it. */
export function entryText(ctx: QueryContext, roots: readonly FilePath[], name: string): string | undefined {
  for (const root of roots) {
    const { value } = ctx.get(referencedOf, rootKey(root, name));
    if (value === undefined) continue;
    const place = ctx.get(definitionsOf, rootKey(root, name)).at(-1);
    const at = place === undefined ? "" : `, ${placeText(ctx, place.key.at)}`;
    return paragraphs(
      `**${code(name)}** with everything that it extends${at}`,
      valueBlock(name, withoutParents(value)),
    );
  }
  return undefined;
}

/** `extends` has been followed. */
function withoutParents(value: Value): Value {
  if (value.kind !== "map") return value;
  return { ...value, entries: new Map([...value.entries].filter(([key]) => key !== "extends")) };
}

/** What `!reference [job, key, …]` brings. */
export function referenceText(
  ctx: QueryContext,
  roots: readonly FilePath[],
  path: readonly string[],
): string | undefined {
  const [name, ...keys] = path;
  if (name === undefined) return undefined;
  for (const root of roots) {
    const entry = ctx.get(referencedOf, rootKey(root, name)).value;
    const value = keys.reduce<Value | undefined>(
      (held, key) => (held?.kind === "map" ? held.entries.get(key)?.value : undefined),
      entry,
    );
    if (value === undefined) continue;
    const last = path.at(-1) ?? name;
    return paragraphs(
      `**${code(`!reference [${path.join(", ")}]`)}**, ${placeText(ctx, value.at)}`,
      valueBlock(last, value),
    );
  }
  return undefined;
}

export interface AnchorAt {
  readonly name: string;
  readonly node: YamlNode;
  /** The `&name` or `*name`. */
  readonly at: Origin;
}

/** The anchor or alias at a spot, with the node that carries the anchor. */
export function anchorAt(ctx: QueryContext, spot: Spot): AnchorAt | undefined {
  const token = tokenAt(spot);
  if (token === undefined) return undefined;
  const { sign, name, at } = token;
  const blocks = ctx.get(yamlOf, spot.file.path)?.documents.flatMap((document) => document.blocks) ?? [];
  const own = blocks.find((each) => each.chunk === spot.chunk);
  if (sign === "&") {
    const isBehind = (node: YamlNode): boolean =>
      /^\s*(!\S+\s*)?$/.test(spot.chunk.text.slice(at.end, node.at.start));
    const node = own?.anchors.find((each) => each.anchor === name && isBehind(each));
    return node && { name, node, at };
  }
  if (own?.aliases.some((alias) => alias.at.start === at.start) !== true) return undefined;
  return anchorNamed(
    blocks.flatMap((each) => each.anchors),
    spot,
    name,
    at,
  );
}

/** `&name` or `*name` at a spot, by the text alone: it may stand inside of a script. */
function tokenAt({ chunk, at }: Spot): { sign: string; name: string; at: Origin } | undefined {
  const start = chunk.text.slice(0, at).search(/[&*][^\s,[\]{}&*]*$/);
  if (start === -1 || !/^$|[\s,[{:-]$/.test(chunk.text.slice(0, start))) return undefined;
  const [, sign, name] = /^([&*])([^\s,[\]{}]+)/.exec(chunk.text.slice(start)) ?? [];
  if (sign === undefined || name === undefined) return undefined;
  return { sign, name, at: { chunk, start, end: start + 1 + name.length } };
}

/** The last one in front of the alias. */
function anchorNamed(
  anchors: readonly YamlNode[],
  spot: Spot,
  name: string,
  place: Origin,
): AnchorAt | undefined {
  const own = (node: YamlNode): boolean => node.at.chunk === spot.chunk;
  const named = anchors.filter((node) => node.anchor === name && !(own(node) && node.at.start > spot.at));
  const node = named.findLast(own) ?? named.at(-1);
  return node && { name, node, at: place };
}

/** What an anchor holds, its own aliases followed. */
export const anchorText = (ctx: QueryContext, { name, node }: AnchorAt): string =>
  paragraphs(`**Anchor** ${code(name)}, ${placeText(ctx, node.at)}`, valueBlock(name, expandNode(ctx, node)));
