// Every image reference that a job uses, with what it is used for and the whole way to it; worked out once for each job.
import { defineQuery, type QueryContext } from "../../query/query";
import type { Hop, Located, Origin } from "../../text/located";
import type { ImageUse, Job } from "../pipeline/job";
import { buildOf, type BuildTag, type CacheSpecification } from "./build";
import { flagsNamed, type Argument, type ContainerCommand } from "./command";
import { expandArgument, expandText } from "./expand";
import { commandsOf, dialectOf } from "./find-commands";
import { parseReference, type ImageReference } from "./image-reference";
import type { SymbolicPart, SymbolicText } from "./symbolic";

export type ReferenceRole =
  | "image"
  | "service"
  /** `-t`, `--destination`, the name in `--output`, the second operand of `tag`: what an image is to be called. */
  | "name"
  /** The first operand of `tag`: an image's name or its id. */
  | "source"
  | "cache-from"
  | "cache-to"
  | "pull"
  | "push"
  /** `run`, `create`: a name or an id. */
  | "run";

export interface ReferenceUse {
  readonly role: ReferenceRole;
  readonly reference: ImageReference;
  /** The word or value that holds it, with the way from the job to it. */
  readonly at: Located<string>;
  /** Undefined for `image:` and services. */
  readonly command: ContainerCommand | undefined;
  /** False where an option that is not known, or a word of unknown number, may stand where the reference is looked for. */
  readonly isSure: boolean;
}

/** The references of a job: `image:`, services, then the commands in their order; one entry for each variant. */
export const referenceUsesOf = (ctx: QueryContext, job: Job): readonly ReferenceUse[] =>
  ctx.get(usesOfJob, job);

/** Those that stand where they seem to stand: in scripts that are read word by word, and with options that are known. */
export function sureUsesOf(ctx: QueryContext, job: Job): readonly ReferenceUse[] {
  const isPosix = commandsOf(ctx, job).length > 0 && dialectOf(ctx, job) === "posix";
  return referenceUsesOf(ctx, job).filter(
    ({ command, isSure }) => command === undefined || (isSure && isPosix),
  );
}

const usesOfJob = defineQuery<Job, readonly ReferenceUse[]>({
  name: "referenceUsesOf",
  compute: (ctx, job) => [
    ...(job.image === undefined ? [] : ofImage(ctx, job, job.image, "image")),
    ...job.services.flatMap((service) => ofImage(ctx, job, service, "service")),
    ...commandsOf(ctx, job).flatMap((command) => [...ofBuild(ctx, command), ...ofOperands(ctx, command)]),
  ],
});

const ofImage = (
  ctx: QueryContext,
  job: Job,
  image: ImageUse,
  role: "image" | "service",
): readonly ReferenceUse[] =>
  expandText(ctx, job, image.text).map((text) => ({
    role,
    reference: parseReference(text),
    at: image.name,
    command: undefined,
    isSure: true,
  }));

// ---- Builds

function ofBuild(ctx: QueryContext, command: ContainerCommand): readonly ReferenceUse[] {
  const build = buildOf(ctx, command);
  if (build === undefined) return [];
  const use = (role: ReferenceRole, from: BuildTag | CacheSpecification): readonly ReferenceUse[] =>
    from.references.map((reference) => ({ role, reference, at: from.value.at, command, isSure: true }));
  // Caches of other types have a `name` too, which is no image.
  const isImage = ({ type }: CacheSpecification): boolean => ["registry", "image", "docker"].includes(type);
  return [
    ...build.tags.flatMap((tag) => use("name", tag)),
    ...build.outputs.filter(isImage).flatMap((output) => use("name", output)),
    ...build.cacheFrom.filter(isImage).flatMap((cache) => use("cache-from", cache)),
    ...build.cacheTo.filter(isImage).flatMap((cache) => use("cache-to", cache)),
  ];
}

// ---- Operands

/** The roles of a command's first operands, by verb. */
const OPERANDS: ReadonlyMap<string, readonly ReferenceRole[]> = new Map<string, readonly ReferenceRole[]>([
  ["pull", ["pull"]],
  ["push", ["push"]],
  ["tag", ["source", "name"]],
  ["run", ["run"]],
  ["create", ["run"]],
  ["manifest create", ["name"]],
  ["manifest push", ["push"]],
]);

