// The image in which a job's commands run, and whether it holds a `docker` command: of well-known images alone.
import { IMAGES_WITHOUT_DOCKER, IMAGES_WITHOUT_SHELL, isListed } from "../../data/known-images";
import type { QueryContext } from "../../query/query";
import type { Located } from "../../text/located";
import type { Answer } from "../pipeline/answer";
import type { Job } from "../pipeline/job";
import type { RunnerProfile } from "../runner/profile";
import { expandImages, isDocker } from "./image-of";
import { baseNameOf, normaliseName, parseReference, type ImageReference } from "./image-reference";
import { literal, literalText, showText } from "./symbolic";

export interface JobImage {
  /** "job": `image` of the pipeline. "runner": the default of the runner that takes the job. */
  readonly from: "job" | "runner";
  /** As it is shown to people. */
  readonly name: string;
  /** Where it is named; undefined for the default of GitLab's hosted runners. */
  readonly at: Located<string> | undefined;
  /** Every variant: `parallel:matrix` may give an image several. */
  readonly references: readonly ImageReference[];
}

/** What hosted Linux runners take for a job without `image`. https://docs.gitlab.com/ci/runners/hosted_runners/linux/ */
const HOSTED_DEFAULT = "ruby:3.1";

/** The image that a job runs in; undefined where it names none and nothing says what its runner takes then. */
export function jobImageOf(ctx: QueryContext, job: Job, profile: RunnerProfile): JobImage | undefined {
  if (job.image !== undefined) {
    const references = expandImages(ctx, job, job.image).map(({ reference }) => reference);
    return { from: "job", name: job.image.name.value, at: job.image.name, references };
  }
  const name = profile.image?.value ?? (profile.source === "preset" ? HOSTED_DEFAULT : undefined);
  if (name === undefined || !job.isClosed) return undefined;
  return { from: "runner", name, at: profile.image, references: [referenceTo(name)] };
}

const referenceTo = (name: string): ImageReference => parseReference({ parts: [literal(name)] });

/** Whether an image holds a `docker` command. "unknown" for all that nobody listed. */
export function holdsClient({ references }: JobImage): Answer {
  const answers = new Set(references.map(holds));
  const [only] = answers;
  return only === undefined || answers.size > 1 ? "unknown" : only;
}

function holds(reference: ImageReference): Answer {
  if (isDocker(reference) || baseNameOf(reference) === "docker") return "yes";
  const repository = hubName(reference);
  if (repository === undefined || mentionsDocker(reference)) return "unknown";
  return isListed(IMAGES_WITHOUT_DOCKER, repository) ? "no" : "unknown";
}

/** A tag such as `3.12-docker` says that somebody added it. */
const mentionsDocker = ({ tag }: ImageReference): boolean =>
  !tag.known || (tag.value !== undefined && /docker|dind|moby/i.test(showText(tag.value)));

/** Whether no script can run in an image, because it has no shell. */
export const lacksShell = ({ references }: JobImage): boolean =>
  references.length > 0 &&
  references.every((reference) => {
    const repository = hubName(reference);
    const tag = reference.tag.known ? reference.tag.value : undefined;
    if (repository === undefined || !reference.tag.known || /debug|dev/.test(tag ? showText(tag) : ""))
      return false;
    return isListed(IMAGES_WITHOUT_SHELL, repository);
  });

/** Mirrors of Docker Hub: what stands behind is its repository. */
const MIRRORS =
  /^(\$CI_DEPENDENCY_PROXY_(DIRECT_)?GROUP_IMAGE_PREFIX|public\.ecr\.aws\/docker|mirror\.gcr\.io)\/(library\/)?/;

/** The repository in the short form of Docker Hub; undefined where a part of it is not known. */
function hubName(reference: ImageReference): string | undefined {
  const name = normaliseName(reference);
  const shown = showText(name);
  const behind = shown.replace(MIRRORS, "");
  if (behind !== shown) return behind.includes("$") ? undefined : behind;
  return literalText(name);
}
