// Every simple command of a job's scripts, with the shell variables that they set: the ground for finding container
// commands and for expanding their words.
import { defineQuery, type QueryContext } from "../../query/query";
import { parseShell } from "../../syntax/shell";
import type { CommandUse, SimpleCommand, Word } from "../../syntax/shell-nodes";
import type { Origin } from "../../text/located";
import type { Job, ScriptItem } from "../pipeline/job";
import type { Loop } from "./branches";
import type { Argument, BranchPath, EnvironmentAssignment, JobCommand, WorkingDirectory } from "./command";
import { shellsOf, type JobShell } from "./job-shells";
import { directoriesOf, PROJECT_DIRECTORY } from "./working-directory";
import { readScriptCommands, scriptReading, type ScriptCommand, type ScriptReading } from "./script-commands";
import { baseName } from "./wrappers";

export interface JobLoop extends Loop {
  readonly item: ScriptItem;
  readonly place: (start: number, end: number) => Origin;
}

export interface JobScripts {
  readonly commands: readonly JobCommand[];
  readonly loops: readonly JobLoop[];
  readonly dialect: "posix" | "powershell";
}

/** Scripts inside words inside scripts: `sh -c "bash -c '…'"`. */
const DEEPEST_NESTING = 3;

/** A script and where it stands. */
interface Source {
  readonly job: Job;
  readonly shell: 0 | 1;
  readonly reading: ScriptReading;
  readonly itemAt: (start: number) => ScriptItem;
  readonly place: (start: number, end: number) => Origin;
  readonly directoryOf: (command: SimpleCommand) => WorkingDirectory;
  /** What surrounds a nested script; undefined for the shell's own. */
  readonly around: { readonly use: CommandUse; readonly branches: BranchPath } | undefined;
  readonly depth: number;
}

interface Found {
  readonly commands: JobCommand[];
  readonly loops: JobLoop[];
}

export const jobScripts = defineQuery<Job, JobScripts>({
  name: "jobScripts",
  compute: (ctx, job) => {
    const found: Found = { commands: [], loops: [] };
    const shells = shellsOf(ctx, job);
    for (const shell of shells) readShell(ctx, found, job, shell);
    const scripts = shells.flatMap((shell) => shell.scripts);
    const dialect = scripts.some(({ script }) => script.dialect === "powershell") ? "powershell" : "posix";
    return { ...found, dialect };
  },
});

/** Every simple command of a job's scripts, in order: those of `sh -c '…'` too, behind the command that runs them. */
export const jobCommandsOf = (ctx: QueryContext, job: Job): readonly JobCommand[] =>
  ctx.get(jobScripts, job).commands;

function readShell(ctx: QueryContext, found: Found, job: Job, { shell, scripts }: JobShell): void {
  const directoryOf = directoriesFor(job, scripts);
  for (const { script, itemAt, place } of scripts) {
    const reading = ctx.get(scriptReading, script);
    readScript(found, { job, shell, reading, itemAt, place, directoryOf, around: undefined, depth: 0 });
  }
}

const AT_ROOT: WorkingDirectory = { known: true, path: "" };
const NOWHERE: WorkingDirectory = { known: false, because: "it is not known where the command runs" };

/** Most scripts never leave the project's directory: then there is nothing to follow. */
function directoriesFor(
  job: Job,
  scripts: JobShell["scripts"],
): (command: SimpleCommand) => WorkingDirectory {
  if (!scripts.some(({ text }) => /\b(cd|pushd|popd|chdir)\b/.test(text))) return () => AT_ROOT;
  const directories = directoriesOf(
    scripts.map(({ script }) => script),
    (word) => pathText(job, word),
  );
  return (command) => directories.get(command) ?? NOWHERE;
}

function readScript(found: Found, source: Source): void {
  const { commands, loops } = source.reading;
  for (const loop of loops)
    found.loops.push({ ...loop, item: source.itemAt(loop.start), place: source.place });
  for (const each of commands) {
    const command = jobCommand(source, each, found.commands.length);
    found.commands.push(command);
    if (source.depth < DEEPEST_NESTING) readNested(found, source, command);
  }
}

function surroundedBy(around: NonNullable<Source["around"]>, use: CommandUse): CommandUse {
  const outer = around.use;
  return {
    ...use,
    conditional: use.conditional || outer.conditional,
    tolerated: use.tolerated || outer.tolerated,
    subshell: true,
    pipedFrom: use.pipedFrom ?? outer.pipedFrom,
    inFunction: use.inFunction ?? outer.inFunction,
    inSubstitution: use.inSubstitution || outer.inSubstitution,
  };
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
    branches: around === undefined ? inside : [...around.branches, ...inside],
    isNested: around !== undefined,
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
      return source.directoryOf(command);
    },
    get at() {
      return place(command.start, command.end);
    },
  };
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

