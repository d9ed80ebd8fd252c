// A cache image that nobody pushes, or whose name is new each time: every build starts from nothing.
// https://docs.gitlab.com/ci/docker/docker_layer_caching/
import { absenceOf, cacheReadsOf, type Absence, type CacheRead } from "../../model/flow/cache-reads";
import { all, tracedWrite } from "../../model/flow/cache-trace";
import { builderOf } from "../../model/flow/builder";
import { writersNamed } from "../../model/flow/image-writers";
import { hasUnseenWriters } from "../../model/flow/unseen-pushes";
import { isUniquePerCommit } from "../../model/docker/reference-properties";
import { showText, variablesIn, type VariablePart } from "../../model/docker/symbolic";
import { isClosedOf } from "../../model/pipeline/resolve";
import { isPipelineEntry } from "../../model/pipeline/roots";
import type { FilePath } from "../../text/source-file";
import { ownCacheFix, pullFrom, readFrom, writtenImage } from "../cache-words";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const cacheFromNeverExists = defineRule({
  id: "cache-from-never-exists",
  title: "A cache image that nobody makes",
  severity: "warning",
  since: "0.2.0",
  inspects: "job",

  docs: {
    what: `Reports \`--cache-from\` images of the project's own registry that no job pushes, or whose name is new with each commit or pipeline and
which nothing before the build makes. Information where the build has another cache that can be there, and where a part of the
pipeline could not be read.`,
    why: `A missing cache is no error: the build only starts from nothing each time, and nobody notices that the cache never worked.`,
    fix: "Read the cache from an image that is pushed, or push the one that is read.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  before_script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
  script:
    - docker build --cache-from "$CI_REGISTRY_IMAGE:cache" --build-arg BUILDKIT_INLINE_CACHE=1 -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG" .
    - docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG"
`,
      good: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  before_script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
  script:
    - docker build --cache-from "$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG" --build-arg BUILDKIT_INLINE_CACHE=1 -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG" .
    - docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_REF_SLUG"
`,
    },
    references: [
      "https://docs.gitlab.com/ci/docker/docker_layer_caching/",
      "https://docs.docker.com/build/cache/backends/",
    ],
  },

  *check(job, ctx) {
    const reads = cacheReadsOf(ctx, job);
    for (const read of reads) {
      const absence = absenceOf(ctx, read);
      if (absence === undefined) continue;
      const isOpen = mayBeWrittenUnseen(ctx, job.root);
      const isOnlyOne = !hasOtherCache(ctx, read, reads);
      yield {
        at: read.use.at,
        severity: isOnlyOne && !isOpen ? "warning" : "info",
        confidence: isOpen ? "likely" : "certain",
        ...wordsFor(read, absence, isOpen),
        fixes: fixesFor(ctx, read),
      };
    }
  },
});

/** What is not read here may push it. */
const mayBeWrittenUnseen = (ctx: RuleContext, root: FilePath): boolean =>
  !ctx.get(isClosedOf, root) || !ctx.get(isPipelineEntry, root) || ctx.get(hasUnseenWriters, root);

/** Another cache of the same build that can be there. */
function hasOtherCache(ctx: RuleContext, { use, build }: CacheRead, reads: readonly CacheRead[]): boolean {
  if (build.cacheFrom.some(({ references }) => references.length === 0)) return true;
  return reads.some(
    (other) => other.build === build && other.use !== use && absenceOf(ctx, other) === undefined,
  );
}

function wordsFor(read: CacheRead, absence: Absence, isOpen: boolean): Pick<Report, "message" | "related"> {
  const image = writtenImage(read);
  const inSight = isOpen ? " in sight" : "";
  switch (absence.kind) {
    case "unwritten":
      return {
        message: `No job${inSight} pushes \`${image}\`, so this cache is always empty and every build starts from nothing; push it, or read the cache from an image that is pushed`,
      };
    case "unmade":
      return {
        message: `\`${image}\` is pushed, but no job${inSight} builds or tags it, so this cache is always empty and every build starts from nothing; build it, or read the cache from an image that is pushed`,
        related: [{ at: absence.push.at.at, message: "pushed here" }],
      };
    case "too-new":
      return {
        message: `\`${image}\` is new with each value of \`$${absence.variable}\` and nothing${inSight} makes it before this build, so there is no cache; use a tag that stays, such as \`$CI_COMMIT_REF_SLUG\`, with the default branch as a second \`--cache-from\``,
      };
  }
}

// ---- Fixes

const MOST_CHOICES = 3;

/** The images of the same name that are pushed, stay from commit to commit, and hold what the builder can read. */
function fixesFor(ctx: RuleContext, read: CacheRead): readonly FixDraft[] {
  const [reference, ...others] = read.use.references;
  if (reference === undefined || others.length > 0) return [];
  const needsMetadata = builderOf(ctx, read.build.command).kind !== "legacy";
  const choices = new Map<string, FixDraft>();
  for (const { use, reference: pushed } of writersNamed(ctx, read.use.job.root, reference)) {
    const shown = showText(pushed.text);
    const isKnown = variablesIn(pushed.text).every(isPlain);
    if (!isKnown || isUniquePerCommit(pushed.text) || read.build.cacheFrom.some(isAlready(pushed.key)))
      continue;
    if (needsMetadata && all([tracedWrite(ctx, use, pushed)]).hasMetadata !== "yes") continue;
    const edit = readFrom(read, shown);
    const pulls = pullFrom(ctx, read, shown);
    if (edit === undefined || pulls === undefined || choices.size === MOST_CHOICES) continue;
    const title = `Read the cache from \`${shown}\``;
    choices.set(shown, { title, safety: "suggested", edits: [edit, ...pulls] });
  }
  return [...choices.values(), ...ownCacheFix(ctx, read)];
}

/** What is safe in a tag, and the project's own name. */
const isPlain = ({ name, reason, change, properties }: VariablePart): boolean =>
  reason === "predefined" && change === undefined && (name === "CI_REGISTRY_IMAGE" || properties.lowerSafe);

const isAlready =
  (key: string) =>
  ({ references }: CacheRead["build"]["cacheFrom"][number]): boolean =>
    references.some((each) => each.key === key);
