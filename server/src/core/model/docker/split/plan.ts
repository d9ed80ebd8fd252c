// What each language says of a cut into build and run: the image to run on, what the program is made of, and what of the context is
// source.
import type { Sources } from "../../../data/context-files";
import { PROGRAM_FOLDERS, TOOL_FOLDERS, type RuntimeImage } from "../../../data/runtime-images";
import type { QueryContext } from "../../../query/query";
import type { ChunkEdit } from "../../../text/edit";
import { below } from "../../../text/paths";
import { absolutePath, folderOf, inFolder, nameOf } from "./container-path";
import type { Context } from "./context-roles";
import type { BuildCommand, SingleStage } from "./single-stage";

export interface Artifact {
  /** Absolute path in the build, and in the image that runs. Those of folders end in a slash. */
  readonly from: string;
  readonly to: string;
}

export interface SplitPlan {
  /** In the order in which they are tried: the first that has what the Dockerfile does besides compiling. */
  readonly runtimes: readonly RuntimeImage[];
  readonly artifacts: readonly Artifact[];
  readonly sources: Sources;
  /** A folder of which the artifacts hold all that the program reads: `dotnet publish` copies settings and static files. */
  readonly holds: string | undefined;
  /** Whether the build may write beside the files of the context, so that they are taken from there. */
  readonly writesData: boolean;
  /** Changes of the build: `CGO_ENABLED=0`. */
  readonly edits: readonly ChunkEdit[];
  /** A command behind the build, before anything is taken out of it. */
  readonly lastly: string | undefined;
}

export interface Language {
  /** Images with its tools: official names, or registry and path. */
  readonly images: readonly string[];
  /** Files that say where the project's root is, as paths below the context. */
  readonly manifest: RegExp;
  /** Commands that leave nothing which a program needs when it runs, besides what the plan takes. */
  readonly builds: RegExp;
  readonly plan: (ctx: QueryContext, single: SingleStage, context: Context) => SplitPlan | undefined;
}

/** The text of a file of the context; undefined where it is not there or not read yet. */
export const textOf = (ctx: QueryContext, { folder, files }: Context, name: string): string | undefined =>
  files.includes(name) ? ctx.file(below(folder, name))?.text : undefined;

/** The only command of a kind; undefined where there are none or several: then it is not known which one makes the program. */
export function onlyCommand({ commands }: SingleStage, kind: RegExp): BuildCommand | undefined {
  const found = commands.filter(({ command }) => kind.test(command.text));
  return found.length === 1 ? found[0] : undefined;
}

/** The program that is started, as an absolute path; a bare name as a file in one of the folders where shells look. */
export function programPaths({ program, finalDirectory }: SingleStage): readonly string[] {
  const [name = ""] = program.words;
  if (!name.includes("/"))
    return [...PROGRAM_FOLDERS, ...TOOL_FOLDERS].map((folder) => inFolder(folder, name));
  const path = absolutePath(finalDirectory, name);
  return path === undefined ? [] : [path];
}

/** Where a file is after the copies and moves of the stage; both places where it is copied. */
export function placesOf(single: SingleStage, path: string): readonly string[] {
  let places: readonly string[] = [path];
  for (const { run, command } of single.commands) {
    const [program, from, to, ...more] = command.words.filter((word) => !/^-[a-z]+$/.test(word));
    if ((program !== "cp" && program !== "mv") || from === undefined || to === undefined) continue;
    const source = absolutePath(run.directory, from);
    if (source === undefined || more.length > 0 || !places.includes(source)) continue;
    const target = targetOf(single, run.directory, source, to);
    const stays = program === "cp" ? places : places.filter((place) => place !== source);
    places = target === undefined ? stays : [...stays, target];
  }
  return places;
}

function targetOf(single: SingleStage, directory: string, source: string, to: string): string | undefined {
  const target = absolutePath(directory, to);
  if (target === undefined) return undefined;
  const isFolder =
    /\/$|(?:^|\/)\.$/.test(to) ||
    PROGRAM_FOLDERS.includes(target) ||
    single.steps.some((step) => step.directory === target);
  return isFolder ? inFolder(target, nameOf(source)) : target;
}

/** A program where the image of the run finds it: one in a folder of the tools moves to `/usr/local/bin`. */
export function programArtifact(single: SingleStage, built: string): Artifact | undefined {
  const wanted = programPaths(single);
  const from = placesOf(single, built).find((place) => wanted.includes(place));
  if (from === undefined) return undefined;
  const isBare = single.program.words[0]?.includes("/") !== true;
  const to = isBare && TOOL_FOLDERS.includes(folderOf(from)) ? `/usr/local/bin/${nameOf(from)}` : from;
  return { from, to };
}
