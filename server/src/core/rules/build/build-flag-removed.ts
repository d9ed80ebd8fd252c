// Flags that only one of Docker's two builders has. https://docs.docker.com/engine/deprecated/ ; `commands/build.go` of
// docker/buildx ("flag-warn" of squash) and `cli/command/image/build.go` of docker/cli, which has no others since 23.0
import { BUILDKIT_FLAGS } from "../../data/buildkit-flags";
import type { QueryContext } from "../../query/query";
import { isFlagOn, type ContainerCommand, type Flag } from "../../model/docker/command";
import { commandsOf } from "../../model/docker/find-commands";
import { expandImage } from "../../model/docker/image-of";
import { builderOf } from "../../model/flow/builder";
import { replaceInScript } from "../edits";
import { removeFlag } from "../flag-fix";
import { defineRule, type FixDraft, type Report } from "../rule";

export const buildFlagRemoved = defineRule({
  id: "build-flag-removed",
  title: "A flag that the builder does not have",
  severity: "warning",
  since: "0.1.0",
  inspects: "job",

  docs: {
    what: `Reports \`--squash\` where BuildKit builds, and flags of BuildKit (\`--cache-to\`, \`--secret\`, \`--ssh\`, \`--push\`,
\`--load\`, \`--output\`, several platforms…) where the legacy builder does.`,
    why: `BuildKit is what \`docker build\` uses since Docker 23, unless \`DOCKER_BUILDKIT=0\`. It only warns ("experimental flag
squash is removed with BuildKit") and squashes nothing. The legacy builder stops with "unknown flag: --push", or ignores the flag.`,
    fix: "Build in several stages instead of squashing; build with `docker buildx build` where a flag of BuildKit is needed.",
    example: {
      bad: `
build:
  image: docker:29.6.2-cli
  script:
    - docker build --squash -t app .
`,
      good: `
build:
  image: docker:29.6.2-cli
  script:
    - docker build -t app .
`,
    },
    references: [
      "https://docs.docker.com/build/buildkit/",
      "https://github.com/docker/buildx/blob/master/commands/build.go",
      "https://github.com/docker/cli/blob/master/cli/command/image/build.go",
      "https://docs.docker.com/engine/deprecated/#legacy-builder-for-linux-images",
    ],
  },

  *check(job, ctx) {
    for (const command of commandsOf(ctx, job)) {
      if (command.tool !== "docker" || !/^(buildx )?build$/.test(command.verb)) continue;
      const flags = command.flags.filter((flag) => flag.name === "squash" || isOfBuildKit(flag));
      if (flags.length === 0) continue;
      const { kind } = builderOf(ctx, command);
      if (kind === "buildkit") yield* squashing(command);
      else if (kind === "legacy" && !isAlias(ctx, command))
        for (const flag of flags) if (flag.name !== "squash") yield unknownFlag(ctx, command, flag);
    }
  },
});

const isOfBuildKit = ({ name, value }: Flag): boolean =>
  BUILDKIT_FLAGS.has(name) || (name === "platform" && value?.isStatic === true && value.text.includes(","));

/** `docker buildx install` makes `docker build` mean `docker buildx build`. */
const isAlias = (ctx: QueryContext, command: ContainerCommand): boolean =>
  commandsOf(ctx, command.job).some(({ verb, order }) => verb === "buildx install" && order < command.order);

function* squashing(command: ContainerCommand): Iterable<Report> {
  const flag = command.flags.find(({ name }) => name === "squash");
  if (flag === undefined || !isFlagOn(command, "squash")) return;
  const removal = removeFlag(flag);
  yield {
    at: { at: flag.at, via: command.via },
    message:
      '`--squash` does nothing with BuildKit ("experimental flag squash is removed with BuildKit"), so the image keeps all its layers; remove it, and copy the result into a last stage of its own',
    fixes: removal === undefined ? [] : [{ title: "Remove `--squash`", safety: "safe", edits: [removal] }],
  };
}

function unknownFlag(ctx: QueryContext, command: ContainerCommand, flag: Flag): Report {
  const name = `--${flag.name}`;
  const effect = effectOf(ctx, command, flag);
  return {
    at: { at: flag.at, via: command.via },
    message: `The legacy builder does the work of this \`docker build\`, and ${effect}; use \`docker buildx build\`${flag.name === "platform" ? " for several platforms" : ` for \`${name}\``}`,
    fixes: useBuildx(command),
  };
}

/** Clients before 23 take these without BuildKit, and do nothing with them. */
const IGNORED_BEFORE_23: ReadonlySet<string> = new Set(["output", "secret", "ssh"]);

function effectOf(ctx: QueryContext, { job }: ContainerCommand, { name }: Flag): string {
  if (name === "platform") return "it builds for one platform only";
  const version = job.image === undefined ? undefined : expandImage(ctx, job, job.image)?.docker?.version;
  if (!IGNORED_BEFORE_23.has(name)) return `stops with "unknown flag: --${name}"`;
  if (version === undefined) return `knows no \`--${name}\``;
  return version.major < 23 ? `ignores \`--${name}\`` : `stops with "unknown flag: --${name}"`;
}

function useBuildx(command: ContainerCommand): readonly FixDraft[] {
  const edit = replaceInScript(command.item, command.verbAt, "buildx build");
  return edit === undefined
    ? []
    : [{ title: "Build with `docker buildx build`", safety: "suggested", edits: [edit] }];
}
