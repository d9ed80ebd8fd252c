// What happens to images: one entry for each place where a job builds, names, sends, fetches or runs one. Plain data with
// places, so that it can be drawn as well as judged.
import type { Located } from "../../text/located";
import type { Job } from "../pipeline/job";
import type { ContainerCommand } from "../docker/command";
import type { Build } from "../docker/image-build";
import type { ImageReference } from "../docker/image-reference";

export type ImageAction =
  /** A build names its result so: `-t`, `--destination`, `--output …,name=`. */
  | "build"
  /** `tag A B`: B becomes another name of A. */
  | "tag"
  /** `commit`, `import`. */
  | "create"
  /** Sent to a registry; a build with `--push` both builds and pushes. */
  | "push"
  | "pull"
  /** `run`, `create`, `buildah from`. */
  | "run"
  | "save"
  | "remove"
  /** Copied from registry to registry: `crane copy`, `skopeo copy`, `buildx imagetools create`. */
  | "copy"
  /** Looked at: `inspect`, `history`, `manifest inspect`. */
  | "inspect"
  | "cache-from"
  | "cache-to"
  /** `FROM` and `COPY --from` of the Dockerfile that a build reads. */
  | "base"
  /** The job's `image:`. */
  | "job-image"
  | "service";

export interface ImageUse {
  readonly action: ImageAction;
  readonly job: Job;
  /** Undefined for `image:` and services, which are there before the first command. */
  readonly command: ContainerCommand | undefined;
  /** One per variant of the job, at least one. */
  readonly references: readonly ImageReference[];
  /** The reference as written; for "base" in the Dockerfile. */
  readonly at: Located<string>;
  /** The build, for "build", "cache-from", "cache-to", "base" and the "push" of a build. */
  readonly build: Build | undefined;
  /** What a "tag" or a "copy" is made of. */
  readonly source: readonly ImageReference[] | undefined;
}

/** Whether two uses can mean the same image: a variant of one is a variant of the other. */
export const meansSame = (a: readonly ImageReference[], b: readonly ImageReference[]): boolean =>
  a.some(({ key }) => b.some((other) => other.key === key));
