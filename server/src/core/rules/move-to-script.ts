// Moves lines of `after_script` to the end of `script`.
import type { ContainerCommand } from "../model/docker/command";
import type { Job } from "../model/pipeline/job";
import { ownBody } from "../model/pipeline/edit";
import { appendItem, removeItem, removePair } from "../syntax/yaml-edit";
import { pairOf, type YamlMap, type YamlNode, type YamlSeq } from "../syntax/yaml-nodes";
import type { ChunkEdit } from "../text/edit";
import { textAt } from "../text/located";
import { restOfLine } from "./edits";
import type { FixDraft } from "./rule";

/**
 * Moves the items that hold the commands. Nothing where both lists are not the job's own block lists, or an item stretches over
 * lines or holds anything else.
 */
export function moveToScript(job: Job, commands: readonly ContainerCommand[]): readonly FixDraft[] {
  const body = ownBody(job);
  const script = body && ownList(body, "script");
  const after = body && ownList(body, "after_script");
  if (body === undefined || script === undefined || after === undefined) return [];
  const moved = [...new Set(commands.map((command) => indexOfItem(after, command)))];
  const texts = moved.map((index) => lineOf(after.items[index]));
  if (texts.some((text) => text === undefined)) return [];
  const isWhole = moved.length === after.items.length && !/^\s*#/m.test(textAt(after.at));
  const pair = pairOf(body, "after_script");
  const removed: readonly ChunkEdit[] =
    isWhole && pair !== undefined
      ? removePair(body, pair)
      : moved.length < after.items.length
        ? moved.flatMap((index) => removeItem(after, index))
        : [];
  if (removed.length === 0) return [];
  const added = texts.flatMap((text) => (text === undefined ? [] : appendItem(script, text)));
  return [{ title: "Move it to the end of `script`", safety: "suggested", edits: [...added, ...removed] }];
}

function ownList(body: YamlMap, key: string): YamlSeq | undefined {
  const value = pairOf(body, key)?.value;
  const isList =
    value?.kind === "seq" && value.anchor === undefined && value.tag === undefined && !value.flow;
  return isList && value.items.length > 0 ? value : undefined;
}

/** -1 for a command out of a called script, or of an item that does more. */
function indexOfItem({ items }: YamlSeq, { item, at, caller, use }: ContainerCommand): number {
  if (caller !== undefined || use.conditional) return -1;
  return items.findIndex(
    (each) => each.at.chunk === at.chunk && each.at.start === item.at.start && each.at.end === item.at.end,
  );
}

/** The item as written with the comment behind it, where that is one line without an anchor. */
function lineOf(node: YamlNode | undefined): string | undefined {
  if (node?.kind !== "scalar" || node.anchor !== undefined || node.tag !== undefined) return undefined;
  return textAt(node.at).includes("\n") ? undefined : textAt(restOfLine(node.at));
}
