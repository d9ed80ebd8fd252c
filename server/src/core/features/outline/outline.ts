// The outline of a file, as a tree whose levels hold each other and do not overlap.
//
// Editors find the entry at the cursor by going down the tree through the first entry that holds it, so an entry outside of what
// it is listed under would never be found, and one that reaches over others would hide them:
// https://github.com/microsoft/vscode/blob/main/src/vs/editor/contrib/documentSymbols/browser/outlineModel.ts
// (`_getItemEnclosingPosition`). Jobs of one stage need not stand together in a file. So a stage holds the jobs that do, and a
// job that stands alone, apart from others of its stage, says its stage itself.
import type { QueryContext } from "../../query/query";
import type { Origin, Place } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { joined } from "./detail";
import { dockerfileEntries, runnerEntries } from "./other-entries";
import type { OutlineGroup, OutlineItem, UngroupedEntry } from "./outline-item";
import { pipelineEntries } from "./pipeline-outline";

/** Undefined where the file has no outline of ours. */
export function outlineOf(
  ctx: QueryContext,
  path: FilePath,
  placeOf: (origin: Origin) => Place | undefined,
): readonly OutlineItem[] | undefined {
  const placed = entriesOf(ctx, path).flatMap((entry) => placedEntry(entry, path, placeOf) ?? []);
  if (placed.length === 0) return undefined;
  placed.sort((a, b) => a.item.at.start - b.item.at.start);
  return grouped(withoutOverlaps(placed));
}

function entriesOf(ctx: QueryContext, path: FilePath): readonly UngroupedEntry[] {
  switch (ctx.file(path)?.kind) {
    case "gitlab-ci":
      return pipelineEntries(ctx, path);
    case "dockerfile":
      return dockerfileEntries(ctx, path);
    case "runner-config":
      return runnerEntries(ctx, path);
    default:
      return [];
  }
}

interface PlacedEntry {
  readonly item: OutlineItem;
  readonly group: OutlineGroup | undefined;
}

function placedEntry(
  { kind, name, detail, at, nameAt, group }: UngroupedEntry,
  path: FilePath,
  placeOf: (origin: Origin) => Place | undefined,
): PlacedEntry | undefined {
  const range = placeOf(at);
  const nameRange = placeOf(nameAt);
  if (range?.file !== path || nameRange?.file !== path) return undefined;
  const isInside = range.start <= nameRange.start && nameRange.end <= range.end;
  const item = { kind, name, detail, at: range, nameAt: isInside ? nameRange : range, children: [] };
  return { item, group };
}

/** Tables of TOML may be written anywhere: an entry ends where the next one begins. */
const withoutOverlaps = (entries: readonly PlacedEntry[]): readonly PlacedEntry[] =>
  entries.map(({ item, group }, index) => {
    const next = entries[index + 1]?.item.at.start ?? item.at.end;
    const end = Math.max(Math.min(item.at.end, next), item.nameAt.end);
    return { item: { ...item, at: { ...item.at, end } }, group };
  });

/** Neighbours of one group. */
interface Run {
  readonly group: OutlineGroup | undefined;
  readonly first: OutlineItem;
  readonly others: OutlineItem[];
}

function grouped(entries: readonly PlacedEntry[]): readonly OutlineItem[] {
  const runs: Run[] = [];
  for (const { item, group } of entries) {
    const last = runs.at(-1);
    if (last !== undefined && group !== undefined && isSame(last.group, group)) last.others.push(item);
    else runs.push({ group, first: item, others: [] });
  }
  return runs.flatMap((run): readonly OutlineItem[] => {
    const { group, first } = run;
    if (group === undefined) return [first];
    const isOnly = !runs.some((other) => other !== run && isSame(other.group, group));
    return [run.others.length > 0 || isOnly ? groupItem(group, run) : alone(first, group)];
  });
}

const isSame = (a: OutlineGroup | undefined, b: OutlineGroup | undefined): boolean =>
  a?.kind === b?.kind && a?.name === b?.name;

function groupItem({ kind, name }: OutlineGroup, { first, others }: Run): OutlineItem {
  const children = [first, ...others];
  const at = { ...first.at, end: others.at(-1)?.at.end ?? first.at.end };
  const count = `${children.length} ${kind === "stage" ? "job" : "template"}${others.length === 0 ? "" : "s"}`;
  return { kind, name, detail: count, at, nameAt: first.nameAt, children };
}

const alone = (item: OutlineItem, { kind, name }: OutlineGroup): OutlineItem => ({
  ...item,
  detail: joined([kind === "stage" ? `stage ${name}` : "template", item.detail], " · "),
});
