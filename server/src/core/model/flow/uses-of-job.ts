// Everything that one job does with images, in the order of its commands. By job, so that an edit in one job leaves the
// others' alone.
import { defineQuery, type QueryContext } from "../../query/query";
import type { Located } from "../../text/located";
import { buildOf, type Build } from "../docker/build";
import { flagsNamed, type Argument, type ContainerCommand } from "../docker/command";
import { expandArgument } from "../docker/expand";
import { commandsOf } from "../docker/find-commands";
import { normaliseName, parseReference, type ImageReference } from "../docker/image-reference";
import { jobImagesOf, type JobImage } from "../docker/job-images";
import { pushesOf } from "../docker/registry-use";
import { literal, type SymbolicText } from "../docker/symbolic";
import type { Job } from "../pipeline/job";
import { basesOf } from "./base-images";
import type { ImageAction, ImageUse } from "./image-use";
import { isOpenReference } from "./same-image";

const uses = defineQuery<Job, readonly ImageUse[]>({
  name: "imageUsesOf",
  compute: (ctx, job) => {
    const commands = commandsOf(ctx, job);
    const pushed = pushesOf(ctx, job);
    return [
      ...jobImagesOf(ctx, job).map((image) => written(job, image)),
      ...commands.flatMap((command) => [
        ...ofCommand(ctx, command),
        ...pushed.flatMap((push): readonly ImageUse[] => {
          if (push.command !== command || isCopy(command)) return [];
          const { references, at } = push;
          const build = buildOf(ctx, command);
          // What a cache is written to is no image.
          if (build?.cacheTo.some(({ value }) => value.at === at) === true) return [];
          return [{ ...plain(command, "push"), references, at, build }];
        }),
      ]),
    ];
  },
});

/** What a job does with images, in order. Commands whose references are not known as one word are left out. */
export const imageUsesOf = (ctx: QueryContext, job: Job): readonly ImageUse[] => ctx.get(uses, job);

interface UseIndex {
  readonly byKey: ReadonlyMap<string, readonly ImageUse[]>;
  /** Those of which a reference holds a variable that nobody knows. */
  readonly open: readonly ImageUse[];
}

const useIndexes = defineQuery<Job, UseIndex>({
  name: "useIndexOf",
  compute: (ctx, job) => {
    const byKey = new Map<string, ImageUse[]>();
    const open: ImageUse[] = [];
    for (const use of imageUsesOf(ctx, job)) {
      if (use.references.some(isOpenReference)) open.push(use);
      for (const key of new Set(use.references.map((reference) => reference.key))) {
        const same = byKey.get(key);
        if (same === undefined) byKey.set(key, [use]);
        else same.push(use);
      }
    }
    return { byKey, open };
  },
});

/** What a job does with one image, as far as its text says. */
export const usesInJob = (ctx: QueryContext, job: Job, { key }: ImageReference): readonly ImageUse[] =>
  ctx.get(useIndexes, job).byKey.get(key) ?? [];

/** The same, and what it does with images that may be this one; everything where nobody knows what the reference says. */
export function usesLike(ctx: QueryContext, job: Job, reference: ImageReference): readonly ImageUse[] {
  if (isOpenReference(reference)) return imageUsesOf(ctx, job);
  const { open } = ctx.get(useIndexes, job);
  const same = usesInJob(ctx, job, reference);
  return open.length === 0 ? same : [...new Set([...same, ...open])];
}

const written = (job: Job, { use, role, images }: JobImage): ImageUse => ({
  action: role === "cli" ? "job-image" : "service",
  job,
  command: undefined,
  references: images.map(({ reference }) => reference),
  at: use.name,
  build: undefined,
  source: undefined,
});

type Bare = Omit<ImageUse, "references" | "at">;

const plain = (command: ContainerCommand, action: ImageAction): Bare => ({
  action,
  job: command.job,
  command,
  build: undefined,
  source: undefined,
});

function ofCommand(ctx: QueryContext, command: ContainerCommand): readonly ImageUse[] {
  const build = buildOf(ctx, command);
  if (build !== undefined) return ofBuild(ctx, build);
  if (command.tool === "docker-compose" || command.verb.startsWith("compose ")) return [];
  if (isCopy(command)) return copies(ctx, command);
  if (command.verb === "tag") return tags(ctx, command);
  const simple = SIMPLE.get(command.verb);
  if (simple === undefined) return [];
  const [action, from, to] = simple;
  return command.operands.slice(from, to).flatMap((operand) => ofOperand(ctx, command, action, operand));
}

