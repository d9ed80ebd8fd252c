// A cache that holds the last stage alone, for a Dockerfile whose work is done in others.
// https://docs.docker.com/build/cache/backends/#cache-mode
import { buildOf, type Build } from "../../model/docker/build";
import { commandsOf } from "../../model/docker/find-commands";
import { builderOf } from "../../model/flow/builder";
import { canExportCache, registryCacheOf } from "../../model/flow/cache-export";
import { writtenCaches } from "../../model/flow/cache-metadata";
import { stagesBehind } from "../../model/flow/uncached-stages";
import type { Stage } from "../../model/docker/dockerfile";
import type { Located } from "../../text/located";
import { OWN_CACHE } from "../cache-words";
import { wordsBehindVerb } from "../command-edit";
import { endOf, replaceInScript, replaceText } from "../edits";
import { defineRule, type FixDraft, type RuleContext } from "../rule";

export const cacheMinModeMultistage = defineRule({
  id: "cache-min-mode-multistage",
  title: "The cache leaves out earlier stages",
  severity: "info",
  since: "0.2.0",
  inspects: "job",

  docs: {
    what: `Reports builds with BuildKit that leave an inline cache, or one without \`mode=max\`, where the Dockerfile copies files from stages that run
commands. Silent where the job also builds those stages by themselves.`,
    why: `Such a cache holds the layers of the finished image alone. The stages that compile and install are not part of it, so they run again each
time, which is most of the work.`,
    fix: "Export a cache of its own with `mode=max`.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  before_script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
  script:
    - docker build --push --cache-from "$CI_REGISTRY_IMAGE:cache" --cache-to "type=registry,ref=$CI_REGISTRY_IMAGE:cache" -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" .
`,
      good: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  before_script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
  script:
    - docker build --push --cache-from "$CI_REGISTRY_IMAGE:cache" --cache-to "type=registry,ref=$CI_REGISTRY_IMAGE:cache,mode=max" -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" .
`,
      with: {
        Dockerfile: `
FROM golang:1.27 AS build
COPY . .
RUN go build -o /app .

FROM scratch
COPY --from=build /app /app
`.trimStart(),
      },
    },
    references: [
      "https://docs.docker.com/build/cache/backends/#cache-mode",
      "https://docs.docker.com/build/cache/backends/inline/",
      "https://github.com/moby/moby/issues/34715",
    ],
  },

  *check(job, ctx) {
    const builds = commandsOf(ctx, job).flatMap((command) => buildOf(ctx, command) ?? []);
    for (const build of builds) {
      const caches = writtenCaches(build);
      if (caches.length === 0 || caches.some(({ mode }) => mode !== "min") || !isBuildKit(ctx, build))
        continue;
      const [stage] = stagesBehind(ctx, build);
      if (stage === undefined || builds.some((other) => other !== build && buildsStage(other, build)))
        continue;
      const at = placeOf(build);
      if (at === undefined) continue;
      yield {
        at,
        message: `This cache holds the layers of the finished image alone, so ${nameOf(stage)} is built again each time; use a cache of its own with \`--cache-to type=registry,ref=…,mode=max\``,
        related: [{ at: (stage.name ?? stage.written).at, message: "not in the cache" }],
        fixes: fixesFor(ctx, build),
      };
    }
  },
});

const isBuildKit = (ctx: RuleContext, { command }: Build): boolean =>
  builderOf(ctx, command).kind === "buildkit";

/** A build of one stage by itself, whose image is a cache for it. */
const buildsStage = (other: Build, build: Build): boolean =>
  other.target !== undefined &&
  other.dockerfile.known &&
  build.dockerfile.known &&
  other.dockerfile.value === build.dockerfile.value;

const nameOf = ({ name, index }: Stage): string =>
  name === undefined ? `stage ${index}` : `the stage \`${name.value}\``;

/** What asks for the cache: `--cache-to`, or the build argument. */
function placeOf({
  command,
  cacheTo,
  arguments: given,
}: Build): Pick<Located<string>, "at" | "via"> | undefined {
  const [exported] = cacheTo;
  if (exported !== undefined) return exported.value.at;
  const inline = given.find(({ name }) => name === "BUILDKIT_INLINE_CACHE");
  return inline && { at: inline.at, via: command.via };
}

// ---- Fixes

function fixesFor(ctx: RuleContext, build: Build): readonly FixDraft[] {
  const [exported] = build.cacheTo;
  const fix = exported === undefined || exported.type === "inline" ? ownCache(ctx, build) : maxMode(build);
  return fix === undefined ? [] : [fix];
}

function maxMode({ command, cacheTo: [exported] }: Build): FixDraft | undefined {
  if (exported === undefined) return undefined;
  const { at } = exported.value.argument;
  const written = at.chunk.text.slice(at.start, at.end);
  if (written.startsWith("$") || !written.includes("=")) return undefined;
  const title = "Use `mode=max`";
  const min = written.indexOf("mode=min");
  if (min !== -1) {
    const start = at.start + min;
    const edit = replaceText({ chunk: at.chunk, start, end: start + "mode=min".length }, "mode=max");
    return { title, safety: "suggested", edits: [edit] };
  }
  const quote = /["']$/.test(written) ? 1 : 0;
  const end = endOf({ ...at, end: at.end - quote });
  const edit = replaceInScript(command.item, end, ",mode=max");
  return edit && { title, safety: "suggested", edits: [edit] };
}

/** Beside the inline cache, which others may read. */
function ownCache(ctx: RuleContext, build: Build): FixDraft | undefined {
  const cache = canExportCache(ctx, build) && build.pushes ? registryCacheOf(build) : undefined;
  if (cache === undefined) return undefined;
  const flags = `--cache-from type=registry,ref=${cache} --cache-to type=registry,ref=${cache},mode=max`;
  const edit = wordsBehindVerb(build.command, flags);
  return edit && { title: OWN_CACHE, safety: "suggested", edits: [edit] };
}
