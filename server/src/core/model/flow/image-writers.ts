// Who writes an image to its registry in a pipeline: pushes, copies, and caches that builds export. Looked up by name, so that
// many jobs with images of their own do not all have to be compared with each other.
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import type { Answer } from "../pipeline/answer";
import type { Job } from "../pipeline/job";
import { visibleJobsOf } from "../pipeline/resolve";
import { isFlagOn } from "../docker/command";
import { normaliseName, type ImageReference } from "../docker/image-reference";
import { textKey, type SymbolicText } from "../docker/symbolic";
import { distinctReferences } from "./image-flow";
import type { ImageAction, ImageUse } from "./image-use";
import { mayBeSameName, mayHaveSameTag } from "./same-image";
import { imageUsesOf } from "./uses-of-job";

/** A use that writes an image, and how sure it is that it writes the one that was asked for: never "no". */
export interface ImageWriter {
  readonly use: ImageUse;
  readonly reference: ImageReference;
  readonly same: Answer;
}

interface NameGroup {
  /** Position among all groups. */
  readonly index: number;
  readonly name: SymbolicText;
  readonly key: string;
  /** What a simple name begins with: the only variable, or "" for text. Undefined for any other. */
  readonly head: string | undefined;
  readonly writers: { readonly use: ImageUse; readonly reference: ImageReference }[];
}

const WRITES: ReadonlySet<ImageAction> = new Set<ImageAction>(["push", "copy", "cache-to"]);

interface NameGroups {
  readonly byKey: ReadonlyMap<string, NameGroup>;
  readonly byHead: ReadonlyMap<string | undefined, readonly NameGroup[]>;
}

interface Written {
  readonly use: ImageUse;
  readonly reference: ImageReference;
  readonly name: SymbolicText;
  readonly key: string;
}

/** What one job writes: an edit in another one leaves it as it is. */
const writtenBy = defineQuery<Job, readonly Written[]>({
  name: "imagesWrittenBy",
  compute: (ctx, job) =>
    imageUsesOf(ctx, job).flatMap((use) =>
      WRITES.has(use.action)
        ? distinctReferences(use.references).map((reference) => {
            const name = normaliseName(reference);
            return { use, reference, name, key: textKey(name) };
          })
        : [],
    ),
});

const groupsOf = defineQuery<FilePath, NameGroups>({
  name: "imageWritersOf",
  compute: (ctx, root) => {
    const groups = new Map<string, NameGroup>();
    const jobs = visibleJobsOf(ctx, root).filter(({ isTrigger }) => !isTrigger);
    for (const { use, reference, name, key } of jobs.flatMap((job) => ctx.get(writtenBy, job))) {
      const group = groups.get(key) ?? { index: groups.size, name, key, head: headOf(name), writers: [] };
      groups.set(key, group);
      group.writers.push({ use, reference });
    }
    return { byKey: groups, byHead: byHead([...groups.values()]) };
  },
});

function byHead(groups: readonly NameGroup[]): ReadonlyMap<string | undefined, readonly NameGroup[]> {
  const heads = new Map<string | undefined, NameGroup[]>();
  for (const group of groups) {
    const same = heads.get(group.head);
    if (same === undefined) heads.set(group.head, [group]);
    else same.push(group);
  }
  return heads;
}

/** The groups whose name may be this one, in order. Simple names of one beginning are the same only if their text is. */
function groupsLike({ byKey, byHead: heads }: NameGroups, name: SymbolicText): readonly NameGroup[] {
  const head = headOf(name);
  const same = byKey.get(textKey(name));
  const others = [...heads].flatMap(([other, groups]) =>
    head !== undefined && other === head
      ? []
      : groups.filter((group) => group !== same && mayBeSameName(name, group.name) !== "no"),
  );
  const found = same === undefined ? others : [same, ...others];
  return found.length < 2 ? found : found.sort((a, b) => a.index - b.index);
}

function headOf({ parts: [first, ...rest] }: SymbolicText): string | undefined {
  if (first === undefined || rest.some(({ kind }) => kind === "variable")) return undefined;
  if (first.kind === "literal") return "";
  return first.reason === "predefined" && first.change === undefined ? first.name : undefined;
}

/** The uses of a pipeline that write an image to its registry, or may. */
export function writersOf(
  ctx: QueryContext,
  root: FilePath,
  reference: ImageReference,
): readonly ImageWriter[] {
  const name = normaliseName(reference);
  const key = textKey(name);
  return groupsLike(ctx.get(groupsOf, root), name).flatMap((group) =>
    group.writers.flatMap((writer): readonly ImageWriter[] => {
      const same = sameness(reference, writer.reference, writer.use, group.key === key);
      return same === "no" ? [] : [{ ...writer, same }];
    }),
  );
}

/** The uses of a pipeline that write any image of the same name, whatever its tag. */
export function writersNamed(
  ctx: QueryContext,
  root: FilePath,
  reference: ImageReference,
): readonly Omit<ImageWriter, "same">[] {
  return ctx.get(groupsOf, root).byKey.get(textKey(normaliseName(reference)))?.writers ?? [];
}

/** `docker push --all-tags` writes every tag that the job made. */
function sameness(
  asked: ImageReference,
  written: ImageReference,
  { command }: ImageUse,
  isSameName: boolean,
): Answer {
  if (asked.key === written.key) return "yes";
  if (command !== undefined && isSameName && isFlagOn(command, "all-tags")) return "unknown";
  return mayHaveSameTag(asked, written) ? "unknown" : "no";
}
