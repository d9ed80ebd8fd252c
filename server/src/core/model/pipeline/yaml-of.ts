// The parsed YAML of a file, and the small questions about it that jobs depend on: kept fine-grained, so that an edit in
// one block leaves everything that was worked out of the others alone.
import { defineQuery, type QueryContext } from "../../query/query";
import { parseYaml } from "../../syntax/yaml";
import {
  keyText,
  type YamlAlias,
  type YamlDocument,
  type YamlFile,
  type YamlNode,
  type YamlPair,
} from "../../syntax/yaml-nodes";
import type { FilePath } from "../../text/source-file";

/** The YAML tree of a file; undefined where the file is not there or not loaded yet. Unchanged blocks keep their identity. */
export const yamlOf = defineQuery<FilePath, YamlFile | undefined>({
  name: "yamlOf",
  compute: (ctx, path, previous) => {
    const file = ctx.file(path);
    return file === undefined ? undefined : parseYaml(file, previous);
  },
});

/** Whether a file is there to be read; stays the same while the file is edited. */
export const isReadable = defineQuery<FilePath, boolean>({
  name: "isReadable",
  compute: (ctx, path) => ctx.file(path) !== undefined,
});

/**
 * The document that holds the pipeline: the second where the first is a `spec:` header, else the first.
 * https://docs.gitlab.com/ci/yaml/#header-keywords
 */
export function contentOf(yaml: YamlFile): YamlDocument | undefined {
  const [first, second] = yaml.documents;
  return first !== undefined && second !== undefined && isHeader(first) ? second : first;
}

/** The `spec:` header document; undefined where the file has none. */
export function headerOf(yaml: YamlFile): YamlDocument | undefined {
  const [first, second] = yaml.documents;
  return first !== undefined && second !== undefined && isHeader(first) ? first : undefined;
}

const isHeader = (document: YamlDocument): boolean =>
  document.blocks.some((block) => block.pairs.some((pair) => keyText(pair) === "spec"));

/** The entries of a file's root mapping, in order; empty where the root is no mapping. */
export function rootPairsOf(yaml: YamlFile): readonly YamlPair[] {
  return contentOf(yaml)?.blocks.flatMap((block) => block.pairs) ?? [];
}

const SEPARATOR = "\0";

/** The nodes of a file that carry an anchor, by its name, in order of the text. */
const anchorsOf = defineQuery<FilePath, ReadonlyMap<string, readonly YamlNode[]>>({
  name: "anchorsOf",
  compute: (ctx, path) => {
    const blocks = ctx.get(yamlOf, path)?.documents.flatMap((document) => document.blocks) ?? [];
    return grouped(
      blocks.flatMap((block) => block.anchors),
      (node) => node.anchor,
    );
  },
});

/** Every node of a file that carries the given anchor, in order of the text. Key: path and anchor. */
const anchorsNamed = defineQuery<string, readonly YamlNode[]>({
  name: "anchorsNamed",
  compute: (ctx, key) => {
    const [path = "", name = ""] = key.split(SEPARATOR);
    return ctx.get(anchorsOf, path).get(name) ?? [];
  },
  equals: sameItems,
});

/** Items by name, in order; those without one are left out. */
function grouped<T>(
  items: readonly T[],
  nameOf: (item: T) => string | undefined,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}

/**
 * The node that an alias stands for: the nearest one before it that carries the anchor, as YAML says (an anchor may be
 * defined again). Undefined where there is none.
 */
export function aliasTarget(ctx: QueryContext, alias: YamlAlias): YamlNode | undefined {
  const file = alias.at.chunk.file;
  const nodes = ctx.get(anchorsNamed, file + SEPARATOR + alias.name);
  if (nodes.length <= 1) return nodes[0];
  const offsets = ctx.get(yamlOf, file)?.chunks;
  const place = (node: YamlNode): number => (offsets?.get(node.at.chunk) ?? 0) + node.at.start;
  return nodes.filter((node) => place(node) < place(alias)).at(-1);
}

/** Equal by the identity of their items: keeps a query's old value, so that its readers stay fresh. */
export function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** The entries of a file's root mapping under one key; usually one or none. Key: path and key. */
const rootPairsNamed = defineQuery<string, readonly YamlPair[]>({
  name: "rootPairsNamed",
  compute: (ctx, key) => {
    const [path = "", name = ""] = key.split(SEPARATOR);
    const yaml = ctx.get(yamlOf, path);
    return yaml === undefined ? [] : rootPairsOf(yaml).filter((pair) => keyText(pair) === name);
  },
  equals: sameItems,
});

/** The entry of a file's root mapping under a key; of duplicates the last, as in GitLab. */
export const rootPairOf = (ctx: QueryContext, path: FilePath, key: string): YamlPair | undefined =>
  ctx.get(rootPairsNamed, path + SEPARATOR + key).at(-1);

/** The `spec` entry of a file's header; undefined where the file has no header. */
export const headerPairOf = defineQuery<FilePath, YamlPair | undefined>({
  name: "headerPairOf",
  compute: (ctx, path) => {
    const yaml = ctx.get(yamlOf, path);
    const pairs = yaml === undefined ? [] : (headerOf(yaml)?.blocks.flatMap((block) => block.pairs) ?? []);
    return pairs.filter((pair) => keyText(pair) === "spec").at(-1);
  },
});

/** Whether a file holds nothing at all; stays the same while the file is edited. */
export const isBlank = defineQuery<FilePath, boolean>({
  name: "isBlank",
  compute: (ctx, path) => !/\S/.test(ctx.file(path)?.text ?? ""),
});
