// Gives a `docker` image another version where its tag is written: in the image itself, or in the variable that brings it.
import type { ExpandedImage } from "../model/docker/image-of";
import type { LiteralPart, SymbolicPart } from "../model/docker/symbolic";
import { replace, type ChunkEdit } from "../text/edit";
import { textAt, type Located } from "../text/located";

/** What an image is there for: the job's client, or the daemon of a service. */
export type DockerRole = "cli" | "dind";

/** The tag with a version: what stands behind the old version stays, a bare one gets the suffix of its role. */
export function dockerTag(tag: string, role: DockerRole, version: string): string {
  if (tag.includes("rootless")) return `${version}-dind-rootless`;
  return `${version}${tag.includes("dind") || role === "dind" ? "-dind" : "-cli"}`;
}

/**
 * The edit that puts the version in place of the old one; undefined where the tag is not written in one piece, or stands
 * for a Windows image. A version that a variable holds stays bare, since other images may use the variable too.
 */
export function setDockerVersion(
  { reference, tag }: ExpandedImage,
  role: DockerRole,
  version: string,
): ChunkEdit | undefined {
  const written = reference.tag.known ? reference.tag.value : undefined;
  if (written === undefined || tag === undefined || /windows|nanoserver/.test(tag)) return undefined;
  const parts = written.parts.filter((part) => part.kind !== "literal" || part.text !== "");
  const [first] = parts;
  if (first === undefined || !isWritten(first)) return undefined;
  if (parts.length === 1 && first.via.length === 0) return replace(first.at, dockerTag(tag, role, version));
  // `$VERSION-dind`: what follows is a suffix of its own.
  const old = /^(?:\d+(?:\.\d+)*|stable|edge|test)/.exec(first.text)?.[0];
  return old === undefined ? undefined : replace(first.at, first.text.replace(old, version));
}

/** The variable's value that a tag begins with, where a variable brings the version; with the way from there. */
export function versionVariable({ reference }: ExpandedImage): Located<string> | undefined {
  const [first] = (reference.tag.known ? reference.tag.value : undefined)?.parts ?? [];
  if (first === undefined || !isWritten(first) || first.via.length === 0) return undefined;
  return /^\d/.test(first.text) ? { value: first.text, at: first.at, via: first.via } : undefined;
}

/** A literal that stands in the file as it is. */
const isWritten = (
  part: SymbolicPart,
): part is LiteralPart & { readonly at: NonNullable<LiteralPart["at"]> } =>
  part.kind === "literal" && part.at !== undefined && textAt(part.at) === part.text;

/** One variable may bring the version of several images: it is changed once. */
export const withoutTwins = (edits: readonly ChunkEdit[]): readonly ChunkEdit[] =>
  edits.filter(
    (edit, index) =>
      edits.findIndex((other) => other.chunk === edit.chunk && other.start === edit.start) === index,
  );
