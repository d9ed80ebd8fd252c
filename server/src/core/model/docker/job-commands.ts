// Every simple command of a job's scripts, with the loops around them: the ground for finding container commands and for
// expanding their words. Scripts of the repository that the job calls are part of it, one level deep.
import { defineQuery, type QueryContext } from "../../query/query";
import type { CommandUse, SimpleCommand } from "../../syntax/shell-nodes";
import type { Job, ScriptItem } from "../pipeline/job";
import type { Loop } from "./branches";
import { hopInto, type ScriptCall, type ScriptFile } from "./called-scripts";
import type { BranchPath, JobCommand } from "./command";
import { failureCounts } from "./exit-on-error";
import { callBy, callsFile, directoriesOfShell } from "./job-calls";
import { shellsOf, type JobScript, type JobShell } from "./job-shells";
import { pathText } from "./path-text";
import { scriptReading } from "./script-commands";
import { alwaysAt, AT_ROOT, directoriesOf, mayMove, type Directories } from "./working-directory";
import {
  DEEPEST_NESTING,
  writtenScript,
  writtenScriptOf,
  type Placing,
  type WrittenCommand,
  type WrittenScript,
} from "./written-script";

export { argumentOf, assignmentWord, wordBehind } from "./command-words";

export interface JobLoop extends Loop {
  readonly item: ScriptItem;
  readonly place: Placing;
}

/** A script of the repository that was read as part of the job. */
export interface ReadCall {
  /** The call. */
  readonly command: JobCommand;
  readonly file: ScriptFile;
}

export interface JobScripts {
  readonly commands: readonly JobCommand[];
  /** What each of the commands is apart from the job, by `order`. */
  readonly written: readonly WrittenCommand[];
  readonly loops: readonly JobLoop[];
  readonly calls: readonly ReadCall[];
  readonly dialect: "posix" | "powershell";
}

/** Calls that are followed in one job, and commands from where on none is: no job that a person wrote has more. */
const MOST_CALLS = 100;
const MOST_COMMANDS = 10_000;

/** One use of a script in a job. */
interface Source {
  readonly job: Job;
  readonly shell: 0 | 1;
  readonly written: WrittenScript;
  readonly itemAt: (start: number) => ScriptItem;
  /** A function of its own for each use: by it commands and loops are known to belong together. */
  readonly place: Placing;
  readonly directories: Directories;
  /** What surrounds a script that a command brought; undefined for the shell's own. */
  readonly around: Surroundings | undefined;
  /** Words of commands that the script stands in. */
  readonly depth: number;
  /** Calls in a file are not followed. */
  readonly isFile: boolean;
}

interface Surroundings {
  /** The command that runs the script. */
  readonly outer: JobCommand;
  /** "word": it is the text of `sh -c`. The others: a file. */
  readonly how: ScriptCall["how"] | "word";
  /** Whether a failing command of the script makes it fail. */
  readonly failureCounts: (command: SimpleCommand) => boolean;
}

interface Found {
  readonly commands: JobCommand[];
  readonly written: WrittenCommand[];
  readonly loops: JobLoop[];
  readonly calls: ReadCall[];
}

export const jobScripts = defineQuery<Job, JobScripts>({
  name: "jobScripts",
  compute: (ctx, job) => {
    const found: Found = { commands: [], written: [], loops: [], calls: [] };
    const shells = shellsOf(ctx, job);
    for (const shell of shells) readShell(ctx, found, job, shell);
    const scripts = shells.flatMap((shell) => shell.scripts);
    const dialect = scripts.some(({ script }) => script.dialect === "powershell") ? "powershell" : "posix";
    return { ...found, dialect };
  },
});

/**
 * Every simple command of a job's scripts, in order: those of `sh -c '…'` and of called scripts too, behind the command that
 * runs them.
 */
export const jobCommandsOf = (ctx: QueryContext, job: Job): readonly JobCommand[] =>
  ctx.get(jobScripts, job).commands;

/** The scripts of the repository that a job calls. Most jobs call none, which is found out without reading all of their commands. */
export const calledFilesOf = (ctx: QueryContext, job: Job): readonly ScriptFile[] =>
  callsFile(ctx, job) ? ctx.get(jobScripts, job).calls.map(({ file }) => file) : [];

function readShell(ctx: QueryContext, found: Found, job: Job, { shell, scripts }: JobShell): void {
  const directories = directoriesOfShell(ctx, job, shell);
  scripts.forEach((script, index) => {
    const { itemAt } = script;
    const written = writtenOf(ctx, script);
    const own = directories[index] ?? alwaysAt(AT_ROOT);
    const where = { place: placingOf(written), directories: own, around: undefined, depth: 0, isFile: false };
    readScript(ctx, found, { job, shell, written, itemAt, ...where });
  });
}

const placingOf =
  ({ place }: WrittenScript): Placing =>
  (start, end) =>
    place(start, end);

