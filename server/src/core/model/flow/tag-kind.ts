// How long a tag keeps its meaning: for ever, or until the next pipeline of the branch, or of any branch.
import type { ImageReference } from "../docker/image-reference";
import { isUniquePerCommit } from "../docker/reference-properties";
import { literalText, variablesIn, type SymbolicText } from "../docker/symbolic";

/**
 * "commit": each commit or pipeline has its own; a digest never changes. "ref": each branch or merge request has one, which its next
 * pipeline overwrites. "git-tag": named after a Git tag. "version": a number that a person wrote. "moving": one for
 * all, such as `latest`. "unknown": variables that no file says take part.
 */
export type TagKind = "commit" | "ref" | "git-tag" | "version" | "moving" | "unknown";

/** Variables that differ between branches and merge requests, and stay the same in their next pipeline. */
const OF_REF =
  /^CI_(?:COMMIT_(?:REF_NAME|REF_SLUG|BRANCH)|MERGE_REQUEST_(?:IID|ID|SOURCE_BRANCH_NAME|TARGET_BRANCH_NAME|REF_PATH))$/;

/** Variables with a value for each job. */
const OF_JOB = /^CI_(?:JOB_|ENVIRONMENT_|NODE_|RUNNER_|CONCURRENT_)/;

/** How long the tag of a reference keeps its meaning. */
export function tagKindOf(reference: ImageReference): TagKind {
  const { text, tag, digest } = reference;
  if (digest !== undefined || isUniquePerCommit(text)) return "commit";
  const variables = variablesIn(text);
  if (!tag.known || variables.some(({ reason }) => reason !== "predefined")) return "unknown";
  if (variables.some(({ name }) => name === "CI_COMMIT_TAG")) return "git-tag";
  if (variables.some(({ name }) => OF_REF.test(name))) return "ref";
  return kindOfFixed(tag.value);
}

/** A digit is taken for a version, which nobody pushes over. */
function kindOfFixed(tag: SymbolicText | undefined): TagKind {
  if (tag === undefined) return "moving";
  const written = literalText(tag);
  if (written === undefined) return "unknown";
  return /\d/.test(written) ? "version" : "moving";
}

/**
 * Whether a text means the same image in each job: not what a script works out, nor what each job has a value of its own for.
 */
export const isSameInAllJobs = ({ text }: ImageReference): boolean =>
  variablesIn(text).every(({ reason, name }) =>
    reason === "predefined" ? !OF_JOB.test(name) : reason === "unknown" || reason === "external",
  );
