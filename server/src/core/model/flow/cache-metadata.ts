// What a build leaves behind for later builds to take their cache from. https://docs.docker.com/build/cache/backends/
import type { Build, CacheSpecification } from "../docker/image-build";
import type { ImageReference } from "../docker/image-reference";
import { literalText } from "../docker/symbolic";

export interface WrittenCache {
  readonly type: "inline" | "registry" | "other";
  /** "max" holds the layers of all stages, "min" those of the last one alone. Undefined where it is not known as text. */
  readonly mode: "min" | "max" | undefined;
  /** Where it can be read from: the image's own tags for an inline cache. */
  readonly references: readonly ImageReference[];
}

/** The caches that a build writes; none where it writes no metadata. */
export function writtenCaches(build: Build): readonly WrittenCache[] {
  const exported = build.cacheTo.map((specification) => exportedCache(build, specification));
  const hasInline = exported.some(({ type }) => type === "inline");
  return hasInline || !asksForInline(build) ? exported : [...exported, inlineCache(build)];
}

function exportedCache(build: Build, specification: CacheSpecification): WrittenCache {
  if (specification.type === "inline") return inlineCache(build);
  const isRegistry = specification.type === "registry";
  return {
    type: isRegistry ? "registry" : "other",
    mode: modeOf(specification),
    references: specification.references,
  };
}

/** An inline cache holds the final stage alone. https://docs.docker.com/build/cache/backends/inline/ */
const inlineCache = (build: Build): WrittenCache => ({
  type: "inline",
  mode: "min",
  references: build.tags.flatMap(({ references }) => references),
});

function modeOf({ attributes }: CacheSpecification): WrittenCache["mode"] {
  const [mode] = attributes.get("mode") ?? [];
  if (mode === undefined) return "min";
  const text = literalText(mode);
  return text === "max" || text === "min" ? text : undefined;
}

/** `--build-arg BUILDKIT_INLINE_CACHE=1`; without a value it takes the environment's. */
const asksForInline = (build: Build): boolean =>
  build.arguments.some(
    ({ name, value }) =>
      name === "BUILDKIT_INLINE_CACHE" &&
      (value === undefined || value.some((text) => !["", "0", "false"].includes(literalText(text) ?? "1"))),
  );
