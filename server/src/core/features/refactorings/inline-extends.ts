// "Inline this `extends`": what a job gets from a parent comes into its own block, comments and all; the parent stays. Offered only
// where the job is then the same. https://docs.gitlab.com/ci/yaml/yaml_optimization/#merge-details
import { definitionsOf, rootKey } from "../../model/pipeline/root-table";
import { isClosedOf, jobNamesOf } from "../../model/pipeline/resolve";
import type { QueryContext } from "../../query/query";
import { removeItem } from "../../syntax/yaml-edit";
import { lineEndOf } from "../../syntax/yaml-layout";
import { keyText, pairOf, type YamlMap, type YamlNode, type YamlPair } from "../../syntax/yaml-nodes";
import { insertAt, type ChunkEdit } from "../../text/edit";
import { isIn, type Spot } from "../position/spot";
import { rootsAround } from "../position/jobs-at";
import { yamlPathAt } from "../position/yaml-path";
import {
  blockColumn,
  linesOf,
  removeLines,
  textAtColumn,
  withCommentsAbove,
  type EntryLines,
} from "./entry-lines";
import { defineRefactoring, type Cursor } from "./refactoring";

export const inlineExtends = defineRefactoring({
  id: "inline-extends",
  kind: "refactor.inline",
  offer(ctx, cursor) {
    const use = extendsAtCursor(ctx, cursor);
    const parent = use && parentBody(ctx, use, cursor);
    const edits = use && parent && editsFor(use, parent);
    return edits === undefined ? [] : [{ title: `Inline \`extends: ${use?.parent ?? ""}\``, edits }];
  },
});

interface Extends {
  readonly root: string;
  readonly body: YamlMap;
  readonly pair: YamlPair;
  readonly parent: string;
  /** Position in the list of parents; undefined where it is the only one, and the entry goes away. */
  readonly index: number | undefined;
}

function extendsAtCursor(ctx: QueryContext, { spot }: Cursor): Extends | undefined {
  const path = spot.kind === "gitlab-ci" ? yamlPathAt(ctx, spot) : undefined;
  const [job, pair] = path?.pairs ?? [];
  if (path?.keys[1] !== "extends" || job?.value.kind !== "map" || pair === undefined) return undefined;
  const root = rootOfJob(ctx, spot, keyText(job));
  const parent = parentAt(pair, spot);
  if (root === undefined || parent === undefined || blockColumn(job.value) === undefined) return undefined;
  return { root, body: job.value, pair, ...parent };
}

const rootOfJob = (ctx: QueryContext, { file }: Spot, name: string | undefined): string | undefined =>
  rootsAround(ctx, file.path).find((root) => name !== undefined && ctx.get(jobNamesOf, root).includes(name));

/** The only parent, or the one at the cursor. */
function parentAt({ value }: YamlPair, spot: Spot): Pick<Extends, "parent" | "index"> | undefined {
  const items: readonly YamlNode[] = value.kind === "seq" ? value.items : [value];
  const isOnly = items.length === 1;
  const index = isOnly ? 0 : items.findIndex((item) => isIn(spot, item.at));
  const item = items[index];
  if (item?.kind !== "scalar" || item.text === "" || item.anchor !== undefined) return undefined;
  return { parent: item.text, index: isOnly ? undefined : index };
}

/** The parent's own block, where one place alone writes it and it can be copied as it is. */
function parentBody(ctx: QueryContext, { root, parent }: Extends, { spot }: Cursor): YamlMap | undefined {
  // What can't be read may say more about the parent.
  if (!ctx.get(isClosedOf, root)) return undefined;
  const [written, ...others] = ctx.get(definitionsOf, rootKey(root, parent));
  const body = written?.value;
  if (written === undefined || others.length > 0 || body?.kind !== "map" || blockColumn(body) === undefined)
    return undefined;
  const text = written.at.chunk.text.slice(written.at.start, written.at.end);
  // Inputs mean something else in another file; an anchor can't be given twice, and what a merge key brings has no lines here.
  if (written.at.chunk.file !== spot.file.path && text.includes("$[[")) return undefined;
  return hasAnchor(body) || body.pairs.some((pair) => keyText(pair) === "<<") ? undefined : body;
}

function hasAnchor(node: YamlNode): boolean {
  if (node.anchor !== undefined) return true;
  if (node.kind === "map") return node.pairs.some(({ key, value }) => hasAnchor(key) || hasAnchor(value));
  return node.kind === "seq" && node.items.some(hasAnchor);
}

function editsFor({ body, pair, index }: Extends, parent: YamlMap): readonly ChunkEdit[] | undefined {
  const column = blockColumn(body);
  const lines = linesOf(pair);
  if (column === undefined || lines === undefined) return undefined;
  const merged = merge(body, parent, index === undefined ? pair : undefined);
  if (merged === undefined) return undefined;
  if (index !== undefined) {
    if (pair.value.kind !== "seq" || pairOf(parent, "extends") !== undefined) return undefined;
    return [...removeItem(pair.value, index), linesBehind(lines, merged.text), ...merged.below];
  }
  const comment = commentBehind(pair);
  const kept = comment === undefined ? "" : `${" ".repeat(column)}${comment}\n`;
  return [{ ...removeLines(lines), newText: kept + merged.text }, ...merged.below];
}

function linesBehind({ chunk, end }: EntryLines, text: string): ChunkEdit {
  return end < chunk.text.length
    ? insertAt(chunk, end + 1, text)
    : insertAt(chunk, end, `\n${text}`.trimEnd());
}

/** A comment behind the entry, which stays. */
function commentBehind({ value }: YamlPair): string | undefined {
  const { chunk, end } = value.at;
  const rest = chunk.text.slice(end, lineEndOf(chunk.text, end)).trim();
  return rest.startsWith("#") ? rest : undefined;
}

interface Merged {
  /** Entries that the job does not have, as lines. */
  readonly text: string;
  /** What comes into mappings that both have. */
  readonly below: readonly ChunkEdit[];
}

/** Hashes are merged, anything else of the job wins. `gone`: the job's own entry that does not count. */
function merge(own: YamlMap, parent: YamlMap, gone: YamlPair | undefined): Merged | undefined {
  const column = blockColumn(own);
  if (column === undefined) return undefined;
  let text = "";
  const below: ChunkEdit[] = [];
  for (const pair of parent.pairs) {
    const mine = pairOf(own, keyText(pair) ?? "");
    if (mine !== undefined && mine !== gone) {
      const inner = mergeBelow(mine, pair);
      if (inner === undefined) return undefined;
      below.push(...inner);
      continue;
    }
    const lines = linesOf(pair);
    if (lines === undefined) return undefined;
    text += textAtColumn(withCommentsAbove(lines), column);
  }
  return { text, below };
}

/** What comes into an entry that both have. */
function mergeBelow({ value, ...mine }: YamlPair, parent: YamlPair): readonly ChunkEdit[] | undefined {
  if (value.kind !== "map" || parent.value.kind !== "map") return [];
  const inner = merge(value, parent.value, undefined);
  const end = linesOf({ ...mine, value })?.end;
  if (inner === undefined || end === undefined) return undefined;
  const added = inner.text === "" ? [] : [insertAt(mine.at.chunk, end, `\n${inner.text}`.trimEnd())];
  return [...added, ...inner.below];
}
