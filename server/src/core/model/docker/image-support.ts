// Whether an image reference moves by itself or is out of support, by its text and the table of lifecycles.
import { DEAD_IMAGES, endOfLife, IMAGE_LIFECYCLES } from "../../data/image-lifecycles";
import { OFFICIAL_IMAGES } from "../../data/official-images";
import { defineQuery, type QueryContext } from "../../query/query";
import { parseReference, type ImageReference } from "./image-reference";
import { officialName } from "./official-image";
import { literal, literalText } from "./symbolic";

export type ImageWeakness =
  /** No version: none, `latest`, `nightly`, `edge`. */
  | { readonly kind: "floating"; readonly tag: string | undefined; readonly replacement: string | undefined }
  /** Its release is out of support. `replacement` is the whole tag, undefined where its other parts may not exist any more. */
  | {
      readonly kind: "ended";
      readonly tag: string;
      readonly since: string;
      /** Names of the release: "10" and "buster". */
      readonly names: readonly string[];
      readonly replacement: string | undefined;
    }
  /** The image is no longer maintained at all. `replacement` is the whole reference. */
  | {
      readonly kind: "dead";
      readonly tag: string | undefined;
      readonly since: string;
      readonly instead: readonly string[];
      readonly replacement: string | undefined;
    };

/** What is weak about a reference; undefined for a digest, a tag that is not known, and images that the tables do not have. */
export function weaknessOf(reference: ImageReference): ImageWeakness | undefined {
  const { tag, digest } = reference;
  if (digest !== undefined || !tag.known) return undefined;
  const written = tag.value === undefined ? undefined : literalText(tag.value);
  if (tag.value !== undefined && written === undefined) return undefined;
  const name = officialName(reference);
  if (name !== undefined) return weaknessOfOfficial(name, written);
  return floats(written) && isVariantOfOfficial(reference) ? floating(undefined, written) : undefined;
}

function weaknessOfOfficial(name: string, tag: string | undefined): ImageWeakness | undefined {
  const dead = DEAD_IMAGES.find(({ repository }) => repository === name);
  if (dead !== undefined)
    return {
      kind: "dead",
      tag,
      since: dead.end,
      instead: dead.instead,
      replacement: replacementOfJdk(name, tag),
    };
  if (floats(tag)) return OFFICIAL_IMAGES.has(name) && name !== "scratch" ? floating(name, tag) : undefined;
  return tag === undefined ? undefined : ended(name, tag);
}

const byText = defineQuery<string, ImageWeakness | undefined>({
  name: "weaknessOfImage",
  compute: (_ctx, image) => weaknessOf(parseReference({ parts: [literal(image)] })),
});

/** The same for a reference without variables: hundreds of jobs share a few images. */
export const weaknessOfImage = (ctx: QueryContext, image: string): ImageWeakness | undefined =>
  ctx.get(byText, image);

const floats = (tag: string | undefined): boolean =>
  tag === undefined || /^(?:latest|nightly|edge)(?:-|$)/.test(tag);

/**
 * `rustlang/rust`: somebody's build of an official image. What else stands below a name on Docker Hub or on another registry may
 * be the project's own, which is tagged as its owners want.
 */
function isVariantOfOfficial({ registry, repository }: ImageReference): boolean {
  const name = registry.known && registry.value === undefined ? literalText(repository) : undefined;
  const [, last] = /^[\w.-]+\/([\w.-]+)$/.exec(name ?? "") ?? [];
  return last !== undefined && OFFICIAL_IMAGES.has(last);
}

function floating(name: string | undefined, tag: string | undefined): ImageWeakness {
  const lifecycle = IMAGE_LIFECYCLES.find(({ repository }) => repository === name);
  const isLatest = tag === undefined || tag === "latest";
  return { kind: "floating", tag, replacement: isLatest ? lifecycle?.latest : undefined };
}

function ended(name: string, tag: string): ImageWeakness | undefined {
  const found = endOfLife(name, tag);
  if (found === undefined) return undefined;
  const suffix = suffixToday(tag.slice(found.written.length));
  const replacement = suffix === undefined ? undefined : found.replacement + suffix;
  return { kind: "ended", tag, since: found.since, names: found.names, replacement };
}

/** Parts of tags that today's images have too. */
const LASTING = new Set(["alpine", "slim", "fpm", "cli", "apache", "zts", "bookworm", "trixie"]);
const OLD_DEBIAN = /^(?:wheezy|jessie|stretch|buster|bullseye)$/;

/** `-stretch-slim` becomes `-bookworm-slim`, `-alpine3.14` becomes `-alpine`; undefined for what may not exist today. */
function suffixToday(suffix: string): string | undefined {
  if (suffix === "") return "";
  const parts = suffix
    .replace(/^-/, "")
    .split("-")
    .map((part) => (OLD_DEBIAN.test(part) ? "bookworm" : part.replace(/^alpine3\.\d+$/, "alpine")));
  return parts.every((part) => LASTING.has(part)) ? `-${parts.join("-")}` : undefined;
}

/** https://hub.docker.com/_/eclipse-temurin : tags by major version, each as JDK and JRE. */
function replacementOfJdk(name: string, tag: string | undefined): string | undefined {
  const major = name === "openjdk" ? /^(8|11|17|21)(?![\d])/.exec(tag ?? "")?.[1] : undefined;
  if (major === undefined || tag === undefined || /windows|nano|oracle/.test(tag)) return undefined;
  return `eclipse-temurin:${major}-${/(?:^|-)jre(?:-|$)/.test(tag) ? "jre" : "jdk"}${tag.includes("alpine") ? "-alpine" : ""}`;
}
