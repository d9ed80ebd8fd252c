// How images flow through a pipeline: for each reference, what every job does with it. The same image under two names is two
// entries; "tag" and "copy" lead from one to the other.
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import type { ImageReference } from "../docker/image-reference";
import { showText } from "../docker/symbolic";
import type { Job } from "../pipeline/job";
import { rootKey, visibleJobsOf, type RootKey } from "../pipeline/resolve";
import { splitRootKey } from "../pipeline/root-table";
import { sameItems } from "../pipeline/yaml-of";
import type { ImageAction, ImageUse } from "./image-use";
import { imageUsesOf } from "./uses-of-job";

export interface FlowImage {
  /** `ImageReference.key`: equal for references that mean the same image, as far as their text says. */
  readonly key: string;
  /** As people write it, with the variables that only GitLab knows. */
  readonly shown: string;
  /** In the order in which the jobs are written, those of one job in the order of its commands. */
  readonly uses: readonly ImageUse[];
}

export interface ImageFlow {
  /** By `ImageReference.key`. */
  readonly images: ReadonlyMap<string, FlowImage>;
  /** The visible jobs that run scripts, in the order in which they are written. */
  readonly jobs: readonly Job[];
}

const flows = defineQuery<FilePath, ImageFlow>({
  name: "imageFlowOf",
  compute: (ctx, root) => {
    const jobs = visibleJobsOf(ctx, root).filter((job) => !job.isTrigger);
    const images = new Map<string, { key: string; shown: string; uses: ImageUse[] }>();
    for (const use of jobs.flatMap((job) => imageUsesOf(ctx, job))) {
      for (const reference of distinctReferences(use.references)) {
        const image = images.get(reference.key);
        if (image !== undefined) image.uses.push(use);
        else images.set(reference.key, { key: reference.key, shown: showText(reference.text), uses: [use] });
      }
    }
    return { images, jobs };
  },
});

/** The image flow of the pipeline that starts from an entry file. Child pipelines have their own. */
export const imageFlowOf = (ctx: QueryContext, root: FilePath): ImageFlow => ctx.get(flows, root);

/** What the pipeline does with one image: an edit in a job that does nothing with it leaves this as it is. */
const usesOfImage = defineQuery<RootKey, readonly ImageUse[]>({
  name: "usesOfImage",
  compute: (ctx, image) => {
    const [root, key] = splitRootKey(image);
    return imageFlowOf(ctx, root).images.get(key)?.uses ?? [];
  },
  equals: sameItems,
});

/** Each image once. */
export const distinctReferences = (references: readonly ImageReference[]): readonly ImageReference[] => {
  if (references.length < 2) return references;
  return [...new Map(references.map((reference) => [reference.key, reference])).values()];
};

/** What the pipeline does with an image, all actions or those named; in the order in which it is written. */
export function usesOf(
  ctx: QueryContext,
  root: FilePath,
  references: readonly ImageReference[],
  ...actions: readonly ImageAction[]
): readonly ImageUse[] {
  const uses = distinctReferences(references).flatMap(({ key }) => ctx.get(usesOfImage, rootKey(root, key)));
  return actions.length === 0 ? uses : uses.filter(({ action }) => actions.includes(action));
}
