// Passes files from job to job as artifacts, where a cache carried them.
import type { Transport } from "../model/docker/cache-transport";
import { ownBody } from "../model/pipeline/edit";
import type { Job } from "../model/pipeline/job";
import { readNeeds } from "../model/pipeline/needs";
import { orderTableOf } from "../model/pipeline/order";
import type { Cache, StoredPath } from "../model/pipeline/stored-paths";
import { contentOf, yamlOf } from "../model/pipeline/yaml-of";
import { appendItem, insertKeyAfter, removeItem, removePair, rootMapOf, setKey } from "../syntax/yaml-edit";
import { holderOf, type Holder } from "../syntax/yaml-find";
import { isPlain, readsAsText, singleQuoted } from "../syntax/yaml-layout";
import { keyText, pairOf, type YamlMap, type YamlPair } from "../syntax/yaml-nodes";
import type { ChunkEdit } from "../text/edit";
import { textAt } from "../text/located";
import { endOf, lineEndOf, restOfLine } from "./edits";
import type { FixDraft, RuleContext } from "./rule";

type Edits = readonly ChunkEdit[];

/** How long files are kept that only feed later jobs: longer where somebody starts one of those by hand. */
export const expiryFor = (ctx: RuleContext, consumers: readonly Job[]): string =>
  consumers.some(({ root, name }) => ctx.get(orderTableOf, root).jobs.get(name)?.isAwaited === false)
    ? "1 week"
    : "1 hour";

/** Takes the paths out of the cache, gives them to the producer's artifacts, and lets the consumers wait for it. */
export function passAsArtifacts(ctx: RuleContext, transport: Transport): readonly FixDraft[] {
  const { caches, producer, consumers, paths, versioned } = transport;
  const jobs = consumers.map(({ job }) => job);
  const removed = new Set([...paths, ...versioned].map(({ path }) => path));
  const gone = caches.flatMap((cache) =>
    cache.paths.every(({ path }) => removed.has(path))
      ? (holderOfCache(ctx, cache.value.node)?.pair ?? [])
      : [],
  );
  const edits = [
    ...caches.map((cache) => withoutPaths(ctx, cache, removed)),
    withArtifacts(producer, paths, expiryFor(ctx, jobs), gone),
    ...jobs.map((job) => waiting(job, producer.name)),
  ];
  const title = `Pass ${paths.map(({ path }) => `\`${path}\``).join(", ")} as artifacts of \`${producer.name}\``;
  return edits.every((each) => each !== undefined)
    ? [{ title, safety: "suggested", edits: edits.flat() }]
    : [];
}

// ---- Out of the cache

function withoutPaths(
  ctx: RuleContext,
  { value, paths }: Cache,
  removed: ReadonlySet<string>,
): Edits | undefined {
  const list = pairOf(value.node, "paths")?.value;
  if (list?.kind !== "seq" || list.anchor !== undefined) return undefined;
  const nodes = paths.filter(({ path }) => removed.has(path)).map(({ item }) => item.node);
  const rest = list.items.filter((item) => !nodes.some((node) => node === item));
  if (rest.length + nodes.length !== list.items.length) return undefined;
  if (rest.length === 0) return withoutCache(ctx, value.node, paths);
  if (list.flow) {
    const written = rest.map(({ at }) => at.chunk.text.slice(at.start, at.end));
    return setKey(value.node, "paths", `[${written.join(", ")}]`);
  }
  return nodes.flatMap((node) => removeItem(list, list.items.indexOf(node)));
}

/** Undefined where a comment would go that is not behind a path. */
function withoutCache(ctx: RuleContext, cache: YamlMap, paths: readonly StoredPath[]): Edits | undefined {
  const holder = holderOfCache(ctx, cache);
  if (holder === undefined) return undefined;
  const { key, value } = holder.pair;
  const { chunk } = cache.at;
  const comments = chunk.text.slice(key.at.start, lineEndOf(chunk, value.at.end)).match(/\s#/g) ?? [];
  const carried = paths.filter((path) => commentOf(path) !== "");
  return comments.length > carried.length ? undefined : removePair(holder.map, holder.pair);
}

/** The comment behind a path of a block list, with a blank in front; "" without one. */
function commentOf({ item, list }: StoredPath): string {
  const behind = textAt(restOfLine(endOf(item.node.at))).trim();
  return list.node.flow || !behind.startsWith("#") ? "" : ` ${behind}`;
}

/** The pair `cache: …`; undefined for one of several caches, and for one that has an anchor. */
function holderOfCache(ctx: RuleContext, cache: YamlMap): Holder | undefined {
  const yaml = ctx.get(yamlOf, cache.at.chunk.file);
  if (cache.anchor !== undefined || yaml === undefined) return undefined;
  const held = holderOf(yaml, cache.at);
  if (held !== undefined) return held.map.pairs.length > 1 && isCache(held.pair) ? held : undefined;
  const block = contentOf(yaml)?.blocks.find(({ chunk }) => chunk === cache.at.chunk);
  const map = block && rootMapOf(block);
  const pair = map?.pairs.find(({ value }) => value === cache);
  return map === undefined || pair === undefined ? undefined : { map, pair };
}

const isCache = (pair: YamlPair): boolean => keyText(pair) === "cache";

// ---- Into artifacts

function withArtifacts(
  producer: Job,
  paths: readonly StoredPath[],
  expiry: string,
  gone: readonly YamlPair[],
): Edits | undefined {
  const body = ownBody(producer);
  const own = body && pairOf(body, "artifacts");
  const items = paths.map((path) => plainOrQuoted(path.item.node.text) + commentOf(path));
  if (own !== undefined) return own.value.kind === "map" ? intoArtifacts(own.value, items) : undefined;
  // Behind what stays; those of a template would be replaced.
  const last = body?.pairs.findLast((pair) => !gone.includes(pair));
  if (body === undefined || last === undefined || producer.keywords.has("artifacts")) return undefined;
  const lines = ["paths:", ...items.map((item) => `  - ${item}`), `expire_in: ${expiry}`];
  return insertKeyAfter(body, last, "artifacts", lines.join("\n"));
}

/** How long they are kept is said there already, or was left to the instance. */
function intoArtifacts(map: YamlMap, items: readonly string[]): Edits | undefined {
  const list = pairOf(map, "paths")?.value;
  const isCommented = items.some((item) => item.includes(" #"));
  if (isCommented && (map.flow || (list?.kind === "seq" && list.flow))) return undefined;
  if (list === undefined) return setKey(map, "paths", items.map((item) => `- ${item}`).join("\n"));
  return list.kind === "seq" ? items.flatMap((item) => appendItem(list, item)) : undefined;
}

// ---- In order

/** `needs` and `dependencies` name the jobs whose artifacts come; without them those of all earlier stages do. */
function waiting(job: Job, producer: string): Edits | undefined {
  const body = ownBody(job);
  const edits: ChunkEdit[] = [];
  for (const keyword of ["needs", "dependencies"]) {
    const effective = job.keywords.get(keyword)?.value;
    const names = readNeeds(effective)?.items.map((item) => item.job);
    if (names === undefined || names.includes(producer)) continue;
    const own: YamlPair | undefined = body && pairOf(body, keyword);
    if (own?.value.kind !== "seq") return undefined;
    edits.push(...appendItem(own.value, plainOrQuoted(producer)));
  }
  return edits;
}

const plainOrQuoted = (text: string): string =>
  isPlain(text, false) && readsAsText(text) ? text : singleQuoted(text);