/** Verbs whose operands from the first number up to the second are images. */
const SIMPLE: ReadonlyMap<string, readonly [ImageAction, number, number?]> = new Map([
  ["pull", ["pull", 0, 1]],
  ["run", ["run", 0, 1]],
  ["create", ["run", 0, 1]],
  ["from", ["run", 0, 1]],
  ["save", ["save", 0]],
  ["commit", ["create", 1, 2]],
  ["import", ["create", 1, 2]],
  // https://docs.docker.com/reference/cli/docker/manifest/create/
  ["manifest create", ["create", 0, 1]],
  ["rmi", ["remove", 0]],
  ["image rm", ["remove", 0]],
  ["inspect", ["inspect", 0]],
  ["image inspect", ["inspect", 0]],
  ["history", ["inspect", 0, 1]],
  ["manifest inspect", ["inspect", 0, 1]],
  ["buildx imagetools inspect", ["inspect", 0, 1]],
]);

function ofBuild(ctx: QueryContext, build: Build): readonly ImageUse[] {
  const { command } = build;
  const use = (
    action: ImageAction,
    each: { references: readonly ImageReference[]; value: { at: Located<string> } },
  ): readonly ImageUse[] =>
    each.references.length === 0
      ? []
      : [{ ...plain(command, action), references: each.references, at: each.value.at, build }];
  return [
    ...build.cacheFrom.flatMap((each) => use("cache-from", each)),
    ...basesOf(ctx, build).map(({ reference, at }): ImageUse => ({
      ...plain(command, "base"),
      references: [reference],
      at,
      build,
    })),
    ...[...build.tags, ...build.outputs].flatMap((each) => use("build", each)),
    ...build.cacheTo.flatMap((each) => use("cache-to", each)),
  ];
}

function ofOperand(
  ctx: QueryContext,
  command: ContainerCommand,
  action: ImageAction,
  operand: Argument | undefined,
): readonly ImageUse[] {
  if (operand === undefined) return [];
  const references = referencesOf(ctx, command, operand);
  return references.length === 0
    ? []
    : [{ ...plain(command, action), references, at: placeOf(command, operand) }];
}

const placeOf = (command: ContainerCommand, { text, at }: Argument): Located<string> => ({
  value: text,
  at,
  via: command.via,
});

const referencesOf = (
  ctx: QueryContext,
  command: ContainerCommand,
  operand: Argument,
): readonly ImageReference[] =>
  expandArgument(ctx, command, operand).map((text) => parseReference(withoutTransport(text)));

/** `docker://` of skopeo. https://github.com/containers/image/blob/main/docs/containers-transports.5.md */
function withoutTransport(text: SymbolicText): SymbolicText {
  const [first, ...rest] = text.parts;
  if (first?.kind !== "literal" || !first.text.startsWith("docker://")) return text;
  const shortened = first.text.slice("docker://".length);
  return { parts: shortened === "" && rest.length > 0 ? rest : [{ ...first, text: shortened }, ...rest] };
}

// ---- Images made of others

function tags(ctx: QueryContext, command: ContainerCommand): readonly ImageUse[] {
  const [from, to] = command.operands;
  if (from === undefined || to === undefined) return [];
  const source = referencesOf(ctx, command, from);
  if (command.tool === "crane") return newTags(ctx, command, source, to);
  return ofOperand(ctx, command, "tag", to).map((use) => ({ ...use, source }));
}

/** `crane tag IMAGE TAG` gives an image of the registry another tag there. */
function newTags(
  ctx: QueryContext,
  command: ContainerCommand,
  source: readonly ImageReference[],
  tag: Argument,
): readonly ImageUse[] {
  const tags = expandArgument(ctx, command, tag);
  const references = source.flatMap((image) =>
    tags.map(({ parts }) =>
      parseReference({ parts: [...normaliseName(image).parts, literal(":"), ...parts] }),
    ),
  );
  if (references.length === 0) return [];
  return [{ ...plain(command, "copy"), references, at: placeOf(command, tag), source }];
}

const isCopy = ({ tool, verb }: ContainerCommand): boolean =>
  verb === "buildx imagetools create" ||
  ((tool === "crane" || tool === "skopeo") && (verb === "copy" || verb === "cp"));

function copies(ctx: QueryContext, command: ContainerCommand): readonly ImageUse[] {
  const isImagetools = command.verb === "buildx imagetools create";
  const targets = isImagetools
    ? flagsNamed(command, "tag").flatMap(({ value }) => value ?? [])
    : command.operands.slice(1, 2);
  const from = isImagetools ? command.operands : command.operands.slice(0, 1);
  const source = from.flatMap((operand) => referencesOf(ctx, command, operand));
  return targets.flatMap((target) =>
    ofOperand(ctx, command, "copy", target).map((use) => ({ ...use, source })),
  );
}
