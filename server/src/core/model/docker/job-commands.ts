// Every simple command of a job's scripts, with the shell variables that they set: the ground for finding container
// commands and for expanding their words.
import { defineQuery, type QueryContext } from "../../query/query";
import { commandsOf as usesOf } from "../../syntax/shell";
import { parseShell } from "../../syntax/shell";
import type { CommandUse, ShellScript, SimpleCommand, Word } from "../../syntax/shell-nodes";
import type { Origin } from "../../text/located";
import type { Job, ScriptItem } from "../pipeline/job";
import { branchesOf, type Loop } from "./branches";
import type { Argument, BranchPath, EnvironmentAssignment, JobCommand, WorkingDirectory } from "./command";
import { shellsOf, type JobShell } from "./job-shells";
import { directoriesOf, PROJECT_DIRECTORY } from "./working-directory";
import { baseName, unwrap } from "./wrappers";

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
  readonly script: ShellScript;
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
    for (const shell of shells) readShell(found, job, shell);
    const scripts = shells.flatMap((shell) => shell.scripts);
    const dialect = scripts.some(({ script }) => script.dialect === "powershell") ? "powershell" : "posix";
    return { ...found, dialect };
  },
});

/** Every simple command of a job's scripts, in order: those of `sh -c '…'` too, behind the command that runs them. */
export const jobCommandsOf = (ctx: QueryContext, job: Job): readonly JobCommand[] =>
  ctx.get(jobScripts, job).commands;

function readShell(found: Found, job: Job, { shell, scripts }: JobShell): void {
  const directories = directoriesOf(
    scripts.map(({ script }) => script),
    (word) => pathText(job, word),
  );
  const directoryOf = (command: SimpleCommand): WorkingDirectory =>
    directories.get(command) ?? { known: false, because: "it is not known where the command runs" };
  for (const { script, itemAt, place } of scripts) {
    readScript(found, { job, shell, script, itemAt, place, directoryOf, around: undefined, depth: 0 });
  }
}

function readScript(found: Found, source: Source): void {
  const { paths, loops } = branchesOf(source.script, source.around?.branches ?? []);
  for (const loop of loops)
    found.loops.push({ ...loop, item: source.itemAt(loop.start), place: source.place });
  for (const use of usesOf(source.script)) {
    const command = jobCommand(
      source,
      { ...use, ...surroundings(source, use) },
      paths.get(use.command) ?? [],
      found.commands.length,
    );
    found.commands.push(command);
    if (source.depth < DEEPEST_NESTING) readNested(found, source, command);
  }
}

function surroundings({ around }: Source, use: CommandUse): Partial<CommandUse> {
  if (around === undefined) return {};
  const outer = around.use;
  return {
    conditional: use.conditional || outer.conditional,
    tolerated: use.tolerated || outer.tolerated,
    subshell: true,
    pipedFrom: use.pipedFrom ?? outer.pipedFrom,
    inFunction: use.inFunction ?? outer.inFunction,
    inSubstitution: use.inSubstitution || outer.inSubstitution,
  };
}

function jobCommand(source: Source, use: CommandUse, branches: BranchPath, order: number): JobCommand {
  const { words, assignments: written } = use.command;
  const { first, wrappers, assignments } = unwrap(words);
  const argument = (word: Word): Argument => argumentOf(word, source.place);
  const item = source.itemAt(use.command.words[0]?.start ?? use.command.start);
  return {
    job: source.job,
    item,
    section: item.section,
    order,
    shell: source.shell,
    use,
    branches,
    isNested: source.around !== undefined,
    argv: words.slice(first).map(argument),
    wrappers,
    assignments: [
      ...written.map(({ name, value, start, end }) => ({
        name,
        value: value && argument(value),
        at: source.place(start, end),
      })),
      ...assignments.flatMap((index) => assignmentWord(words[index], argument)),
    ],
    workingDirectory: source.directoryOf(use.command),
    at: source.place(use.command.start, use.command.end),
    via: item.via,
    place: source.place,
  };
}

