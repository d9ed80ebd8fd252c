// Reads a build out of a command's flags and operands.
import type { QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import type { Build, BuildArgument, BuildContext, BuildValue, CacheSpecification } from "./image-build";
import { flagsNamed, isFlagOn, type Argument, type ContainerCommand, type Flag } from "./command";
import { expandArgument } from "./expand";
import { parseReference } from "./image-reference";
import { wordBehind } from "./command-words";
import { known, unknown, type Resolved } from "./resolved";
import { literalText, showText, type SymbolicText } from "./symbolic";
import { directoryAt, PROJECT_DIRECTORY } from "./working-directory";

const BUILD_VERBS = new Set(["build", "buildx build"]);

/** The build that a command makes; undefined where it makes none. */
export const makesImage = ({ tool, verb }: ContainerCommand): boolean =>
  tool === "kaniko" || (BUILD_VERBS.has(verb) && tool !== "buildctl");

/** Reads a command that makes an image. */
export function readBuild(ctx: QueryContext, command: ContainerCommand): Build | undefined {
  const isKaniko = command.tool === "kaniko";
  const values = (...names: readonly string[]): readonly BuildValue[] =>
    flagsNamed(command, ...names).flatMap((flag) => valueOf(ctx, command, flag));
  const file = values(isKaniko ? "dockerfile" : "file").at(-1);
  const context = isKaniko ? kanikoContext(command, values("context").at(-1)) : contextOf(ctx, command);
  const outputs = values("output").map((value) => specificationOf(value, "local"));
  return {
    command,
    contexts: isKaniko ? [] : command.operands,
    context,
    dockerfile: dockerfilePath(ctx, command, context, file),
    file,
    target: values("target").at(-1),
    tags: values("tag", ...(isKaniko ? ["destination"] : [])).map((value) => ({
      value,
      references: value.variants.map(parseReference),
    })),
    arguments: flagsNamed(command, "build-arg").flatMap((flag) => argumentsOf(ctx, command, flag)),
    cacheFrom: values("cache-from").map((value) => specificationOf(value, "registry")),
    cacheTo: values("cache-to", ...(isKaniko ? ["cache-repo"] : [])).map((value) =>
      specificationOf(value, "registry"),
    ),
    outputs,
    pushes: isKaniko ? !isFlagOn(command, "no-push") : isFlagOn(command, "push") || outputs.some(isPush),
    loads: loadsImage(command, outputs),
  };
}

/** The value of a flag with its variants; empty where the command ends too early. */
export function valueOf(ctx: QueryContext, command: ContainerCommand, flag: Flag): readonly BuildValue[] {
  const argument = flag.value;
  if (argument === undefined) return [];
  const at = { value: argument.text, at: argument.at, via: command.via };
  return [{ flag, argument, variants: expandArgument(ctx, command, argument), at }];
}

function argumentsOf(ctx: QueryContext, command: ContainerCommand, flag: Flag): readonly BuildArgument[] {
  const argument = flag.value;
  if (argument === undefined) return [];
  const equals = argument.text.indexOf("=");
  if (equals === -1) return [{ name: argument.text, value: undefined, flag, at: argument.at }];
  const word = wordBehind(argument.word, equals + 1);
  const value: Argument = { ...argument, word, text: argument.text.slice(equals + 1) };
  return [
    {
      name: argument.text.slice(0, equals),
      value: expandArgument(ctx, command, value),
      flag,
      at: argument.at,
    },
  ];
}

// ---- Context and Dockerfile

const DIFFERS = "the context differs between variants of the job";
const OPEN_WORDS = "the words of the command are not all known";

/** podman and buildah take the working directory where no context is given. */
function contextOf(ctx: QueryContext, command: ContainerCommand): Resolved<BuildContext> {
  const [operand, ...others] = command.operands;
  if (operand === undefined) {
    if (command.tool === "podman" || command.tool === "buildah") return directory(command, ".");
    return unknown("no context is given");
  }
  if (others.length > 0) {
    // Some of the operands may be options, or the values of options.
    const isSure = !command.isOpen && command.flags.every(({ isKnown }) => isKnown);
    return unknown(isSure ? "more than one context is given" : OPEN_WORDS);
  }
  return contextFrom(command, expandArgument(ctx, command, operand));
}

function contextFrom(command: ContainerCommand, variants: readonly SymbolicText[]): Resolved<BuildContext> {
  const [only, ...others] = variants;
  if (only === undefined || others.length > 0) return unknown(DIFFERS);
  const path = pathOf(only);
  if (path === undefined) return unknown(`the context \`${showText(only)}\` is not known`);
  if (path === "-") return known({ kind: "stdin" });
  if (/^(https?|git|ssh):\/\/|^git@|^github\.com\//.test(path)) return known({ kind: "remote", url: path });
  return directory(command, path);
}

function directory(command: ContainerCommand, path: string): Resolved<BuildContext> {
  const at = directoryAt(command.workingDirectory, path);
  return at.known ? known({ kind: "directory", path: at.path }) : unknown(at.because);
}

/** kaniko's `--context dir:///workspace`; without a scheme it is a directory. */
function kanikoContext(command: ContainerCommand, value: BuildValue | undefined): Resolved<BuildContext> {
  if (value === undefined) return unknown(command.isOpen ? OPEN_WORDS : "no context is given");
  const [only, ...others] = value.variants;
  if (only === undefined || others.length > 0) return unknown(DIFFERS);
  const path = pathOf(withoutPrefix(only, "dir://"));
  if (path === undefined) return unknown(`the context \`${showText(only)}\` is not known`);
  return /^\w+:\/\//.test(path) ? known({ kind: "remote", url: path }) : directory(command, path);
}

function withoutPrefix(text: SymbolicText, prefix: string): SymbolicText {
  const [first, ...rest] = text.parts;
  if (first?.kind !== "literal" || !first.text.startsWith(prefix)) return text;
  const tail = first.text.slice(prefix.length);
  return { parts: tail === "" && rest.length > 0 ? rest : [{ ...first, text: tail }, ...rest] };
}

/** Literal text, or `$CI_PROJECT_DIR` and `$PWD` with literal text behind; undefined for anything else. */
export function pathOf(text: SymbolicText): string | undefined {
  const [first, ...rest] = text.parts;
  const isRoot = first?.kind === "variable" && first.name === "CI_PROJECT_DIR" && first.change === undefined;
  const isHere = first?.kind === "variable" && first.name === "PWD" && first.change === undefined;
  const tail = literalText({ parts: isRoot || isHere ? rest : text.parts });
  if (tail === undefined) return undefined;
  if (isHere) return `.${tail}`;
  return isRoot ? PROJECT_DIRECTORY + tail : tail;
}

/** A Dockerfile that is named is looked up from the working directory (docker, buildah) or from the context (kaniko, podman's second try). */
function dockerfilePath(
  ctx: QueryContext,
  command: ContainerCommand,
  context: Resolved<BuildContext>,
  file: BuildValue | undefined,
): Resolved<FilePath> {
  if (context.known && context.value.kind === "remote") return unknown("the context is remote");
  const folder = context.known && context.value.kind === "directory" ? context.value.path : undefined;
  if (file !== undefined) return namedDockerfile(ctx, command, folder, file);
  if (!context.known) return context;
  if (folder === undefined) return unknown("the Dockerfile comes from standard input");
  const isContainers = command.tool === "podman" || command.tool === "buildah";
  const names = isContainers ? ["Containerfile", "Dockerfile"] : ["Dockerfile", "dockerfile"];
  return known(
    firstExisting(
      ctx,
      names.map((name) => inFolder(folder, name)),
    ),
  );
}

function namedDockerfile(
  ctx: QueryContext,
  command: ContainerCommand,
  folder: string | undefined,
  file: BuildValue,
): Resolved<FilePath> {
  const [only, ...others] = file.variants;
  if (only === undefined || others.length > 0)
    return unknown("the Dockerfile differs between variants of the job");
  const path = pathOf(only);
  if (path === undefined) return unknown(`\`${showText(only)}\` is not known`);
  if (path === "-" || path.startsWith("/dev/")) return unknown("the Dockerfile comes from standard input");
  if (/^https?:\/\//.test(path)) return unknown("the Dockerfile is remote");
  const here = directoryAt(command.workingDirectory, path);
  const inContext = folder === undefined ? undefined : directoryAt({ known: true, path: folder }, path);
  const candidates = command.tool === "docker" || command.tool === "nerdctl" ? [here] : [here, inContext];
  const paths = candidates.flatMap((candidate) => (candidate?.known === true ? [candidate.path] : []));
  if (paths.length === 0) return unknown(here.known ? "the Dockerfile's path is not known" : here.because);
  return known(
    firstExisting(
      ctx,
      paths.flatMap((candidate) => [candidate, lowerCaseOf(candidate)]),
    ),
  );
}

/** buildx and BuildKit fall back to `dockerfile` where `Dockerfile` is not there. https://github.com/docker/buildx (build/opt.go) */
const lowerCaseOf = (path: string): string => path.replace(/(^|\/)Dockerfile$/, "$1dockerfile");

const firstExisting = (ctx: QueryContext, paths: readonly FilePath[]): FilePath =>
  paths.find((path) => ctx.exists(path) === true) ?? paths[0] ?? "";

const inFolder = (folder: string, name: string): FilePath => (folder === "" ? name : `${folder}/${name}`);

// ---- Caches and outputs

/** `type=registry,ref=X,mode=max`, or a bare value of the given type. */
export function specificationOf(value: BuildValue, bareType: "registry" | "local"): CacheSpecification {
  const attributes = new Map<string, SymbolicText[]>();
  for (const variant of value.variants) {
    for (const [name, text] of attributesOf(variant))
      attributes.set(name, [...(attributes.get(name) ?? []), text]);
  }
  const type = firstLiteral(attributes.get("type"));
  if (attributes.size === 0 || (type === undefined && !attributes.has("ref"))) {
    // `--cache-from a,b` is two images. https://github.com/docker/buildx/blob/master/util/buildflags/cache.go
    const references =
      bareType === "registry" ? value.variants.flatMap(fieldsOf).map((field) => parseReference(field)) : [];
    return { type: bareType, attributes: new Map(), references, value };
  }
  const named = attributes.get("ref") ?? attributes.get("name") ?? [];
  return { type: type ?? bareType, attributes, references: named.map(parseReference), value };
}

const firstLiteral = (texts: readonly SymbolicText[] | undefined): string | undefined => {
  const [first] = texts ?? [];
  return first === undefined ? undefined : literalText(first);
};

/** Cuts a symbolic text at the commas of its literal parts. */
function fieldsOf(text: SymbolicText): readonly SymbolicText[] {
  const fields: SymbolicText[] = [];
  let current: SymbolicText["parts"][number][] = [];
  for (const part of text.parts) {
    if (part.kind === "variable") {
      current.push(part);
      continue;
    }
    part.text.split(",").forEach((piece, index) => {
      if (index > 0) {
        fields.push({ parts: current });
        current = [];
      }
      if (piece !== "") current.push({ ...part, text: piece });
    });
  }
  fields.push({ parts: current });
  return fields;
}

/** The `key=value` fields of a symbolic text. */
const attributesOf = (text: SymbolicText): readonly (readonly [string, SymbolicText])[] =>
  fieldsOf(text).flatMap((field) => keyValue(field));

function keyValue({ parts }: SymbolicText): readonly (readonly [string, SymbolicText])[] {
  const [first, ...rest] = parts;
  const match = first?.kind === "literal" ? /^([a-zA-Z][\w.-]*)=/.exec(first.text) : null;
  if (first?.kind !== "literal" || match?.[1] === undefined) return [];
  const tail = first.text.slice(match[0].length);
  return [[match[1], { parts: tail === "" && rest.length > 0 ? rest : [{ ...first, text: tail }, ...rest] }]];
}

const isPush = ({ type, attributes }: CacheSpecification): boolean =>
  type === "registry" || (type === "image" && firstLiteral(attributes.get("push")) === "true");

/** Whether the local images get the result. For buildx with another driver only `--load` and `type=docker` do. */
function loadsImage(command: ContainerCommand, outputs: readonly CacheSpecification[]): boolean {
  if (command.tool === "kaniko") return false;
  if (isFlagOn(command, "load") || outputs.some(({ type }) => type === "docker" || type === "image"))
    return true;
  return command.verb === "build" && outputs.length === 0;
}
