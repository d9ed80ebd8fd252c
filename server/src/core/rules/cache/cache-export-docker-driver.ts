// What the daemon's own builder cannot do: export a cache, build for several platforms, write an OCI archive.
// https://docs.docker.com/build/builders/drivers/ , https://github.com/docker/buildx/issues/701
import { buildOf, type Build } from "../../model/docker/build";
import type { ContainerCommand } from "../../model/docker/command";
import { surelyEndsJob } from "../../model/docker/certain-commands";
import { daemonForCommand } from "../../model/docker/daemon";
import { commandsOf, dialectOf } from "../../model/docker/find-commands";
import { hasOutput } from "../../model/flow/build-output";
import { builderOf, choosesBuilder, type Builder } from "../../model/flow/builder";
import { beyondDockerDriver, type DriverLimit } from "../../model/flow/driver-limits";
import { storageDriverOf } from "../../model/flow/image-store";
import { laterUsesOf } from "../../model/flow/image-later";
import { commandBefore, withBuildx, withoutCommand } from "../command-edit";
import { defineRule, type FixDraft, type RuleContext } from "../rule";

export const cacheExportDockerDriver = defineRule({
  id: "cache-export-docker-driver",
  title: "The default builder cannot do this",
  severity: "error",
  since: "0.2.0",
  inspects: "job",

  docs: {
    what: `Reports builds on the default builder that export a layer cache (\`--cache-to\`, except \`type=inline\`), name several platforms or write an
OCI archive, where the daemon does not keep its images with containerd: before Docker 29, or with \`DOCKER_DRIVER\`. A warning where
the daemon is not known.`,
    why: `The builder inside such a daemon can do none of this: "Cache export is not supported for the docker driver. Switch to a different driver, or
turn on the containerd image store, and try again", "Multi-platform build is not supported for the docker driver".`,
    fix: "Make a builder with `docker buildx create --use` and call `docker buildx build`, or use Docker 29 without `DOCKER_DRIVER`.",
    example: {
      bad: `
build:
  image: docker:28.5-cli
  services: [docker:28.5-dind]
  before_script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
  script:
    - docker build --cache-to "type=registry,ref=$CI_REGISTRY_IMAGE:cache,mode=max" -t app .
`,
      good: `
build:
  image: docker:28.5-cli
  services: [docker:28.5-dind]
  before_script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
    - docker context create tls-env
    - docker buildx create --use tls-env
  script:
    - docker buildx build --load --cache-to "type=registry,ref=$CI_REGISTRY_IMAGE:cache,mode=max" -t app .
`,
    },
    references: [
      "https://docs.docker.com/build/builders/drivers/",
      "https://docs.docker.com/build/cache/backends/",
      "https://github.com/docker/buildx/issues/701",
    ],
  },

  *check(job, ctx) {
    const commands = commandsOf(ctx, job).filter(({ verb }) => verb === "build" || verb === "buildx build");
    if (commands.length === 0 || dialectOf(ctx, job) !== "posix") return;
    for (const command of commands) {
      const refusal = refusalOf(ctx, command);
      if (refusal === undefined) continue;
      const { build, limit, builder } = refusal;
      const isKnown = builder.store === "graphdriver";
      const reason = reasonFor(ctx, build, builder);
      yield {
        at: limit.at,
        severity: isKnown && surelyEndsJob(ctx, command) ? "error" : "warning",
        confidence: isKnown ? "certain" : "likely",
        message: `This build runs on the default builder, which ${reason.text} ("${limit.error}"); ${ADVICE}`,
        related: reason.related,
        fixes: fixesFor(ctx, build, limit),
      };
    }
  },
});

interface Refusal {
  readonly build: Build;
  readonly limit: DriverLimit;
  readonly builder: Builder;
}

function refusalOf(ctx: RuleContext, command: ContainerCommand): Refusal | undefined {
  const build = buildOf(ctx, command);
  const limit = build && beyondDockerDriver(ctx, build);
  if (build === undefined || limit === undefined) return undefined;
  const builder = builderOf(ctx, command);
  if (builder.driver !== "docker" || builder.store === "containerd") return undefined;
  // Where no daemon is in sight, that comes first.
  const { kind } = daemonForCommand(ctx, command);
  return kind === "unknown" || kind === "none" ? undefined : { build, limit, builder };
}

const ADVICE =
  "make a builder with `docker buildx create --use` and call `docker buildx build`, or use Docker 29 without `DOCKER_DRIVER`";

interface Reason {
  readonly text: string;
  readonly related: readonly { readonly at: DriverLimit["at"]["at"]; readonly message: string }[];
}

function reasonFor(ctx: RuleContext, { command }: Build, { store }: Builder): Reason {
  if (store === "unknown")
    return { text: "cannot do this unless its daemon keeps images with containerd", related: [] };
  const { target } = daemonForCommand(ctx, command);
  if (target === undefined) return { text: "cannot do this", related: [] };
  const driver = storageDriverOf(ctx, command.job, target)?.at;
  const isNew = target.version === undefined || target.version.major >= 29;
  return isNew && driver !== undefined
    ? {
        text: `cannot do this because of \`DOCKER_DRIVER\``,
        related: [{ at: driver.at, message: "switches off what the build needs" }],
      }
    : {
        text: `cannot do this in the daemon \`${target.at.value}\``,
        related: [{ at: target.at.at, message: "the daemon" }],
      };
}

// ---- Fix

/** A builder of the job's own, unless it has made one already. */
function fixesFor(ctx: RuleContext, build: Build, { kind }: DriverLimit): readonly FixDraft[] {
  const { command } = build;
  const isMade = commandsOf(ctx, command.job).some(
    (other) => choosesBuilder(other) && other.order < command.order,
  );
  const before = isMade ? undefined : commandBefore(command, `docker context create ${NAME}`);
  const create = isMade ? undefined : commandBefore(command, `docker buildx create --use ${NAME}`);
  if (isMade ? command.verb !== "build" : before === undefined || create === undefined) return [];
  const output = outputFor(ctx, build, kind);
  if (output === undefined) return [];
  const buildx = withBuildx(command, output.words);
  const made = before === undefined || create === undefined ? [] : [joined(before, create)];
  const edits = [...made, ...(buildx === undefined ? [] : [buildx]), ...output.edits];
  return edits.length === 0
    ? []
    : [{ title: isMade ? "Use `docker buildx build`" : "Make a builder for it", safety: "suggested", edits }];
}

const NAME = "tls-env";

type Edit = FixDraft["edits"][number];

const joined = (first: Edit, second: Edit): Edit => ({ ...first, newText: first.newText + second.newText });

/** What such a builder needs to hand out the image; undefined where several platforms would have to go to the daemon. */
function outputFor(
  ctx: RuleContext,
  build: Build,
  kind: DriverLimit["kind"],
): { readonly words: string; readonly edits: readonly Edit[] } | undefined {
  if (hasOutput(build)) return { words: "", edits: [] };
  if (kind !== "platforms") return { words: "--load", edits: [] };
  const uses = laterUsesOf(ctx, build);
  const removed = uses.flatMap(({ action, command }) =>
    action === "push" && command !== undefined ? (withoutCommand(command) ?? []) : [],
  );
  return uses.length > 0 && removed.length === uses.length ? { words: "--push", edits: removed } : undefined;
}
