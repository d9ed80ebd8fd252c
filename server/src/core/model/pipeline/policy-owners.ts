// Who gets `only` and `except` from which mapping: what is written in a template, or merged by an anchor, decides for many jobs,
// and GitLab refuses jobs in which `rules` meet `only` or `except`.
import { defineQuery, type QueryContext } from "../../query/query";
import { keyText, type YamlMap, type YamlNode } from "../../syntax/yaml-nodes";
import type { FilePath } from "../../text/source-file";
import { pipelineFilesOf } from "./include";
import { referencedOf } from "./reference";
import { effectiveKeywordsOf, isClosedOf, jobNamesOf, type EffectiveKeywords } from "./resolve";
import { definitionsOf, rootKey, splitRootKey, type RootKey } from "./root-table";
import { isPipelineEntry, rootsOf } from "./roots";
import { aliasTarget, sameItems } from "./yaml-of";

const POLICY_KEYWORDS: ReadonlySet<string | undefined> = new Set(["only", "except", "rules"]);
const MAX_MERGES = 50;

/** The mappings with `only`, `except` or `rules` that an entry is written in or merges, its parents' not counted. */
const ownPolicyMapsOf = defineQuery<RootKey, readonly YamlMap[]>({
  name: "ownPolicyMapsOf",
  compute: (ctx, key) => {
    const maps = new Set<YamlMap>();
    for (const { value } of ctx.get(definitionsOf, key)) collectMaps(ctx, value, maps);
    return [...maps].filter(({ pairs }) => pairs.some((pair) => POLICY_KEYWORDS.has(keyText(pair))));
  },
  equals: sameItems,
});

function collectMaps(ctx: QueryContext, node: YamlNode, found: Set<YamlMap>): void {
  const target = node.kind === "alias" ? aliasTarget(ctx, node) : node;
  if (target?.kind === "seq") target.items.forEach((item) => collectMaps(ctx, item, found));
  if (target?.kind !== "map" || found.has(target) || found.size > MAX_MERGES) return;
  found.add(target);
  for (const pair of target.pairs) if (keyText(pair) === "<<") collectMaps(ctx, pair.value, found);
}

/** The same with those of its parents. */
const policyMapsOf = defineQuery<RootKey, readonly YamlMap[]>({
  name: "policyMapsOf",
  compute: (ctx, key) => {
    const [root] = splitRootKey(key);
    const names = ctx.get(referencedOf, key).ancestors;
    const inherited = names.flatMap((name) => ctx.get(ownPolicyMapsOf, rootKey(root, name)));
    return [...new Set([...ctx.get(ownPolicyMapsOf, key), ...inherited])];
  },
  equals: sameItems,
});

/** The names of a pipeline's jobs and templates by the only mapping that decides when they run; those that several decide are under `shared`. */
interface Owners {
  readonly names: ReadonlyMap<YamlMap, readonly string[]>;
  readonly shared: ReadonlySet<YamlMap>;
}

const policyOwnersOf = defineQuery<FilePath, Owners>({
  name: "policyOwnersOf",
  compute: (ctx, root) => {
    const names = new Map<YamlMap, string[]>();
    const shared = new Set<YamlMap>();
    for (const name of ctx.get(jobNamesOf, root)) {
      const maps = ctx.get(policyMapsOf, rootKey(root, name));
      for (const map of maps) {
        names.set(map, [...(names.get(map) ?? []), name]);
        if (maps.length > 1) shared.add(map);
      }
    }
    return { names, shared };
  },
});

/** A job with what decides when it runs. */
export interface DecidedJob {
  readonly root: FilePath;
  readonly keywords: EffectiveKeywords["keywords"];
}

/**
 * The visible jobs, in all pipelines of the workspace, that get `only` and `except` from a mapping of a file and from nowhere else.
 * Undefined where others have a say in them, or may have: in a file that could not be read.
 */
export function jobsDecidedBy(
  ctx: QueryContext,
  file: FilePath,
  map: YamlMap,
): readonly DecidedJob[] | undefined {
  const found: DecidedJob[] = [];
  for (const root of ctx.get(rootsOf, null)) {
    const { files } = ctx.get(pipelineFilesOf, root);
    if (!files.includes(file)) continue;
    const owners = ctx.get(policyOwnersOf, root);
    // What is only named like a pipeline may be completed by whoever includes it.
    if (
      !ctx.get(isPipelineEntry, root) ||
      owners.shared.has(map) ||
      files.some((each) => ctx.get(referencesPolicies, each))
    )
      return undefined;
    for (const name of owners.names.get(map) ?? []) {
      const job = name.startsWith(".") ? undefined : ctx.get(effectiveKeywordsOf, rootKey(root, name));
      if (job === undefined) continue;
      if (!isWhole(ctx, root, name, job)) return undefined;
      found.push({ root, keywords: job.keywords });
    }
  }
  return found.length === 0 ? undefined : found;
}

/** Whether nothing that can't be read adds to a job: of one that does nothing itself the rest stands elsewhere. */
const isWhole = (ctx: QueryContext, root: FilePath, name: string, { keywords }: EffectiveKeywords): boolean =>
  ctx.get(referencedOf, rootKey(root, name)).isComplete &&
  (ctx.get(isClosedOf, root) || ["script", "trigger", "run"].some((mark) => keywords.has(mark)));

/** `!reference [.job, only]` takes a policy along to where it cannot be seen. */
const referencesPolicies = defineQuery<FilePath, boolean>({
  name: "referencesPolicies",
  compute: (ctx, path) => /!reference\b[^\]]{0,200}\b(?:only|except)\b/.test(ctx.file(path)?.text ?? ""),
});
