// A kaniko command in terms that other builders share, as shell text that can be written again. What another builder would do
// otherwise gives nothing. https://github.com/GoogleContainerTools/kaniko#additional-flags
import type { QueryContext } from "../../query/query";
import { textAt } from "../../text/located";
import { buildOf } from "./build";
import { flagNamed, flagsNamed, isFlagOn, type Argument, type ContainerCommand } from "./command";

/** A piece of a command: text between double quotes, or without quotes. */
export interface ShellText {
  readonly text: string;
  readonly isQuoted: boolean;
}

export interface KanikoBuild {
  readonly context: ShellText;
  /** The directory and the name of the Dockerfile. */
  readonly folder: ShellText;
  readonly file: string;
  readonly destinations: readonly ShellText[];
  readonly pushes: boolean;
  /** `NAME=value` each. */
  readonly buildArguments: readonly ShellText[];
  readonly labels: readonly ShellText[];
  readonly target: ShellText | undefined;
  /** The repository of the layer cache; undefined without `--cache`. */
  readonly cache: ShellText | undefined;
}

/** Flags that say something of the image, and so have a counterpart. */
const MAPPED = "context dockerfile destination build-arg label target cache cache-repo no-push".split(" ");

/** Flags of how kaniko works and what it prints: the image stays the same. */
const OWN =
  "verbosity log-format log-timestamp cleanup compressed-caching use-new-run snapshot-mode snapshotMode force".split(
    " ",
  );

/** Undefined where a flag has no counterpart, or a word is not known well enough to be written again. */
export function readKanikoBuild(ctx: QueryContext, command: ContainerCommand): KanikoBuild | undefined {
  if (command.isOpen || command.operands.length > 0 || command.flags.some(({ name }) => !isReadable(name)))
    return undefined;
  const context = contextOf(command);
  const dockerfile = context && dockerfileOf(ctx, command, context);
  const target = only(textsOf(command, "target"));
  const pairs = pairsOf(command);
  const result = resultOf(command);
  if (context === undefined || dockerfile === undefined) return undefined;
  if (target === undefined || pairs === undefined || result === undefined) return undefined;
  return { context, ...dockerfile, ...pairs, target: target[0], ...result };
}

/** Where the image and the layers go. */
function resultOf(
  command: ContainerCommand,
): Pick<KanikoBuild, "destinations" | "pushes" | "cache"> | undefined {
  const destinations = textsOf(command, "destination");
  const cache = destinations && cacheOf(command, destinations);
  const pushes = !isFlagOn(command, "no-push");
  if (destinations === undefined || cache === "unknown") return undefined;
  return pushes && destinations.length === 0 ? undefined : { destinations, pushes, cache };
}

/** A directory; undefined for an archive or a repository, and where none is given. */
function contextOf(command: ContainerCommand): ShellText | undefined {
  const context = only(textsOf(command, "context"))?.[0];
  return context === undefined || isRemote(context) ? undefined : withoutScheme(context);
}

/** `NAME=value` flags; without a value kaniko takes that of the environment, which others do in their own ways. */
function pairsOf(command: ContainerCommand): Pick<KanikoBuild, "buildArguments" | "labels"> | undefined {
  const buildArguments = textsOf(command, "build-arg");
  const labels = textsOf(command, "label");
  if (buildArguments === undefined || labels === undefined) return undefined;
  const isWhole = [...buildArguments, ...labels].every(({ text }) => /^[\w.-]+=/.test(text));
  return isWhole ? { buildArguments, labels } : undefined;
}

const isReadable = (name: string): boolean => MAPPED.includes(name) || OWN.includes(name);