/** podman and buildah push to a second operand where there is one; then the first may be an id. */
const PUSH_TO: readonly ReferenceRole[] = ["source", "push"];

/** `crane push TAR IMAGE`, `crane pull IMAGE TAR`, `crane tag IMAGE TAG`. https://github.com/google/go-containerregistry */
const CRANE: ReadonlyMap<string, readonly (ReferenceRole | undefined)[]> = new Map<
  string,
  readonly (ReferenceRole | undefined)[]
>([
  ["pull", ["pull"]],
  ["push", [undefined, "push"]],
  ["tag", ["pull"]],
  ["copy", ["pull", "push"]],
]);

const NO_OPERANDS: ReadonlySet<ContainerCommand["tool"]> = new Set<ContainerCommand["tool"]>([
  "docker-compose",
  "buildctl",
  "kaniko",
]);

function rolesOf({ tool, verb, operands }: ContainerCommand): readonly (ReferenceRole | undefined)[] {
  if (NO_OPERANDS.has(tool)) return [];
  if (tool === "crane") return CRANE.get(verb) ?? [];
  if (tool === "skopeo") return verb === "copy" ? ["pull", "push"] : [];
  if (verb === "push" && tool !== "docker" && operands.length > 1) return PUSH_TO;
  return OPERANDS.get(verb) ?? [];
}

function ofOperands(ctx: QueryContext, command: ContainerCommand): readonly ReferenceUse[] {
  const isSure = !command.isOpen && command.flags.every(({ isKnown }) => isKnown);
  const named =
    command.verb === "buildx imagetools create"
      ? flagsNamed(command, "tag").flatMap(({ value }) =>
          value === undefined ? [] : ofWord(ctx, command, value, "name", true),
        )
      : [];
  const operands = rolesOf(command).flatMap((role, index) => {
    const operand = command.operands[index];
    return role === undefined || operand === undefined ? [] : ofWord(ctx, command, operand, role, isSure);
  });
  return [...named, ...operands];
}

function ofWord(
  ctx: QueryContext,
  command: ContainerCommand,
  word: Argument,
  role: ReferenceRole,
  isSure: boolean,
): readonly ReferenceUse[] {
  const at: Located<string> = { value: word.text, at: word.at, via: command.via };
  return expandArgument(ctx, command, word).flatMap((text) => {
    const image = command.tool === "docker" ? text : withoutTransport(text);
    return image === undefined ? [] : [{ role, reference: parseReference(image), at, command, isSure }];
  });
}

/**
 * `docker://registry/image` of skopeo, podman and buildah is an image; `oci:dir:tag` and its kin are files.
 * https://github.com/containers/image/blob/main/docs/containers-transports.5.md
 */
function withoutTransport(text: SymbolicText): SymbolicText | undefined {
  const [first, ...rest] = text.parts;
  if (first?.kind !== "literal") return text;
  if (
    /^(?:containers-storage|dir|docker-archive|docker-daemon|oci|oci-archive|sif|tarball):/.test(first.text)
  )
    return undefined;
  if (!first.text.startsWith("docker://")) return text;
  const length = "docker://".length;
  const { at, text: written } = first;
  const isPlain = at !== undefined && at.end - at.start === written.length;
  const left = {
    ...first,
    text: written.slice(length),
    at: isPlain ? { ...at, start: at.start + length } : at,
  };
  return { parts: [left, ...rest] };
}

// ---- Places

/**
 * The whole way from the job to a part of a reference: to the word that holds it, and through variables. Those that the
 * shell assigned are variables like the others.
 */
export const wayTo = (use: ReferenceUse, part: SymbolicPart): readonly Hop[] => [
  ...use.at.via,
  ...part.via.map((hop): Hop => (hop.kind === "script" ? { ...hop, kind: "variable" } : hop)),
];

/** Where a part of a reference is written; the word that holds it where the part has no place of its own. */
export const placeOf = (use: ReferenceUse, part: SymbolicPart | undefined): Origin => part?.at ?? use.at.at;
