// "Inline this `extends`": what a job gets from a parent comes into its own block, comments and all; the parent stays. Offered only
// where the job is then the same. https://docs.gitlab.com/ci/yaml/yaml_optimization/#merge-details
import { definitionsOf, rootKey } from "../../model/pipeline/root-table";
import { jobNamesOf } from "../../model/pipeline/resolve";
import type { QueryContext } from "../../query/query";
import { removeItem } from "../../syntax/yaml-edit";
import { lineEndOf } from "../../syntax/yaml-layout";
import { keyText, pairOf, type YamlMap, type YamlNode, type YamlPair } from "../../syntax/yaml-nodes";
import { insertAt, type ChunkEdit } from "../../text/edit";
import { isIn } from "../position/spot";
import { rootsAround } from "../position/jobs-at";
import { yamlPathAt } from "../position/yaml-path";
import { blockColumn, linesOf, removeLines, textAtColumn, withCommentsAbove, type EntryLines } from "./entry-lines";
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
  if (spot.kind !== "gitlab-ci") return undefined;
  const path = yamlPathAt(ctx, spot);
  const [job, pair] = path?.pairs ?? [];
  if (job?.value.kind !== "map" || pair === undefined || path?.keys[1] !== "extends") return undefined;
  const name = keyText(job) ?? "";
  const root = rootsAround(ctx, spot.file.path).find((each) => ctx.get(jobNamesOf, each).includes(name));
  if (root === undefined || blockColumn(job.value) === undefined) return undefined;
  const items: readonly YamlNode[] = pair.value.kind === "seq" ? pair.value.items : [pair.value];
  const found = items.length === 1 ? 0 : items.findIndex((item) => isIn(spot, item.at));
  const item = items[found];
  if (item?.kind !== "scalar" || item.text === "" || item.anchor !== undefined) return undefined;
  return { root, body: job.value, pair, parent: item.text, index: items.length === 1 ? undefined : found };
}

/** The parent's own block, where one place alone writes it and it can be copied as it is. */
function parentBody(ctx: QueryContext, { root, parent }: Extends, { spot }: Cursor): YamlMap | undefined {
  const [written, ...others] = ctx.get(definitionsOf, rootKey(root, parent));
  const body = written?.value;
  if (written === undefined || others.length > 0 || body?.kind !== "map" || blockColumn(body) === undefined) return undefined;
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
    if (mine === undefined || mine === gone) {
      const lines = linesOf(pair);
      if (lines === undefined) return undefined;
      text += textAtColumn(withCommentsAbove(lines), column);
    } else if (mine.value.kind === "map" && pair.value.kind === "map") {
      const inner = merge(mine.value, pair.value, undefined);
      const end = linesOf(mine)?.end;
      if (inner === undefined || end === undefined) return undefined;
      if (inner.text !== "") below.push(insertAt(mine.at.chunk, end, `\n${inner.text}`.trimEnd()));
      below.push(...inner.below);
    }
  }
  return { text, below };
}
