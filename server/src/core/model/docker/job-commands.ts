// Every simple command of a job's scripts, with the shell variables that they set: the ground for finding container
// commands and for expanding their words. Scripts of the repository that the job calls are part of it, one level deep.
import { defineQuery, type QueryContext } from "../../query/query";
import { parseShell } from "../../syntax/shell";
import type { CommandUse, SimpleCommand, Word } from "../../syntax/shell-nodes";
import type { Origin } from "../../text/located";
import type { Job, ScriptItem } from "../pipeline/job";
import type { Loop } from "./branches";
import { callOf, hopInto, mayCall, type ScriptCall, type ScriptFile } from "./called-scripts";
import type { Argument, BranchPath, EnvironmentAssignment, JobCommand, WorkingDirectory } from "./command";
import { argumentOf, assignmentWord, scriptText } from "./command-words";
import { failureCounts } from "./exit-on-error";
import { shellsOf, type JobShell } from "./job-shells";
import { pathText } from "./path-text";
import { readScriptCommands, scriptReading, type ScriptCommand, type ScriptReading } from "./script-commands";
import { alwaysAt, AT_ROOT, directoriesOf, mayMove, type Directories } from "./working-directory";
import { baseName, unwrap } from "./wrappers";

export { argumentOf, assignmentWord, wordBehind } from "./command-words";

export interface JobLoop extends Loop {
  readonly item: ScriptItem;
  readonly place: (start: number, end: number) => Origin;
}

/** A script of the repository that was read as part of the job. */
export interface ReadCall {
  /** The call. */
  readonly command: JobCommand;
  readonly file: ScriptFile;
}

export interface JobScripts {
  readonly commands: readonly JobCommand[];
  readonly loops: readonly JobLoop[];
  readonly calls: readonly ReadCall[];
  readonly dialect: "posix" | "powershell";
}

/** Scripts inside words inside scripts: `sh -c "bash -c '…'"`. */
const DEEPEST_NESTING = 3;

/** Calls that are followed in one job, and commands from where on none is: no job that a person wrote has more. */
const MOST_CALLS = 100;
const MOST_COMMANDS = 10_000;

/** A script and where it stands. */
interface Source {
  readonly job: Job;
  readonly shell: 0 | 1;
  readonly reading: ScriptReading;
  readonly itemAt: (start: number) => ScriptItem;
  readonly place: (start: number, end: number) => Origin;
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
  readonly loops: JobLoop[];
  readonly calls: ReadCall[];
}