/** `NAME=value` as a word of `env`, `export`…: its name and value; nothing for other words. */
export function assignmentWord(
  word: Word | undefined,
  argument: (word: Word) => Argument,
): readonly EnvironmentAssignment[] {
  const match = word === undefined ? null : /^([A-Za-z_]\w*)=/.exec(word.text);
  if (word === undefined || match?.[1] === undefined) return [];
  return [{ name: match[1], value: argument(wordBehind(word, match[0].length)), at: argument(word).at }];
}

/** A word as an argument. Its place is worked out when somebody asks: most words are never reported. */
export function argumentOf(word: Word, place: (start: number, end: number) => Origin): Argument {
  let at: Origin | undefined;
  return {
    word,
    text: word.text,
    isStatic: word.isStatic,
    get at() {
      return (at ??= place(word.start, word.end));
    },
  };
}

/**
 * A word without its first characters, counted in its text after quote removal: they must be literal. Quotes around the rest
 * belong to it, as they do to a whole word.
 */
export function wordBehind(word: Word, length: number): Word {
  let left = length;
  let start = word.start;
  const parts = word.parts.flatMap((part) => {
    if (left <= 0 || part.kind !== "literal") return [part];
    const cut = Math.min(left, part.text.length);
    left -= cut;
    // Backslashes shift places: only text that stands as it is can be cut exactly.
    const isPlain = part.end - part.start === part.text.length;
    start = isPlain ? part.start + cut : part.end;
    return cut === part.text.length
      ? []
      : [{ ...part, start: isPlain ? start : part.start, text: part.text.slice(cut) }];
  });
  const source = word.source.slice(start - word.start);
  return { start, end: word.end, parts, source, text: word.text.slice(length), isStatic: word.isStatic };
}

/** `sh -c '…'`, `bash -lc "…"`, also in front of arguments for it. */
function readNested(found: Found, source: Source, outer: JobCommand): void {
  const [name, ...rest] = outer.argv;
  if (name === undefined || !/^(ba|da|a|z|k)?sh$/.test(baseName(name.text))) return;
  const option = rest.findIndex((argument) => /^-[a-z]*c$/.test(argument.text));
  if (option === -1 || rest.slice(0, option).some((argument) => !argument.text.startsWith("-"))) return;
  const word = rest[option + 1]?.word;
  const text = word === undefined ? undefined : scriptText(word);
  if (word === undefined || text === undefined) return;
  const place = (start: number, end: number): Origin =>
    text.isExact ? source.place(text.start + start, text.start + end) : source.place(word.start, word.end);
  readScript(found, {
    ...source,
    script: parseShell(text.text),
    itemAt: () => outer.item,
    place,
    directoryOf: () => outer.workingDirectory,
    around: { use: outer.use, branches: outer.branches },
    depth: source.depth + 1,
  });
}

/** The script that a word holds: static text, or text with variables, which stay variables of the script. */
function scriptText(
  word: Word,
): { readonly text: string; readonly start: number; readonly isExact: boolean } | undefined {
  const [first] = word.parts;
  const last = word.parts.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const source = word.source.slice(first.start - word.start, last.end - word.start);
  const isPlain = word.parts.every(
    (part) =>
      part.kind === "variable" || (part.kind === "literal" && part.end - part.start === part.text.length),
  );
  if (isPlain) return { text: source, start: first.start, isExact: true };
  return word.isStatic ? { text: word.text, start: first.start, isExact: false } : undefined;
}

/** A path for `cd`: literal text and variables of the YAML whose values are literal. */
function pathText(job: Job, word: Word): string | undefined {
  let text = "";
  for (const part of word.parts) {
    if (part.kind === "literal") text += part.text;
    else if (part.kind !== "variable" || part.operator !== undefined) return undefined;
    else if (part.name === "CI_PROJECT_DIR") text += PROJECT_DIRECTORY;
    else {
      const variable = job.variables.get(part.name);
      if (variable === undefined || variable.values.length > 1) return undefined;
      const value = variable.value.replace(/^\$(CI_PROJECT_DIR\b|\{CI_PROJECT_DIR\})/, PROJECT_DIRECTORY);
      if (value.includes("$")) return undefined;
      text += value;
    }
  }
  return text.lastIndexOf(PROJECT_DIRECTORY) > 0 ? undefined : text;
}
