// `docker build` behind `buildx create --use`: the builder that was made for it stands idle.
// https://docs.docker.com/build/builders/#difference-between-docker-build-and-docker-buildx-build
import { buildOf } from "../../model/docker/build";
import { flagNamed, runsBefore, type ContainerCommand } from "../../model/docker/command";
import { commandsOf, dialectOf, isOpaque } from "../../model/docker/find-commands";
import { hasOutput } from "../../model/flow/build-output";
import { builderOf, choosesBuilder } from "../../model/flow/builder";
import { beyondDockerDriver } from "../../model/flow/driver-limits";
import { withBuildx } from "../command-edit";
import { defineRule, type FixDraft, type RuleContext } from "../rule";

export const buildxBuilderIgnored = defineRule({
  id: "buildx-builder-ignored",
  title: "`docker build` does not use the builder",
  severity: "warning",
  since: "0.2.0",
  inspects: "job",

  docs: {
    what: `Reports \`docker build\` in a job that makes or chooses a builder with \`docker buildx create --use\` or \`docker buildx use\`, where nothing in
the job uses that builder.`,
    why: `\`docker build\` goes to the default builder, whatever builder is chosen; only \`docker buildx build\` asks for the choice. The new builder
takes time to start and does nothing, and what it was made for (a cache in the registry, several platforms) fails or does not happen.`,
    fix: "Use `docker buildx build`, with `--load` where the daemon needs the image.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  script:
    - docker context create tls-env
    - docker buildx create --use tls-env
    - docker build -t app .
`,
      good: `
build:
  image: docker:29.6.2-cli
  services: [docker:29.6.2-dind]
  script:
    - docker context create tls-env
    - docker buildx create --use tls-env
    - docker buildx build --load -t app .
`,
    },
    references: [
      "https://docs.docker.com/build/builders/#difference-between-docker-build-and-docker-buildx-build",
    ],
  },

  *check(job, ctx) {
    const commands = commandsOf(ctx, job);
    const choice = commands.findLast(choosesBuilder);
    if (choice === undefined || isDefault(choice) || dialectOf(ctx, job) !== "posix") return;
    if (commands.some(usesBuilder)) return;
    for (const command of commands) {
      if (command.verb !== "build" || command.tool !== "docker" || !runsBefore(choice, command)) continue;
      if (!isIgnored(ctx, command)) continue;
      yield {
        at: { at: command.verbAt, via: command.via },
        severity: isOpaque(ctx, job) ? "info" : "warning",
        message:
          "`docker build` always goes to the default builder, so the builder that this job made stands idle; use `docker buildx build`",
        related: [{ at: choice.at, message: "the builder" }],
        fixes: fixesFor(ctx, command),
      };
    }
  },
});

const isDefault = ({ verb, operands }: ContainerCommand): boolean =>
  verb === "buildx use" && operands[0]?.text === "default";

/** `buildx install` makes `docker build` another name for `docker buildx build`. */
const usesBuilder = ({ verb }: ContainerCommand): boolean =>
  /^(buildx (build|bake|install|imagetools .*)|compose (build|up|run|watch))$/.test(verb);

/** What asks for more than the default builder can do is an error of its own. */
function isIgnored(ctx: RuleContext, command: ContainerCommand): boolean {
  if (command.isOpen || flagNamed(command, "builder") !== undefined) return false;
  const { kind, driver, store } = builderOf(ctx, command);
  if (kind !== "legacy" && driver !== "docker") return false;
  const build = buildOf(ctx, command);
  const fails = build !== undefined && beyondDockerDriver(ctx, build) !== undefined && store !== "containerd";
  return !fails;
}

function fixesFor(ctx: RuleContext, command: ContainerCommand): readonly FixDraft[] {
  const build = buildOf(ctx, command);
  if (build === undefined) return [];
  const edit = withBuildx(command, hasOutput(build) ? "" : "--load");
  return edit === undefined
    ? []
    : [{ title: "Use `docker buildx build`", safety: "suggested", edits: [edit] }];
}
