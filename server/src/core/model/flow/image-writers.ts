// Who writes an image to its registry in a pipeline: pushes, copies, and caches that builds export. Looked up by name, so that
// many jobs with images of their own do not all have to be compared with each other.
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import type { Answer } from "../pipeline/answer";
import type { Job } from "../pipeline/job";
import { rootKey, visibleJobsOf, type RootKey } from "../pipeline/resolve";
import { splitRootKey } from "../pipeline/root-table";
import { sameItems } from "../pipeline/yaml-of";
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

/** A name that something writes. */
interface WrittenName {
  readonly name: SymbolicText;
  readonly key: string;
  /** What a simple name begins with: the only variable, or "" for text. Undefined for any other. */
  readonly head: string | undefined;
}

const WRITES: ReadonlySet<ImageAction> = new Set<ImageAction>(["push", "copy", "cache-to"]);

/** All names in the order in which they are first written. Without places: an edit elsewhere leaves them as they are. */
interface NameTable {
  readonly keys: readonly string[];
  readonly byKey: ReadonlyMap<string, { readonly index: number }>;
  readonly byHead: ReadonlyMap<string | undefined, readonly WrittenName[]>;
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

const allWritten = defineQuery<FilePath, ReadonlyMap<string, readonly Written[]>>({
  name: "imageWritersOf",
  compute: (ctx, root) => {
    const groups = new Map<string, Written[]>();
    for (const job of visibleJobsOf(ctx, root)) {
      if (job.isTrigger) continue;
      for (const written of ctx.get(writtenBy, job)) {
        const same = groups.get(written.key);
        if (same === undefined) groups.set(written.key, [written]);
        else same.push(written);
      }
    }
    return groups;
  },
});

/** Who writes one name: many jobs with images of their own don't have to be looked at again when one of them is edited. */
const writtenAs = defineQuery<RootKey, readonly Written[]>({
  name: "imageWritersNamed",
  compute: (ctx, name) => {
    const [root, key] = splitRootKey(name);
    return ctx.get(allWritten, root).get(key) ?? [];
  },
  equals: sameItems,
});

const nameTableOf = defineQuery<FilePath, NameTable>({
  name: "writtenNamesOf",
  compute: (ctx, root) => {
    const byKey = new Map<string, { readonly index: number }>();
    const byHead = new Map<string | undefined, WrittenName[]>();
    for (const [key, [first]] of ctx.get(allWritten, root)) {
      if (first === undefined) continue;
      byKey.set(key, { index: byKey.size });
      const name = { name: first.name, key, head: headOf(first.name) };
      const same = byHead.get(name.head);
      if (same === undefined) byHead.set(name.head, [name]);
      else same.push(name);
    }
    return { keys: [...byKey.keys()], byKey, byHead };
  },
  equals: (a, b) => sameItems(a.keys, b.keys),
});

/** The names that may be this one, in order. Simple names of one beginning are the same only if their text is. */
function namesLike({ byKey, byHead }: NameTable, name: SymbolicText, key: string): readonly string[] {
  const head = headOf(name);
  const found = byKey.has(key) ? [key] : [];
  for (const [other, names] of byHead) {
    if (head !== undefined && other === head) continue;
    for (const each of names) {
      if (each.key !== key && mayBeSameName(name, each.name) !== "no") found.push(each.key);
    }
  }
  const indexOf = (each: string): number => byKey.get(each)?.index ?? 0;
  return found.length < 2 ? found : found.sort((one, two) => indexOf(one) - indexOf(two));
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
  return namesLike(ctx.get(nameTableOf, root), name, key).flatMap((like) =>
    ctx.get(writtenAs, rootKey(root, like)).flatMap(({ use, reference: written }): readonly ImageWriter[] => {
      const same = sameness(reference, written, use, like === key);
      return same === "no" ? [] : [{ use, reference: written, same }];
    }),
  );
}

/** The uses of a pipeline that write any image of the same name, whatever its tag. */
export function writersNamed(
  ctx: QueryContext,
  root: FilePath,
  reference: ImageReference,
): readonly Omit<ImageWriter, "same">[] {
  return ctx.get(writtenAs, rootKey(root, textKey(normaliseName(reference))));
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
