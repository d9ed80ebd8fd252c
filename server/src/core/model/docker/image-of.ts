// An `image:` or a service with its variables filled in, and what the official `docker` image of that tag is.
import type { QueryContext } from "../../query/query";
import { dockerImageTag, type DockerImageTag } from "../../data/known-images";
import type { ImageUse, Job } from "../pipeline/job";
import { expandText } from "./expand";
import { baseNameOf, parseReference, type ImageReference } from "./image-reference";
import { literalText, showText } from "./symbolic";

export interface ExpandedImage {
  readonly reference: ImageReference;
  /** The tag as text; "latest" where none is written, undefined where it is not known or a digest counts. */
  readonly tag: string | undefined;
  /** Set for the official `docker` image (also through a mirror) of a known tag. */
  readonly docker: DockerImageTag | undefined;
  /** For `docker:29.6.2-cli` this is "29.6.2"; undefined for floating tags. */
  readonly versionText: string | undefined;
}

/** The first variant of an image: with `parallel:matrix` an image may have several. */
export const expandImage = (ctx: QueryContext, job: Job, image: ImageUse): ExpandedImage | undefined =>
  expandImages(ctx, job, image)[0];

/** All variants of an image. */
export function expandImages(ctx: QueryContext, job: Job, image: ImageUse): readonly ExpandedImage[] {
  return expandText(ctx, job, image.text).map((text) => {
    const reference = parseReference(text);
    const tag = tagOf(reference);
    const docker = isDocker(reference) && tag !== undefined ? dockerImageTag(tag) : undefined;
    return {
      reference,
      tag,
      docker,
      versionText: tag === undefined ? undefined : /^\d+(\.\d+)*/.exec(tag)?.[0],
    };
  });
}

function tagOf(reference: ImageReference): string | undefined {
  if (reference.digest !== undefined || !reference.tag.known) return undefined;
  return reference.tag.value === undefined ? "latest" : literalText(reference.tag.value);
}

/**
 * `docker` on Docker Hub, or behind a mirror or the dependency proxy: an image that ends in `/docker` below a registry.
 * `group/docker` on Docker Hub is somebody's own image.
 */
export function isDocker(reference: ImageReference): boolean {
  if (baseNameOf(reference) !== "docker") return false;
  const repository = showText(reference.repository);
  if (repository === "docker" || repository === "library/docker" || repository.endsWith("/library/docker"))
    return true;
  return /^\$CI_DEPENDENCY_PROXY_\w+\/docker$/.test(repository);
}
