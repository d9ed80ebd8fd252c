// Who writes an image to its registry in a pipeline: pushes, copies, and caches that builds export. Looked up by name, so that
// many jobs with images of their own do not all have to be compared with each other.
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import type { Answer } from "../pipeline/answer";
import type { Job } from "../pipeline/job";
import { visibleJobsOf } from "../pipeline/resolve";
import { holdsClient, jobImageOf } from "../docker/client-image";
import { isFlagOn } from "../docker/command";
import { commandsOf, isOpaque } from "../docker/find-commands";
import { normaliseName, type ImageReference } from "../docker/image-reference";
import { filePushesOf } from "../docker/registry-use";
import { textKey, type SymbolicText } from "../docker/symbolic";
import { profileOf } from "../runner/profile";
import { imageFlowOf } from "./image-flow";
import type { ImageAction, ImageUse } from "./image-use";
import { mayBeSameName, mayHaveSameTag } from "./same-image";

/** A use that writes an image, and how sure it is that it writes the one that was asked for: never "no". */
export interface ImageWriter {
  readonly use: ImageUse;
  readonly reference: ImageReference;
  readonly same: Answer;
}

interface NameGroup {
  readonly name: SymbolicText;
  readonly key: string;
  /** What a simple name begins with: the only variable, or "" for text. Undefined for any other. */
  readonly head: string | undefined;
  readonly writers: { readonly use: ImageUse; readonly reference: ImageReference }[];
}

const WRITES: ReadonlySet<ImageAction> = new Set<ImageAction>(["push", "copy", "cache-to"]);

const groupsOf = defineQuery<FilePath, ReadonlyMap<string, NameGroup>>({
  name: "imageWritersOf",
  compute: (ctx, root) => {
    const groups = new Map<string, NameGroup>();
    for (const { uses } of imageFlowOf(ctx, root).images.values()) {
      for (const use of uses.filter(({ action }) => WRITES.has(action))) {
        for (const reference of use.references) {
          const name = normaliseName(reference);
          const key = textKey(name);
          const group = groups.get(key) ?? { name, key, head: headOf(name), writers: [] };
          groups.set(key, group);
          if (!group.writers.some((other) => other.use === use && other.reference.key === reference.key))
            group.writers.push({ use, reference });
        }
      }
    }
    return groups;
  },
});

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
  const head = headOf(name);
  return [...ctx.get(groupsOf, root).values()].flatMap((group) => {
    if (!mayShareName({ name, key, head }, group)) return [];
    return group.writers.flatMap((writer): readonly ImageWriter[] => {
      const same = sameness(reference, writer.reference, writer.use, group.key === key);
      return same === "no" ? [] : [{ ...writer, same }];
    });
  });
}

/** Names that differ only in text behind one beginning are never the same. */
const mayShareName = (a: Omit<NameGroup, "writers">, b: NameGroup): boolean =>
  a.key === b.key || ((a.head === undefined || a.head !== b.head) && mayBeSameName(a.name, b.name) !== "no");

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

/** Whether a job may push images that nobody sees here: what it calls is not read, or a file names what it pushes. */
const mayPushUnseen = defineQuery<Job, boolean>({
  name: "mayPushUnseen",
  compute: (ctx, job) => {
    if (filePushesOf(ctx, job).length > 0) return true;
    if (!isOpaque(ctx, job)) return false;
    if (commandsOf(ctx, job).length > 0) return true;
    const image = jobImageOf(ctx, job, profileOf(ctx, job));
    return image === undefined || holdsClient(image) !== "no";
  },
});

/** Whether a pipeline may write images that nobody sees here: a part of it could not be read, or a job calls what is not. */
export const hasUnseenWriters = defineQuery<FilePath, boolean>({
  name: "hasUnseenWriters",
  compute: (ctx, root) =>
    visibleJobsOf(ctx, root).some(
      (job) => !job.isClosed || (job.isTrigger ? startsChild(job) : ctx.get(mayPushUnseen, job)),
    ),
});

/** https://docs.gitlab.com/ci/yaml/#triggerinclude */
function startsChild({ keywords }: Job): boolean {
  const trigger = keywords.get("trigger")?.value;
  return trigger?.kind === "map" && trigger.entries.has("include");
}
