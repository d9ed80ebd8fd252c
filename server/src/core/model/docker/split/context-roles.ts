// Which files of the build context go into the image beside the program: what a COPY brings, without sources and what is for people
// and tools. A folder that mixes both decides nothing: then nobody can tell.
import { NEVER_AT_RUN_TIME, type Sources } from "../../../data/context-files";
import type { QueryContext } from "../../../query/query";
import { pathPattern } from "../../../text/path-pattern";
import { textAt } from "../../../text/located";
import type { FilePath } from "../../../text/source-file";
import type { DockerfileInstruction } from "../../../syntax/dockerfile-nodes";
import { excluderOf, ignoreFileOf } from "../dockerignore";
import { contextsOf } from "../dockerfile-uses";
import { absolutePath, inFolder, isWithin } from "./container-path";
import type { BuildStep, SingleStage } from "./single-stage";

export interface Context {
  readonly folder: FilePath;
  /** Paths below it that the ignore file lets in. */
  readonly files: readonly string[];
}

/** The context that holds a manifest; undefined where none or several do, or where nothing can be listed. */
export function contextOf(
  ctx: QueryContext,
  { dockerfile }: Pick<SingleStage, "dockerfile">,
  manifest: RegExp,
): Context | undefined {
  const paths = ctx.paths();
  if (paths === undefined) return undefined;
  const contexts = contextsOf(ctx, dockerfile.tree.path)
    .map((folder): Context => {
      const prefix = folder === "" ? "" : `${folder}/`;
      const ignore = ignoreFileOf(ctx, folder, dockerfile.tree.path);
      const files = [...paths]
        .filter((path) => path.startsWith(prefix))
        .map((path) => path.slice(prefix.length));
      return {
        folder,
        files: files.filter((file) => ignore === undefined || excluderOf(ignore, file) === undefined),
      };
    })
    .filter(({ files }) => files.some((file) => manifest.test(file)));
  return contexts.length === 1 ? contexts[0] : undefined;
}

/** A COPY for the last stage. */
export interface DataCopy {
  readonly line: string;
  /** Whether these are folders. */
  readonly folders: boolean;
  /** `--chown=app`, as written. */
  readonly flags: readonly string[];
  /** What it brings, as absolute paths. */
  readonly targets: readonly string[];
}

/** More than that is no longer a program with a few files. */
const MOST_ENTRIES = 8;

/**
 * The COPYs of what is no source; undefined where a COPY or a folder is not understood.
 *
 * @param holds what comes into this folder is part of the program already
 */
export function dataCopies(
  single: SingleStage,
  context: Context,
  sources: Sources,
  holds: string | undefined,
): readonly DataCopy[] | undefined {
  const copies: DataCopy[] = [];
  for (const step of single.steps) {
    const { keyword } = step.instruction;
    if (keyword !== "COPY" && keyword !== "ADD") continue;
    if (holds !== undefined && bringsInto(step, holds)) continue;
    const found = copiesOf(step, single.buildDirectory, context, sources);
    if (found === undefined) return undefined;
    copies.push(...found);
  }
  const isPlain = copies.every(({ line }) => /^[\w \t./@+:=,-]+$/.test(line));
  return isPlain && copies.flatMap(({ targets }) => targets).length <= MOST_ENTRIES ? copies : undefined;
}

/** Whether all that a COPY brings lies in a folder. */
function bringsInto({ instruction, directory }: BuildStep, folder: string): boolean {
  const target = absolutePath(directory, (instruction.json ?? instruction.words).at(-1)?.text ?? "");
  return target !== undefined && isWithin(target, folder);
}

type Role = "source" | "data" | "mixed";

/** A COPY as it stands, with what is asked of it again and again. */
interface Reading {
  readonly step: BuildStep;
  /** The last operand, and the path that it means. */
  readonly written: string;
  readonly target: string;
  /** The same for the last stage, which begins in this directory. */
  readonly buildDirectory: string;
  readonly context: Context;
  readonly roleOf: (path: string) => Role | undefined;
}

function copiesOf(
  step: BuildStep,
  buildDirectory: string,
  context: Context,
  sources: Sources,
): readonly DataCopy[] | undefined {
  const { instruction, directory } = step;
  const words = (instruction.json ?? instruction.words).map(({ text }) => text);
  const written = words.at(-1) ?? "";
  const target = absolutePath(directory, written);
  const isPlain = instruction.flags.every(({ name }) => /^(?:chown|chmod|link)$/.test(name));
  if (target === undefined || !isPlain) return undefined;
  const roleOf = (path: string): Role | undefined => roleIn(context, sources, path);
  const reading: Reading = { step, written, target, buildDirectory, context, roleOf };
  const operands = words.slice(0, -1);
  return operands.length === 1 && /^(?:\.|\.\/|\/)$/.test(operands[0] ?? "")
    ? ofEverything(reading)
    : ofNamed(reading, operands);
}

