// `--cache-from` of the legacy builder without a pull: it never asks a registry.
// https://docs.gitlab.com/ci/docker/docker_layer_caching/
import { daemonForCommand } from "../../model/docker/daemon";
import { commandsOf, dialectOf } from "../../model/docker/find-commands";
import { isUniquePerCommit } from "../../model/docker/reference-properties";
import { showText } from "../../model/docker/symbolic";
import { builderOf } from "../../model/flow/builder";
import { cacheReadsOf, type CacheRead } from "../../model/flow/cache-reads";
import { isLocal } from "../../model/flow/local-caches";
import type { Severity } from "../../settings/settings";
import { commandBefore } from "../command-edit";
import { defineRule, type FixDraft, type RuleContext } from "../rule";

export const cacheFromNotPulled = defineRule({
  id: "cache-from-not-pulled",
  title: "The legacy builder has no cache image",
  severity: "warning",
  since: "0.2.0",
  inspects: "job",

  docs: {
    what: `Reports \`--cache-from\` of builds that the legacy builder does (Docker before 23 without \`DOCKER_BUILDKIT=1\`, or \`DOCKER_BUILDKIT=0\`), where the
job does not pull the image before. Information where other cache images are pulled.`,
    why: `The legacy builder looks for cache images among those of its daemon alone, and a dind service starts with none: the flag does nothing and
every build starts from nothing. BuildKit asks the registry itself.`,
    fix: "Pull the image first and go on without it, or build with BuildKit.",
    example: {
      bad: `
build:
  image: docker:20.10
  services: [docker:20.10-dind]
  script:
    - docker build --cache-from $CI_REGISTRY_IMAGE:latest -t $CI_REGISTRY_IMAGE:latest .
`,
      good: `
build:
  image: docker:20.10
  services: [docker:20.10-dind]
  script:
    - docker pull $CI_REGISTRY_IMAGE:latest || true
    - docker build --cache-from $CI_REGISTRY_IMAGE:latest -t $CI_REGISTRY_IMAGE:latest .
`,
    },
    references: [
      "https://docs.gitlab.com/ci/docker/docker_layer_caching/",
      "https://docs.docker.com/build/buildkit/#getting-started",
    ],
  },

  *check(job, ctx) {
    if (!commandsOf(ctx, job).some(({ verb }) => verb === "build") || dialectOf(ctx, job) !== "posix") return;
    for (const read of cacheReadsOf(ctx, job)) {
      if (builderOf(ctx, read.build.command).kind !== "legacy" || isLocal(ctx, read) !== "no") continue;
      const severity = severityFor(ctx, read);
      const [reference] = read.use.references;
      if (severity === undefined || reference === undefined || makesItself(read)) continue;
      const shown = showText(reference.text);
      yield {
        at: read.use.at,
        severity,
        message: `The legacy builder only takes its cache from images that the daemon has, and nothing in this job pulls \`${shown}\`, so this does nothing; pull it first with \`docker pull ${shown} || true\`, or build with BuildKit`,
        fixes: pullFix(read),
      };
    }
  },
});

/** A daemon that lives on has the images of earlier jobs. */
function severityFor(ctx: RuleContext, { use, build }: CacheRead): Severity | undefined {
  const { kind, target } = daemonForCommand(ctx, build.command);
  if (kind !== "dind" || target === undefined) return undefined;
  const others = cacheReadsOf(ctx, use.job).filter(
    (other) => other.use !== use && other.build === build && isLocal(ctx, other) !== "no",
  );
  return others.length > 0 ? "info" : "warning";
}

/** A new name for each commit that this very build makes: nobody can pull it before (`cache-from-never-exists`). */
const makesItself = ({ use, build }: CacheRead): boolean =>
  use.references.every(
    ({ key, text }) =>
      isUniquePerCommit(text) &&
      build.tags.some(({ references }) => references.some((tag) => tag.key === key)),
  );

/** With the words of the flag, so that the shell fills them in alike. */
function pullFix({ use, build }: CacheRead): readonly FixDraft[] {
  const cache = build.cacheFrom.find(({ value }) => value.at === use.at);
  const source = cache?.value.argument.word.source ?? "";
  const isPlain = cache?.attributes.size === 0 && !source.includes(",") && !source.startsWith("--");
  const edit = isPlain ? commandBefore(build.command, `docker pull ${source} || true`) : undefined;
  return edit === undefined ? [] : [{ title: "Pull the image first", safety: "suggested", edits: [edit] }];
}