/** Nearly every script is one item, and then the same in all jobs that have the item. */
function writtenOf(ctx: QueryContext, { script, items, place }: JobScript): WrittenScript {
  const [only, ...others] = items;
  return only !== undefined && others.length === 0
    ? ctx.get(writtenScriptOf, only.text)
    : writtenScript(ctx.get(scriptReading, script), place);
}

function readScript(ctx: QueryContext, found: Found, source: Source): void {
  const { commands, loops } = source.written;
  for (const loop of loops)
    found.loops.push({ ...loop, item: source.itemAt(loop.start), place: source.place });
  for (const written of commands) {
    const command = jobCommand(source, written, found.commands.length);
    found.commands.push(command);
    found.written.push(written);
    if (source.depth < DEEPEST_NESTING && written.nested !== undefined)
      readNested(ctx, found, source, command, written.nested);
    if (!source.isFile) readCalled(ctx, found, source, command, written.unwrapped.first);
  }
}

function jobCommand(source: Source, written: WrittenCommand, order: number): JobCommand {
  const { job, shell, around, place } = source;
  const { command } = written.use;
  const item = source.itemAt(command.words[0]?.start ?? command.start);
  return {
    job,
    item,
    section: item.section,
    order,
    shell,
    use: around === undefined ? written.use : surroundedBy(around, written.use),
    branches: branchesIn(source, written.branches),
    isNested: around !== undefined && (around.how === "word" || around.outer.isNested),
    caller: around?.how === "run" ? around.outer : around?.outer.caller,
    wrappers: written.unwrapped.wrappers,
    argv: written.argv,
    assignments: written.assignments,
    workingDirectory: source.directories.of(command),
    at: written.at,
    via: item.via,
    place,
  };
}

function surroundedBy(
  { outer: { use: outer }, how, failureCounts: counts }: Surroundings,
  use: CommandUse,
): CommandUse {
  return {
    ...use,
    conditional: use.conditional || outer.conditional,
    tolerated: use.tolerated || outer.tolerated || !counts(use.command),
    beforeAnd: use.beforeAnd || outer.beforeAnd,
    // Within a process of its own it counts what is a subshell there.
    subshell: how === "word" || use.subshell || (how === "source" && outer.subshell),
    pipedFrom: use.pipedFrom ?? outer.pipedFrom,
    inFunction: use.inFunction ?? outer.inFunction,
    inSubstitution: use.inSubstitution || outer.inSubstitution,
  };
}

/** Equal texts share one tree: what is a branch of it here is none of it where the text is used again. */
function branchesIn(source: Source, inside: BranchPath): BranchPath {
  const outside = source.around?.outer.branches ?? NO_BRANCHES;
  return inside.length === 0 ? outside : [...outside, { node: source, body: 0 }, ...inside];
}

const NO_BRANCHES: BranchPath = [];

/** The script in `sh -c '…'`. */
function readNested(
  ctx: QueryContext,
  found: Found,
  source: Source,
  outer: JobCommand,
  nested: WrittenScript,
): void {
  readScript(ctx, found, {
    ...source,
    written: nested,
    itemAt: () => outer.item,
    place: placingOf(nested),
    directories: alwaysAt(outer.workingDirectory),
    around: { outer, how: "word", failureCounts: () => true },
    depth: source.depth + 1,
  });
}

/** `./build.sh`, `bash build.sh`, `source lib.sh`: the commands of the file, behind the call. */
function readCalled(ctx: QueryContext, found: Found, source: Source, outer: JobCommand, first: number): void {
  if (found.calls.length >= MOST_CALLS || found.commands.length >= MOST_COMMANDS) return;
  const { job } = source;
  const call = callBy(ctx, job, outer.use.command, first, outer.workingDirectory);
  if (call === undefined) return;
  const { file, how } = call;
  const { text } = file;
  const written = ctx.get(writtenScriptOf, text);
  found.calls.push({ command: outer, file });
  const at = text.at(0, text.text.length);
  const via = [...outer.via, hopInto(file, outer.at)];
  const item: ScriptItem = { section: outer.section, index: outer.item.index, text, at, via };
  readScript(ctx, found, {
    ...source,
    written,
    itemAt: () => item,
    place: placingOf(written),
    directories: directoriesInFile(job, source, outer, file),
    around: { outer, how, failureCounts: how === "run" ? countsIn(call, written) : () => true },
    isFile: true,
  });
}

const countsIn = ({ file, stopsOnError }: ScriptCall, { commands }: WrittenScript): CountsFailure =>
  failureCounts(
    file.script,
    commands.map(({ use }) => use),
    stopsOnError,
  );

type CountsFailure = Surroundings["failureCounts"];

function directoriesInFile(job: Job, source: Source, call: JobCommand, file: ScriptFile): Directories {
  const followed = source.directories.inSourced(call.use.command);
  if (followed !== undefined) return followed;
  const start = call.workingDirectory;
  const folder = file.path.slice(0, Math.max(file.path.lastIndexOf("/"), 0));
  const [own] = mayMove(file.text.text)
    ? directoriesOf([file.script], start, (word) => pathText(job, word, folder))
    : [];
  return own ?? alwaysAt(start);
}
