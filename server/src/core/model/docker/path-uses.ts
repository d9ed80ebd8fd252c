// Whether a job uses a path of the checkout: in a command that reads files, or as a source of an image that it builds.
import { BUILD_COMMANDS, COPIES_TO_LAST, READS_FILES } from "../../data/build-outputs";
import { defineQuery, type QueryContext } from "../../query/query";
import type { DockerfileInstruction } from "../../syntax/dockerfile-nodes";
import type { Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import type { Job } from "../pipeline/job";
import { isWithin } from "../pipeline/stored-paths";
import { buildOf, type Build } from "./build";
import type { Argument, ContainerCommand, JobCommand } from "./command";
import { dockerfileOf } from "./dockerfile";
import { commandsOf, jobCommandsOf } from "./find-commands";
import { pathText } from "./path-text";
import { directoryAt, joinPath } from "./working-directory";
import { baseName } from "./wrappers";

/** A path below the repository's root that a job reads, and where. */
export interface PathRead {
  readonly path: FilePath;
  readonly at: Origin;
}

/** The paths that a job is seen to read, without those that name the whole checkout. */
export const pathReadsOf = (ctx: QueryContext, job: Job): readonly PathRead[] => ctx.get(readsOfJob, job);

const readsOfJob = defineQuery<Job, readonly PathRead[]>({
  name: "pathReadsOf",
  compute: (ctx, job) => [
    ...commandsOf(ctx, job).flatMap((command) => readsByImage(ctx, command)),
    ...jobCommandsOf(ctx, job).flatMap(readsByCommand),
  ],
});

/** Where a job uses what stands at a path; undefined where it does not, as far as can be seen. */
export const useOfPath = (ctx: QueryContext, job: Job, path: FilePath): Origin | undefined =>
  pathReadsOf(ctx, job).find((read) => isWithin(read.path, path))?.at;

/** Whether a job runs a command that makes files like those that builds leave. */
export const makesOutput = (ctx: QueryContext, job: Job): boolean =>
  jobCommandsOf(ctx, job).some(({ argv }) => BUILD_COMMANDS.test(argv.map(({ text }) => text).join(" ")));

// ---- Commands

function readsByCommand(command: JobCommand): readonly PathRead[] {
  const [program, ...words] = command.argv;
  if (program === undefined) return [];
  const isPath = /^\.?\/?[\w.-]+\//.test(program.text);
  const own = isPath ? readBy(command, program, program.text) : [];
  const name = baseName(program.text);
  if (!READS_FILES.has(name)) return own;
  const operands = COPIES_TO_LAST.has(name)
    ? words.filter(({ text }) => !text.startsWith("-")).slice(0, -1)
    : words;
  return [...own, ...operands.flatMap((word) => readBy(command, word, withoutFlag(word.text)))];
}

/** `--file=dist/x`, `-F file=@dist/x`. */
const withoutFlag = (text: string): string => text.replace(/^(?:--?[\w-]+=|[\w-]+=)?@?/, "");

function readBy(command: JobCommand, word: Argument, text: string): readonly PathRead[] {
  // Only a word that is a path as a whole can hold variables.
  const read = text === word.text ? pathText(command.job, word.word) : word.isStatic ? text : undefined;
  if (read === undefined || read === "" || /^(https?:|s3:|-)/.test(read)) return [];
  const at = directoryAt(command.workingDirectory, read.replace(/\/?\*.*$/, ""));
  return at.known && at.path !== "" ? [{ path: at.path, at: word.at }] : [];
}

// ---- Images

function readsByImage(ctx: QueryContext, command: ContainerCommand): readonly PathRead[] {
  const build = buildOf(ctx, command);
  const places = build && placesOf(build);
  const dockerfile = places && dockerfileOf(ctx, places.dockerfile);
  if (places === undefined || dockerfile === undefined) return [];
  return dockerfile.stages
    .flatMap(({ instructions }) => instructions)
    .flatMap(sourcesOf)
    .flatMap((source) => {
      const path = pathOf(places.context, source);
      return path === undefined ? [] : [{ path, at: command.verbAt }];
    });
}

interface Places {
  readonly context: FilePath;
  readonly dockerfile: FilePath;
}

/** A context that was forgotten is meant to be the working directory. */
function placesOf({ command, context, dockerfile, contexts, file }: Build): Places | undefined {
  if (context.known)
    return context.value.kind === "directory" && dockerfile.known
      ? { context: context.value.path, dockerfile: dockerfile.value }
      : undefined;
  const { workingDirectory } = command;
  if (contexts.length > 0 || command.isOpen || file !== undefined || !workingDirectory.known)
    return undefined;
  const folder = workingDirectory.path;
  return { context: folder, dockerfile: folder === "" ? "Dockerfile" : `${folder}/Dockerfile` };
}

/** Sources in the context, those that name something: `.` takes whatever is there. */
function sourcesOf({ keyword, flags, json, words }: DockerfileInstruction): readonly string[] {
  if ((keyword !== "COPY" && keyword !== "ADD") || flags.some(({ name }) => name === "from")) return [];
  return (json ?? words)
    .slice(0, -1)
    .map(({ text }) => text.replace(/^["']|["']$/g, ""))
    .filter((text) => !/[$`]|:\/\//.test(text));
}

function pathOf(context: FilePath, source: string): FilePath | undefined {
  const plain = source.replace(/^\/+/, "").replace(/\/?[*?[].*$/, "");
  const full = plain === "" || plain === "." ? undefined : joinPath(context, plain);
  return full === "" ? undefined : full;
}
