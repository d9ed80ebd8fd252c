// "Cache each stage of the Dockerfile": with the daemon's own builder an inline cache holds the last stage alone, so every stage that
// does work is built by itself, pushed, and named in `--cache-from`. https://docs.docker.com/build/cache/backends/inline/
import type { ContainerCommand } from "../../model/docker/command";
import { buildOf, type Build } from "../../model/docker/build";
import { isOpaque } from "../../model/docker/find-commands";
import { showText } from "../../model/docker/symbolic";
import { builderOf } from "../../model/flow/builder";
import { registryCacheOf } from "../../model/flow/cache-export";
import { imageFlowOf } from "../../model/flow/image-flow";
import { meansSame } from "../../model/flow/image-use";
import { stagesBehind } from "../../model/flow/uncached-stages";
import { imageUsesOf } from "../../model/flow/uses-of-job";
import type { QueryContext } from "../../query/query";
import { lineAfterCommand } from "../../rules/script-lines";
import type { ChunkEdit } from "../../text/edit";
import { textAt, type Origin } from "../../text/located";
import { commandsAtCursor, forAllJobs } from "./at-cursor";
import { linesBefore, withFlags } from "./command-lines";
import { contentOf, isLoggedIn, isPlainBuild } from "./pushed-build";
import { defineRefactoring, type RefactoringDraft } from "./refactoring";

export const cacheEachStage = defineRefactoring({
  id: "cache-each-stage",
  kind: "refactor.rewrite",
  offer(ctx, cursor) {
    const commands = commandsAtCursor(ctx, cursor);
    if (new Set(commands.map((command) => contentOf(ctx, command))).size > 1) return [];
    const draft = forAllJobs(commands, (command) => draftFor(ctx, command));
    return draft === undefined ? [] : [draft];
  },
});

const INLINE = "--build-arg BUILDKIT_INLINE_CACHE=1";

function draftFor(ctx: QueryContext, command: ContainerCommand): RefactoringDraft | undefined {
  const build = command.tool === "docker" ? buildOf(ctx, command) : undefined;
  if (build === undefined || !isFit(ctx, build)) return undefined;
  const stages = stageNames(ctx, build);
  const name = registryCacheOf(build)?.replace(/:buildcache$/, ":cache");
  const push = lastPush(ctx, build);
  if (stages === undefined || name === undefined || push === undefined) return undefined;
  const images = [...stages.map((stage) => `${name}-${stage}`), name];
  if (isTaken(ctx, command.job.root, images)) return undefined;
  const lines = stages.map((stage, index) => stageLine(command, stage, images.slice(0, index + 1)));
  const written = lines.filter((line) => line !== undefined);
  if (written.length < lines.length) return undefined;
  const flags = [...images.map((image) => `--cache-from "${image}"`), INLINE, `-t "${name}"`];
  const edits = [linesBefore(command, written), withFlags(command, flags), pushesBehind(push, images)];
  if (edits.includes(undefined)) return undefined;
  return { title: "Cache each stage of the Dockerfile", edits: edits.flatMap((each) => each ?? []) };
}

/** A plain build by BuildKit inside the daemon, out of a folder, in a job that is read whole. */
function isFit(ctx: QueryContext, build: Build): boolean {
  const { command, context, arguments: given } = build;
  const { kind, driver } = builderOf(ctx, command);
  return (
    kind === "buildkit" &&
    driver === "docker" &&
    isPlainBuild(build) &&
    context.known &&
    context.value.kind === "directory" &&
    command.operands.length === 1 &&
    build.tags.every(({ references }) => references.length === 1) &&
    !given.some((argument) => argument.name === "BUILDKIT_INLINE_CACHE") &&
    isLoggedIn(ctx, command) &&
    !isOpaque(ctx, command.job)
  );
}

/** The stages that an inline cache leaves out, in the order of the file; undefined where one has no name to build it by. */
function stageNames(ctx: QueryContext, build: Build): readonly string[] | undefined {
  const stages = [...stagesBehind(ctx, build)].sort((a, b) => a.index - b.index);
  const names = stages.flatMap(({ name }) =>
    name !== undefined && /^[\w.-]+$/.test(name.value) ? [name.value] : [],
  );
  return names.length === 0 || names.length < stages.length ? undefined : names;
}

/** The last command that pushes the image. */
function lastPush(ctx: QueryContext, { command, tags }: Build): ContainerCommand | undefined {
  const references = tags.flatMap((tag) => tag.references);
  return imageUsesOf(ctx, command.job).findLast(
    (use) =>
      use.action === "push" &&
      meansSame(use.references, references) &&
      (use.command?.order ?? 0) > command.order,
  )?.command;
}

/** Another build of the pipeline uses these names already. */
const isTaken = (ctx: QueryContext, root: string, images: readonly string[]): boolean =>
  [...imageFlowOf(ctx, root).images.values()].some(({ uses }) =>
    uses.some(({ references }) => references.some(({ text }) => images.includes(showText(text)))),
  );

/** A build of one stage: the command's own words, but for its tags and its target. Undefined where they can't stand on one line. */
function stageLine(
  { item, flags, operands, verb }: ContainerCommand,
  stage: string,
  from: readonly string[],
): string | undefined {
  const kept = flags.filter(({ name }) => name !== "tag" && name !== "target");
  const words = [...kept, ...operands].map(({ at }) => wordsAt(item.at, at));
  const image = from.at(-1) ?? "";
  const line = [
    `docker ${verb} --target ${stage}`,
    ...from.map((each) => `--cache-from "${each}"`),
    INLINE,
    `-t "${image}"`,
    ...words,
  ].join(" ");
  const isBlock = item.at.chunk.text[item.at.start] === "|";
  return words.includes(undefined) || (!isBlock && /: |:$| #/.test(line)) ? undefined : line;
}

/** Text of the item's own chunk, as the shell gets it: not between the quotes of YAML, and on one line. */
function wordsAt(item: Origin, at: Origin): string | undefined {
  const text = textAt(at);
  const isQuoted = /["']/.test(item.chunk.text[item.start] ?? "");
  return at.chunk !== item.chunk || at.start < item.start || isQuoted || text.includes("\n")
    ? undefined
    : text;
}

function pushesBehind(push: ContainerCommand, images: readonly string[]): readonly ChunkEdit[] | undefined {
  const edits = images.map((image) => lineAfterCommand(push, `docker push "${image}"`));
  const made = edits.filter((edit) => edit !== undefined);
  return made.length < images.length ? undefined : made;
}
