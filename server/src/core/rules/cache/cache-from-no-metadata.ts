// BuildKit reads a cache only out of images that were built with cache metadata.
// https://docs.docker.com/build/cache/backends/inline/
import { builderOf } from "../../model/flow/builder";
import { cacheReadsOf, isMadeBefore, type CacheRead } from "../../model/flow/cache-reads";
import { all, tracedWrite, type Traced } from "../../model/flow/cache-trace";
import { writersOf } from "../../model/flow/image-writers";
import { hasUnseenWriters } from "../../model/flow/unseen-pushes";
import { stagesBehind } from "../../model/flow/uncached-stages";
import type { Build } from "../../model/docker/image-build";
import { isClosedOf } from "../../model/pipeline/resolve";
import type { FilePath } from "../../text/source-file";
import { ownCacheFix, writtenImage } from "../cache-words";
import { wordsBehindVerb } from "../command-edit";
import { defineRule, type FixDraft, type RuleContext } from "../rule";

export const cacheFromNoMetadata = defineRule({
  id: "cache-from-no-metadata",
  title: "A cache image without cache metadata",
  severity: "warning",
  since: "0.2.0",
  inspects: "job",

  docs: {
    what: `Reports \`--cache-from\` of builds with BuildKit where every build that the pipeline pushes under this name leaves no cache metadata: neither
inline (\`--build-arg BUILDKIT_INLINE_CACHE=1\`, \`--cache-to type=inline\`) nor exported with \`--cache-to\`. Information where the build has another cache that it can read.`,
    why: `The legacy builder took its cache from any image. BuildKit, the default since Docker 23, looks for metadata that says which layer came from
which instruction. Without it \`--cache-from\` finds nothing, without a word, and a build that has no other cache starts from nothing each time.`,
    fix: "Build the image with `--build-arg BUILDKIT_INLINE_CACHE=1`, or export a cache of its own with `--cache-to type=registry,ref=…,mode=max`.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  before_script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
  script:
    - docker build --cache-from "$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG" -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG" .
    - docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG"
`,
      good: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  before_script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
  script:
    - docker build --build-arg BUILDKIT_INLINE_CACHE=1 --cache-from "$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG" -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG" .
    - docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG"
`,
    },
    references: [
      "https://docs.docker.com/build/cache/backends/inline/",
      "https://docs.docker.com/build/cache/backends/registry/",
    ],
  },

  *check(job, ctx) {
    const reads = cacheReadsOf(ctx, job);
    for (const read of reads) {
      if (builderOf(ctx, read.build.command).kind !== "buildkit") continue;
      const traced = tracedRead(ctx, read);
      if (traced.hasMetadata !== "no") continue;
      const others = traced.builds.filter((build) => build !== read.build);
      const isSure = others.length === 0 || !mayBeWrittenUnseen(ctx, job.root);
      yield {
        at: read.use.at,
        severity: isSure && !hasOtherCache(ctx, read, reads) ? "warning" : "info",
        message: `BuildKit reads a cache only out of images with cache metadata, and \`${writtenImage(read)}\` is built without, so this finds nothing; build it with \`--build-arg BUILDKIT_INLINE_CACHE=1\`, or export a cache with \`--cache-to type=registry,ref=…,mode=max\``,
        related: others.map(({ command }) => ({
          at: command.verbAt,
          message: "built without cache metadata",
        })),
        fixes: fixesFor(ctx, read, traced.builds),
      };
    }
  },
});

const mayBeWrittenUnseen = (ctx: RuleContext, root: FilePath): boolean =>
  !ctx.get(isClosedOf, root) || ctx.get(hasUnseenWriters, root);

/** Another cache of the same build that can be read: the build does not start from nothing. */
function hasOtherCache(ctx: RuleContext, { use, build }: CacheRead, reads: readonly CacheRead[]): boolean {
  if (build.cacheFrom.some(({ references }) => references.length === 0)) return true;
  return reads.some(
    (other) => other.build === build && other.use !== use && tracedRead(ctx, other).hasMetadata === "yes",
  );
}

/** What all who write the image leave in it. The builder itself remembers what it built before in the same job. */
function tracedRead(ctx: RuleContext, { use, build }: CacheRead): Traced {
  const traced = use.references.map((reference) => {
    if (isMadeBefore(ctx, build, reference)) return all([]);
    const writers = writersOf(ctx, use.job.root, reference);
    return all(writers.map((writer) => tracedWrite(ctx, writer.use, writer.reference)));
  });
  return all(traced);
}

// ---- Fixes

function fixesFor(ctx: RuleContext, read: CacheRead, builds: readonly Build[]): readonly FixDraft[] {
  const isOwn = builds.length === 1 && builds[0] === read.build;
  return [...inlineFix(ctx, builds), ...(isOwn ? ownCacheFix(ctx, read) : [])];
}

/** An inline cache holds the last stage alone. */
function inlineFix(ctx: RuleContext, builds: readonly Build[]): readonly FixDraft[] {
  if (builds.some((build) => stagesBehind(ctx, build).length > 0)) return [];
  const edits = builds.flatMap(
    ({ command }) => wordsBehindVerb(command, "--build-arg BUILDKIT_INLINE_CACHE=1") ?? [],
  );
  if (edits.length < builds.length) return [];
  return [{ title: "Build with inline cache metadata", safety: "suggested", edits }];
}
