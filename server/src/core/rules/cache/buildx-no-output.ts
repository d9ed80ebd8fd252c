// A build on a builder of its own whose result stays there, because nothing says where it goes.
// https://docs.docker.com/build/builders/drivers/
import { buildOf, type Build } from "../../model/docker/build";
import { surelyEndsJob } from "../../model/docker/certain-commands";
import { flagNamed, isFlagOn } from "../../model/docker/command";
import { daemonForCommand } from "../../model/docker/daemon";
import { commandsOf, dialectOf, isOpaque } from "../../model/docker/find-commands";
import { driverWithoutOutput } from "../../model/flow/build-output";
import { builderOf } from "../../model/flow/builder";
import { platformsOf } from "../../model/flow/driver-limits";
import { isBroughtOtherwise, laterUsesOf } from "../../model/flow/image-later";
import type { ImageUse } from "../../model/flow/image-use";
import type { Job } from "../../model/pipeline/job";
import type { Severity } from "../../settings/settings";
import { withoutCommand, wordsBehindVerb } from "../command-edit";
import { defineRule, type FixDraft, type Report, type RuleContext } from "../rule";

export const buildxNoOutput = defineRule({
  id: "buildx-no-output",
  title: "The built image goes nowhere",
  severity: "error",
  since: "0.2.0",
  inspects: "job",

  docs: {
    what: `Reports \`docker buildx build\` on a builder that the job made, without \`--push\`, \`--load\` or \`--output\`: an error where the job then
pushes, runs, tags or saves the image, a hint where the build has no name and only shows that it works. A build that
fills a cache (\`--cache-to\`), and whose image nobody uses, is right. Also \`--load\` of several platforms into a daemon that
can hold only one.`,
    why: `Such a builder has no images of its own: "No output specified with docker-container driver. Build result will only remain in the build
cache". The \`docker push\` behind it ends with "An image does not exist locally with the tag".`,
    fix: "Add `--push`, which makes the `docker push` superfluous; or `--load` to bring the image to the daemon.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  before_script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
    - docker context create tls-env
    - docker buildx create --use tls-env
  script:
    - docker buildx build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" .
    - docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"
`,
      good: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  before_script:
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
    - docker context create tls-env
    - docker buildx create --use tls-env
  script:
    - docker buildx build --push -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" .
`,
    },
    references: [
      "https://docs.docker.com/build/builders/drivers/docker-container/",
      "https://docs.docker.com/build/exporters/",
      "https://github.com/docker/buildx/blob/master/build/build.go",
    ],
  },

  *check(job, ctx) {
    const commands = commandsOf(ctx, job).filter(({ verb }) => verb === "buildx build");
    if (commands.length === 0 || dialectOf(ctx, job) !== "posix") return;
    for (const command of commands) {
      const build = buildOf(ctx, command);
      if (build === undefined) continue;
      const driver = driverWithoutOutput(ctx, build);
      if (driver !== undefined) yield* withoutOutput(ctx, job, build, driver);
      else yield* tooManyPlatforms(ctx, build);
    }
  },
});

function* withoutOutput(ctx: RuleContext, job: Job, build: Build, driver: string): Iterable<Report> {
  const uses = laterUsesOf(ctx, build).filter((use) => !isBroughtOtherwise(ctx, build, use));
  const [first] = uses;
  // Made to fill a cache, which it does.
  if (first === undefined && build.cacheTo.length > 0) return;
  const nothing = `With the ${driver} driver the result of this build "will only remain in the build cache"`;
  yield {
    at: { at: build.command.at, via: build.command.via },
    severity: first === undefined ? severityUnused(ctx, job, build) : severityUsed(ctx, build, first),
    message:
      first === undefined
        ? `${nothing}, so that nobody ever gets the image; add \`--push\` or \`--load\``
        : `${nothing}, so \`${verbOf(first)} ${first.at.value}\` finds no image ("does not exist locally"); add \`--push\` or \`--load\``,
    related: first === undefined ? [] : [{ at: first.at.at, message: "needed here" }],
    fixes: fixesFor(ctx, build, uses),
  };
}

const verbOf = ({ command }: ImageUse): string =>
  command === undefined ? "docker" : `${command.tool} ${command.verb}`;

/** On a daemon that lives on, an older image of that name may be there. */
function severityUsed(ctx: RuleContext, { command }: Build, use: ImageUse): Severity {
  const create = builderOf(ctx, command).create;
  const isCertain =
    daemonForCommand(ctx, command).kind === "dind" &&
    create?.use.tolerated === false &&
    !isOpaque(ctx, command.job) &&
    !commandsOf(ctx, command.job).some(({ verb }) => verb === "load" || verb === "import") &&
    use.command !== undefined &&
    surelyEndsJob(ctx, use.command);
  return isCertain ? "error" : "warning";
}

/** A build without a name checks that it can be built. */
function severityUnused(ctx: RuleContext, job: Job, { tags }: Build): Severity {
  if (tags.length === 0) return "hint";
  return isOpaque(ctx, job) ? "info" : "warning";
}

// ---- Several platforms

/** docker/buildx `build/opt.go`: the older store holds one platform. */
function* tooManyPlatforms(ctx: RuleContext, build: Build): Iterable<Report> {
  const { command } = build;
  if (!isFlagOn(command, "load") || platformsOf(ctx, command) === undefined) return;
  const { driver, store } = builderOf(ctx, command);
  const load = flagNamed(command, "load");
  if (driver === undefined || driver === "docker" || store !== "graphdriver" || load === undefined) return;
  yield {
    at: { at: load.at, via: command.via },
    severity: surelyEndsJob(ctx, command) ? "error" : "warning",
    message:
      'This daemon can hold images of one platform only, so the build ends with "docker exporter does not currently support exporting manifest lists"; push the image with `--push`, or use Docker 29 without `DOCKER_DRIVER`',
  };
}

// ---- Fixes

function fixesFor(ctx: RuleContext, build: Build, uses: readonly ImageUse[]): readonly FixDraft[] {
  const push = pushFix(build, uses);
  const load = platformsOf(ctx, build.command) === undefined ? loadFix(build) : undefined;
  return [push, load].filter((fix) => fix !== undefined);
}

/** Only where the job does nothing but push, and pushes all of the build's tags. */
function pushFix(build: Build, uses: readonly ImageUse[]): FixDraft | undefined {
  const pushed = uses.flatMap(({ references }) => references.map(({ key }) => key));
  const isWhole = build.tags.every(({ references }) => references.every(({ key }) => pushed.includes(key)));
  if (uses.length === 0 || !isWhole || uses.some(({ action }) => action !== "push")) return undefined;
  const removed = uses.map(({ command }) => command && withoutCommand(command));
  const edits = [wordsBehindVerb(build.command, "--push"), ...removed].filter((edit) => edit !== undefined);
  if (edits.length < uses.length + 1) return undefined;
  return { title: "Push with the build", safety: "suggested", edits };
}

function loadFix({ command }: Build): FixDraft | undefined {
  const edit = wordsBehindVerb(command, "--load");
  return edit && { title: "Bring the image to the daemon with `--load`", safety: "suggested", edits: [edit] };
}
