// Edits of a script's items in their list.
import type { QueryContext } from "../../query/query";
import { removeItem, removePair } from "../../syntax/yaml-edit";
import { holderOf } from "../../syntax/yaml-find";
import type { ChunkEdit } from "../../text/edit";
import type { Job, ScriptItem } from "./job";
import type { ListValue } from "./value";
import { yamlOf } from "./yaml-of";

/** The list in which an item of a script is written, and its number there; undefined where it is no item of a list. */
export function listOf(
  job: Job,
  item: ScriptItem,
): { readonly list: ListValue; readonly index: number } | undefined {
  const section = job.keywords.get(item.section)?.value;
  return section?.kind === "list" ? listIn(section, item) : undefined;
}

function listIn(
  list: ListValue,
  item: ScriptItem,
): { readonly list: ListValue; readonly index: number } | undefined {
  const index = list.node.items.findIndex((node) => node.at === item.at);
  if (index !== -1) return { list, index };
  for (const each of list.items) {
    const found = each.kind === "list" ? listIn(each, item) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Removes an item of a script; the section with it where it is the only one. Undefined where it is no item of a list, or the list
 * comes from somewhere else.
 */
export function removeScriptItem(
  ctx: QueryContext,
  job: Job,
  item: ScriptItem,
): readonly ChunkEdit[] | undefined {
  const place = listOf(job, item);
  if (place === undefined || item.via.length > 0) return undefined;
  const { list, index } = place;
  if (list.node.items.length > 1) return removeItem(list.node, index);
  const yaml = ctx.get(yamlOf, list.node.at.chunk.file);
  const holder = yaml && holderOf(yaml, list.node.at);
  // A job without `script` is none.
  return holder === undefined || item.section === "script" || list.node.anchor !== undefined
    ? undefined
    : removePair(holder.map, holder.pair);
}
