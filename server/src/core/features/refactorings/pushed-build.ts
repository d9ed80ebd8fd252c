// A plain `docker build` with the pushes that follow it, where build and push can become one command: nothing else in the job uses
// the local image, and nothing that may decide about the push stands between them.
import { flagNamed, type ContainerCommand, type JobCommand } from "../../model/docker/command";
import { showText } from "../../model/docker/symbolic";
import { buildOf, type Build } from "../../model/docker/build";
import { commandsOf, isOpaque, jobCommandsOf } from "../../model/docker/find-commands";
import type { ImageReference } from "../../model/docker/image-reference";
import { firstLoginOf, hasCredentials } from "../../model/docker/registry-use";
import { meansSame, type ImageUse } from "../../model/flow/image-use";
import { imageUsesOf } from "../../model/flow/uses-of-job";
import type { QueryContext } from "../../query/query";

export interface PushedBuild {
  readonly build: Build;
  /** The commands that push the image, in order; all of them can go when the build pushes. */
  readonly pushes: readonly ContainerCommand[];
}

/** Flags that every builder of buildx takes alike. */
const PLAIN_FLAGS: ReadonlySet<string> = new Set(
  "tag file build-arg target pull platform label secret ssh progress quiet add-host build-context".split(" "),
);

/** Undefined where the two can't become one. The builder is not asked about. */
export function pushedBuildOf(ctx: QueryContext, command: ContainerCommand): PushedBuild | undefined {
  const build = command.tool === "docker" ? buildOf(ctx, command) : undefined;
  if (build === undefined || !isPlainBuild(build) || isOpaque(ctx, command.job)) return undefined;
  const tags = build.tags.flatMap(({ references }) => references);
  if (tags.length === 0 || build.tags.some(({ references }) => references.length !== 1)) return undefined;
  const pushes = pushesBehind(ctx, build, tags);
  if (pushes === undefined || !isLoggedIn(ctx, command) || !isAlone(ctx, command, pushes)) return undefined;
  return isUsedOtherwise(ctx, build, tags, pushes) ? undefined : { build, pushes };
}

/** A build without caches and outputs of its own, with flags that all builders know. */
export const isPlainBuild = ({ command, pushes, cacheFrom, cacheTo, outputs }: Build): boolean =>
  !command.isOpen &&
  !command.use.tolerated &&
  command.globalFlags.length === 0 &&
  !pushes &&
  cacheFrom.length + cacheTo.length + outputs.length === 0 &&
  command.flags.every(({ name, isKnown }) => isKnown && PLAIN_FLAGS.has(name));

/** One push for each tag; undefined where a tag stays at home. */
function pushesBehind(
  ctx: QueryContext,
  { command }: Build,
  tags: readonly ImageReference[],
): readonly ContainerCommand[] | undefined {
  const found = imageUsesOf(ctx, command.job).filter(
    (use) => use.action === "push" && use.references.length === 1 && meansSame(use.references, tags),
  );
  const pushes = found.flatMap((use) => (use.command === undefined ? [] : [use.command]));
  const isWhole = tags.every(({ key }) => found.some(({ references }) => references[0]?.key === key));
  return isWhole && found.length === tags.length && pushes.every((push) => isPlainPush(command, push))
    ? pushes
    : undefined;
}

const isPlainPush = (build: ContainerCommand, push: ContainerCommand): boolean =>
  push.order > build.order &&
  push.section === build.section &&
  push.verb === "push" &&
  push.tool === "docker" &&
  push.flags.length + push.globalFlags.length === 0 &&
  push.operands.length === 1 &&
  push.caller === undefined &&
  !push.use.tolerated &&
  push.use.inFunction === undefined;

/** The cache is read, and the image pushed, when the build runs. */
export const isLoggedIn = (ctx: QueryContext, { job, order }: ContainerCommand): boolean =>
  (firstLoginOf(ctx, job) ?? Infinity) < order || hasCredentials(ctx, job);

/** Between the build and the last push nothing runs that could fail: it would then keep the image from being pushed. */
function isAlone(
  ctx: QueryContext,
  { job, order }: ContainerCommand,
  pushes: readonly ContainerCommand[],
): boolean {
  const last = Math.max(...pushes.map((push) => push.order));
  const known = new Set(pushes.map((push) => push.order));
  return jobCommandsOf(ctx, job).every(
    (other) => other.order <= order || other.order >= last || known.has(other.order) || isHarmless(other),
  );
}

const HARMLESS: ReadonlySet<string> = new Set(["echo", "printf", "date", "true", ":"]);

const isHarmless = ({ argv }: JobCommand): boolean => HARMLESS.has(argv[0]?.text ?? "");

/** The local image is run, saved, tagged or built upon; or a command may do that whose images are not read here. */
function isUsedOtherwise(
  ctx: QueryContext,
  build: Build,
  tags: readonly ImageReference[],
  pushes: readonly ContainerCommand[],
): boolean {
  const { command } = build;
  const touches = (use: ImageUse): boolean =>
    meansSame(use.references, tags) || (use.source !== undefined && meansSame(use.source, tags));
  const isOwn = (use: ImageUse): boolean =>
    use.command === command || (use.command !== undefined && pushes.includes(use.command));
  return (
    imageUsesOf(ctx, command.job).some(
      (use) => !isOwn(use) && use.action !== "remove" && touches(use) && use.command !== undefined,
    ) ||
    commandsOf(ctx, command.job).some(
      ({ tool, verb }) =>
        tool !== "docker" ||
        verb.startsWith("compose") ||
        verb === "buildx bake" ||
        verb === "rmi" ||
        verb === "image rm",
    )
  );
}

/** What decides about the layers of a build: builds of the same content can share a cache. */
export function contentOf(ctx: QueryContext, command: ContainerCommand): string {
  const build = buildOf(ctx, command);
  const platform = flagNamed(command, "platform")?.value?.text ?? "";
  const target = build?.target?.variants.map(showText).join(" ") ?? "";
  return [build?.dockerfile.known === true ? build.dockerfile.value : "", target, platform].join("\0");
}