/** The values of a flag; undefined where one cannot be written again. */
function textsOf(command: ContainerCommand, name: string): readonly ShellText[] | undefined {
  const texts = flagsNamed(command, name).map(({ value }) => value && shellText(value));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

const only = (texts: readonly ShellText[] | undefined): readonly ShellText[] | undefined =>
  texts === undefined || texts.length > 1 ? undefined : texts;

function shellText({ text, word, at }: Argument): ShellText | undefined {
  const isPlain = word.parts.every(({ kind }) => kind === "literal" || kind === "variable");
  if (!isPlain || /["'`\\\n]/.test(text) || text === "") return undefined;
  const isQuoted = word.parts.some((part) => part.kind !== "glob" && "quoted" in part && part.quoted);
  // `'$X'` is text, and no variable.
  const isLiteral = word.parts.every((part) => part.kind !== "literal" || !part.text.includes("$"));
  const isSafe = isQuoted || /^[\w./:@%+=,~${}-]+$/.test(text);
  return isLiteral && isSafe && !textAt(at).includes("\n") ? { text, isQuoted } : undefined;
}

const isRemote = ({ text }: ShellText): boolean => /^(?!dir:)\w+:\/\//.test(text) || text.startsWith("git@");

const withoutScheme = (path: ShellText): ShellText => ({
  ...path,
  text: path.text.replace(/^dir:\/\//, "").replace(/(.)\/$/, "$1"),
});

// ---- Dockerfile

/** kaniko looks for the Dockerfile in the working directory, then in the context. pkg/executor: resolveDockerfilePath */
function dockerfileOf(
  ctx: QueryContext,
  command: ContainerCommand,
  context: ShellText,
): Pick<KanikoBuild, "folder" | "file"> | undefined {
  const flag = flagNamed(command, "dockerfile")?.value;
  const path = flag === undefined ? DEFAULT_FILE : shellText(flag);
  if (path === undefined || path.text.includes(":")) return undefined;
  const slash = path.text.lastIndexOf("/");
  const above = path.text.slice(0, Math.max(slash, 0)).replace(/^\.(\/|$)/, "");
  const text = folderOf(ctx, command, context, path.text, above);
  const isQuoted = path.isQuoted || context.isQuoted;
  return text === undefined ? undefined : { folder: { text, isQuoted }, file: path.text.slice(slash + 1) };
}

const DEFAULT_FILE: ShellText = { text: "Dockerfile", isQuoted: false };

function folderOf(
  ctx: QueryContext,
  command: ContainerCommand,
  context: ShellText,
  path: string,
  above: string,
): string | undefined {
  if (/^(\/|\$(\{?CI_PROJECT_DIR\}?|\{?PWD\}?)(\/|$))/.test(path)) return above === "" ? "/" : above;
  const base = /^(\$|\.\.)/.test(path) ? undefined : baseOf(ctx, command, context);
  if (base === undefined || above === "") return base;
  return base === "." ? above : `${base}/${above}`;
}

/** The directory from which the Dockerfile's path counts: the context, or the working directory where that has such a file. */
function baseOf(ctx: QueryContext, command: ContainerCommand, context: ShellText): string | undefined {
  const build = buildOf(ctx, command);
  const { workingDirectory } = command;
  if (build?.context.known !== true || build.context.value.kind !== "directory" || !workingDirectory.known)
    return undefined;
  const folder = build.context.value.path;
  if (folder === workingDirectory.path) return context.text;
  const name = flagNamed(command, "dockerfile")?.value?.text ?? "Dockerfile";
  const isAt = (directory: string): boolean | undefined =>
    ctx.exists((directory === "" ? name : `${directory}/${name}`).replace(/(^|\/)\.\//, "$1"));
  if (isAt(workingDirectory.path) === true) return ".";
  return isAt(folder) === true ? context.text : undefined;
}

// ---- Cache

/** `--cache-repo`, else `cache` below the first destination. pkg/executor: cacheRepoFor */
function cacheOf(
  command: ContainerCommand,
  destinations: readonly ShellText[],
): ShellText | undefined | "unknown" {
  const named = textsOf(command, "cache-repo");
  const switched = flagNamed(command, "cache")?.value?.text;
  if (named === undefined || named.length > 1 || !["true", "false", undefined].includes(switched))
    return "unknown";
  if (!isFlagOn(command, "cache")) return undefined;
  const [first] = destinations;
  if (named[0] !== undefined) return named[0];
  const repository = first && repositoryOf(first.text);
  return first === undefined || repository === undefined
    ? "unknown"
    : { text: `${repository}/cache`, isQuoted: first.isQuoted };
}

/** A reference without its tag; undefined where a variable may hold one. */
function repositoryOf(text: string): string | undefined {
  const colon = text.lastIndexOf(":");
  if (/[@]|\$\{\w+[^\w}]/.test(text)) return undefined;
  if (colon > text.lastIndexOf("/")) return text.slice(0, colon);
  return /(^|\/)[\w.-]+$|\$\{?CI_REGISTRY_IMAGE\}?$/.test(text) ? text : undefined;
}