export const jobScripts = defineQuery<Job, JobScripts>({
  name: "jobScripts",
  compute: (ctx, job) => {
    const found: Found = { commands: [], loops: [], calls: [] };
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

function readShell(ctx: QueryContext, found: Found, job: Job, { shell, scripts }: JobShell): void {
  const directories = directoriesFor(ctx, job, scripts);
  scripts.forEach(({ script, itemAt, place }, index) => {
    const reading = ctx.get(scriptReading, script);
    const own = directories[index] ?? alwaysAt(AT_ROOT);
    const where = { directories: own, around: undefined, depth: 0, isFile: false };
    readScript(ctx, found, { job, shell, reading, itemAt, place, ...where });
  });
}

/** Most scripts never leave the project's directory: then there is nothing to follow. */
function directoriesFor(ctx: QueryContext, job: Job, scripts: JobShell["scripts"]): readonly Directories[] {
  if (!scripts.some(({ text }) => mayMove(text))) return [];
  return directoriesOf(
    scripts.map(({ script }) => script),
    AT_ROOT,
    (word) => pathText(job, word),
    (command, directory) => {
      const call = callBy(ctx, job, command, unwrap(command.words).first, directory);
      return call?.how === "source" ? call.file.script : undefined;
    },
  );
}

function callBy(
  ctx: QueryContext,
  job: Job,
  { words }: SimpleCommand,
  first: number,
  directory: WorkingDirectory,
): ScriptCall | undefined {
  return mayCall(words[first]) ? callOf(ctx, job, words.slice(first), directory) : undefined;
}

function readScript(ctx: QueryContext, found: Found, source: Source): void {
  const { commands, loops } = source.reading;
  for (const loop of loops)
    found.loops.push({ ...loop, item: source.itemAt(loop.start), place: source.place });
  for (const each of commands) {
    const command = jobCommand(source, each, found.commands.length);
    found.commands.push(command);
    if (source.depth < DEEPEST_NESTING) readNested(ctx, found, source, command);
    if (!source.isFile) readCalled(ctx, found, source, command, each.unwrapped.first);
  }
}

/** What costs something is worked out when it is asked for: most commands are no container commands. */
function jobCommand(
  source: Source,
  { use: own, unwrapped, branches: inside }: ScriptCommand,
  order: number,
): JobCommand {
  const { around, place } = source;
  const { command } = own;
  const item = source.itemAt(command.words[0]?.start ?? command.start);
  const argument = (word: Word): Argument => argumentOf(word, place);
  let argv: readonly Argument[] | undefined;
  let assignments: readonly EnvironmentAssignment[] | undefined;
  return {
    job: source.job,
    item,
    section: item.section,
    order,
    shell: source.shell,
    use: around === undefined ? own : surroundedBy(around, own),
    branches: branchesIn(source, inside),
    isNested: around !== undefined && (around.how === "word" || around.outer.isNested),
    caller: around?.how === "run" ? around.outer : around?.outer.caller,
    wrappers: unwrapped.wrappers,
    via: item.via,
    place,
    get argv() {
      return (argv ??= command.words.slice(unwrapped.first).map(argument));
    },
    get assignments() {
      return (assignments ??= assignmentsOf(command, unwrapped, argument, place));
    },
    get workingDirectory() {
      return source.directories.of(command);
    },
    get at() {
      return place(command.start, command.end);
    },
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
  const outside = source.around?.outer.branches ?? [];
  return inside.length === 0 ? outside : [...outside, { node: source, body: 0 }, ...inside];
}

function assignmentsOf(
  { words, assignments }: SimpleCommand,
  unwrapped: ScriptCommand["unwrapped"],
  argument: (word: Word) => Argument,
  place: Source["place"],
): readonly EnvironmentAssignment[] {
  return [
    ...assignments.map(({ name, value, start, end }) => ({
      name,
      value: value && argument(value),
      at: place(start, end),
    })),
    ...unwrapped.assignments.flatMap((index) => assignmentWord(words[index], argument)),
  ];
}

/** `sh -c '…'`, `bash -lc "…"`, also in front of arguments for it. */
function readNested(ctx: QueryContext, found: Found, source: Source, outer: JobCommand): void {
  if (!outer.use.command.words.some(({ text }) => /(^|\/)(ba|da|a|z|k)?sh$/.test(text))) return;
  const [name, ...rest] = outer.argv;
  if (name === undefined || !/^(ba|da|a|z|k)?sh$/.test(baseName(name.text))) return;
  const option = rest.findIndex((argument) => /^-[a-z]*c$/.test(argument.text));
  if (option === -1 || rest.slice(0, option).some((argument) => !argument.text.startsWith("-"))) return;
  const word = rest[option + 1]?.word;
  const text = word === undefined ? undefined : scriptText(word);
  if (word === undefined || text === undefined) return;
  const place = (start: number, end: number): Origin =>
    text.isExact ? source.place(text.start + start, text.start + end) : source.place(word.start, word.end);
  readScript(ctx, found, {
    ...source,
    reading: readScriptCommands(parseShell(text.text)),
    itemAt: () => outer.item,
    place,
    directories: alwaysAt(outer.workingDirectory),
    around: { outer, how: "word", failureCounts: () => true },
    depth: source.depth + 1,
  });
}

/** `./build.sh`, `bash build.sh`, `source lib.sh`: the commands of the file, behind the call. */
function readCalled(ctx: QueryContext, found: Found, source: Source, outer: JobCommand, first: number): void {
  if (!mayCall(outer.use.command.words[first])) return;
  if (found.calls.length >= MOST_CALLS || found.commands.length >= MOST_COMMANDS) return;
  const { job } = source;
  const call = callBy(ctx, job, outer.use.command, first, outer.workingDirectory);
  if (call === undefined) return;
  const { file, how } = call;
  const { text, script } = file;
  const reading = ctx.get(scriptReading, script);
  found.calls.push({ command: outer, file });
  const at = text.at(0, text.text.length);
  const via = [...outer.via, hopInto(file, outer.at)];
  const item: ScriptItem = { section: outer.section, index: outer.item.index, text, at, via };
  const uses = reading.commands.map(({ use }) => use);
  readScript(ctx, found, {
    ...source,
    reading,
    itemAt: () => item,
    place: (start, end) => text.at(start, end),
    directories: directoriesInFile(job, source, outer, file),
    around: {
      outer,
      how,
      failureCounts: how === "run" ? failureCounts(script, uses, call.stopsOnError) : () => true,
    },
    isFile: true,
  });
}

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