/** `COPY . .`: the files at the top in one line, each folder in a line of its own. */
function ofEverything(reading: Reading): readonly DataCopy[] | undefined {
  const { step, target, buildDirectory, context, roleOf } = reading;
  const entries = topLevel(context);
  if (entries.some((entry) => roleOf(entry) === "mixed")) return undefined;
  const data = entries.filter((entry) => roleOf(entry) === "data");
  const files = data.filter((entry) => context.files.includes(entry));
  const place = target === buildDirectory ? "." : target;
  const copy = (from: readonly string[], to: string): DataCopy => ({
    line: [...head(step.instruction), ...from, `${to === "/" ? "" : to}/`].join(" "),
    flags: flagsOf(step.instruction),
    folders: from.every((name) => name.endsWith("/")),
    targets: from.map((name) => inFolder(target, tidy(name))),
  });
  const folders = data.filter((entry) => !context.files.includes(entry));
  return [
    ...(files.length === 0 ? [] : [copy(files, place)]),
    ...folders.map((name) => copy([`${name}/`], place === "." ? name : inFolder(place, name))),
  ];
}

/** One file or folder is copied as it is; several only where all of them are sources. */
function ofNamed(reading: Reading, operands: readonly string[]): readonly DataCopy[] | undefined {
  const { step, written, target, buildDirectory, context, roleOf } = reading;
  const roles = operands.map((operand) => entriesOf(context, operand)?.map(roleOf));
  if (roles.some((each) => each === undefined || each.length === 0)) return undefined;
  if (roles.flat().every((role) => role === "source")) return [];
  const [only = ""] = operands;
  if (operands.length !== 1 || roles.flat().some((role) => role !== "data") || /[*?[]/.test(only))
    return undefined;
  const intoFolder = /(?:\/|^\.)$/.test(written);
  const name = tidy(only).replace(/^.*\//, "");
  const isFile = context.files.includes(tidy(only));
  const isSame = step.directory === buildDirectory || written.startsWith("/");
  const to = isSame ? written : `${target}${intoFolder ? "/" : ""}`;
  return [
    {
      line: [...head(step.instruction), only, to].join(" "),
      flags: flagsOf(step.instruction),
      folders: !isFile,
      targets: [isFile && intoFolder ? inFolder(target, name) : target],
    },
  ];
}

const flagsOf = ({ flags }: DockerfileInstruction): readonly string[] => flags.map(({ at }) => textAt(at));

function head({ keywordAt, keyword, flags }: DockerfileInstruction): readonly string[] {
  const written = textAt(keywordAt);
  const word = keyword === "ADD" ? (/^[a-z]+$/.test(written) ? "copy" : "COPY") : written;
  return [word, ...flags.map(({ at }) => textAt(at))];
}

const tidy = (path: string): string => path.replace(/^\.?\/+/, "").replace(/\/+$/, "");

/** The files and folders that an operand means: itself, or what fits a pattern. Undefined for what is not there, and for URLs. */
function entriesOf({ files }: Context, operand: string): readonly string[] | undefined {
  if (/[$"'`\\{]|:\/\//.test(operand) || /\.(?:tar|tgz|gz|xz|bz2|zip)$/.test(operand)) return undefined;
  const path = tidy(operand);
  if (/[*?[]/.test(path)) return files.filter(pathPattern(path));
  return files.some((file) => isWithin(file, path)) ? [path] : undefined;
}

const topLevel = ({ files }: Context): readonly string[] => [
  ...new Set(files.map((file) => file.replace(/\/.*$/, ""))),
];

function roleIn({ files }: Context, sources: Sources, path: string): Role | undefined {
  const own = files.filter((file) => isWithin(file, path));
  const built = own.filter((file) =>
    [...NEVER_AT_RUN_TIME, ...sources.files].some((each) => each.test(file)),
  );
  if (own.length === 0) return undefined;
  return built.length === own.length
    ? "source"
    : built.some((file) => isCode(sources, file))
      ? "mixed"
      : "data";
}

/** A README beside templates mixes nothing. */
const isCode = (sources: Sources, file: string): boolean => sources.files.some((each) => each.test(file));
