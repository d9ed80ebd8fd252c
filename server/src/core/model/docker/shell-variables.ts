// What the shell has assigned to a variable before a command runs: `X=…`, `export X=…`, `read X`, `for X in …`.
import { predefinedVariable } from "../../data/predefined-variables";
import { defineQuery, type QueryContext } from "../../query/query";
import type { Word } from "../../syntax/shell-nodes";
import type { Origin } from "../../text/located";
import type { Job } from "../pipeline/job";
import { settingsOf } from "../settings-of";
import { excludeEachOther, isPrefix, type Argument, type JobCommand } from "./command";
import { argumentOf, assignmentWord } from "./command-words";
import { jobScripts, type JobLoop } from "./job-commands";

/** One assignment of a shell variable. */
export interface ShellAssignment {
  readonly name: string;
  /** Undefined where the value comes at run time (`read X`), or is removed (`unset X`). */
  readonly value: Argument | undefined;
  readonly kind: "set" | "append" | "read" | "unset";
  readonly command: JobCommand;
  readonly at: Origin;
}

/** What a variable can hold where a command runs. */
export type ShellValue =
  | { readonly kind: "assignment"; readonly assignment: ShellAssignment }
  | { readonly kind: "loop"; readonly loop: JobLoop; readonly word: Word };

export interface ShellValues {
  /** In order of the text; empty where the shell assigns nothing before. */
  readonly values: readonly ShellValue[];
  /** False: none of them surely happened, so the variable may also have its value from outside. */
  readonly isCertain: boolean;
}

const DECLARATIONS = new Set(["export", "declare", "local", "readonly", "typeset"]);

/** What a job's scripts do to one variable, in order. */
interface Writes {
  readonly assignments: ShellAssignment[];
  readonly loops: JobLoop[];
}

/** By variable: most are never written to. */
const writesOf = defineQuery<Job, ReadonlyMap<string, Writes>>({
  name: "writesOf",
  compute: (ctx, job) => {
    const byName = new Map<string, Writes>();
    const writesTo = (name: string): Writes => {
      const known = byName.get(name) ?? { assignments: [], loops: [] };
      byName.set(name, known);
      return known;
    };
    const { commands, loops } = ctx.get(jobScripts, job);
    for (const command of commands)
      for (const assignment of assignmentsBy(command)) writesTo(assignment.name).assignments.push(assignment);
    for (const loop of loops) writesTo(loop.variable).loops.push(loop);
    return byName;
  },
});

function assignmentsBy(command: JobCommand): readonly ShellAssignment[] {
  const [name, ...words] = command.argv;
  if (name === undefined && command.wrappers.length === 0) {
    const appended = new Set(
      command.use.command.assignments.filter((assignment) => assignment.append).map(({ name: own }) => own),
    );
    return command.assignments.map((assignment) => ({
      ...assignment,
      kind: appended.has(assignment.name) ? ("append" as const) : ("set" as const),
      command,
    }));
  }
  if (name === undefined) return [];
  if (DECLARATIONS.has(name.text)) {
    const argument = (word: Word): Argument => argumentOf(word, command.place);
    return words
      .flatMap(({ word }) => assignmentWord(word, argument))
      .map((assignment) => ({ ...assignment, kind: "set" as const, command }));
  }
  if (name.text !== "read" && name.text !== "unset") return [];
  const kind = name.text;
  return words
    .filter(({ text }) => /^[A-Za-z_]\w*$/.test(text))
    .map(({ text, at }) => ({ name: text, value: undefined, kind, command, at }));
}

/** Whether an assignment can be seen where a command runs, by shells and subshells. Both stand in the same process. */
function isVisible(assignment: JobCommand, command: JobCommand): boolean {
  if (assignment.shell !== command.shell || assignment.caller !== command.caller || assignment === command)
    return false;
  // The body of a function runs when it is called: what stands behind it in the text may have happened by then.
  if (assignment.order > command.order && command.use.inFunction === undefined) return false;
  return !assignment.use.subshell || (command.use.subshell && sameItem(assignment, command));
}

/** A sourced script counts as part of the item that sources it. */
const sameItem = (a: JobCommand, b: JobCommand): boolean =>
  a.section === b.section && a.item.index === b.item.index;

/** What the shell may have put into a variable before a command runs. */
export function shellValuesOf(ctx: QueryContext, command: JobCommand, name: string): ShellValues {
  const writes = ctx.get(writesOf, command.job).get(name);
  const loop = writes && loopAround(command, writes.loops);
  if (loop !== undefined)
    return { values: loop.words.map((word) => ({ kind: "loop", loop, word })), isCertain: true };
  const own = writes === undefined ? UNSET : assignedBefore(command, writes.assignments);
  if (own.isCertain || command.caller === undefined) return own;
  const given = givenTo(ctx, command.caller, name);
  return { values: [...given.values, ...own.values], isCertain: given.isCertain };
}

const UNSET: ShellValues = { values: [], isCertain: false };

/** Looks backwards, as far as the last assignment that surely happened: most scripts set a variable just before they use it. */
function assignedBefore(command: JobCommand, assignments: readonly ShellAssignment[]): ShellValues {
  const values: ShellValue[] = [];
  let isCertain = false;
  // What stands behind the command counts in the body of a function only.
  const behind =
    command.use.inFunction === undefined ? firstFrom(assignments, command.order) : assignments.length;
  for (let index = behind - 1; index >= 0; index -= 1) {
    const assignment = assignments[index];
    if (assignment === undefined) break;
    const { command: setter } = assignment;
    if (!isVisible(setter, command) || excludeEachOther(setter.branches, command.branches)) continue;
    values.push({ kind: "assignment", assignment });
    const isSure =
      setter.order < command.order &&
      setter.use.inFunction === command.use.inFunction &&
      isPrefix(setter.branches, command.branches);
    isCertain ||= isSure;
    if (isSure && assignment.kind !== "append") break;
  }
  return { values: values.reverse(), isCertain };
}

/** Index of the first assignment at or behind a position among the job's commands. */
function firstFrom(assignments: readonly ShellAssignment[], order: number): number {
  let low = 0;
  let high = assignments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((assignments[middle]?.command.order ?? 0) < order) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What a called script finds in its environment: `X=1 ./build.sh`, and what the calling shell exported before. */
function givenTo(ctx: QueryContext, call: JobCommand, name: string): ShellValues {
  const inFront = call.assignments.findLast((assignment) => assignment.name === name);
  if (inFront !== undefined) {
    const assignment: ShellAssignment = {
      ...inFront,
      kind: inFront.value === undefined ? "unset" : "set",
      command: call,
    };
    return { values: [{ kind: "assignment", assignment }], isCertain: true };
  }
  return isExported(ctx, call.job, name) ? shellValuesOf(ctx, call, name) : UNSET;
}

/** Whether the shell hands a variable on. What it got from its own environment it does. */
function isExported(ctx: QueryContext, job: Job, name: string): boolean {
  if (job.variables.has(name) || predefinedVariable(name) !== undefined) return true;
  if (ctx.get(settingsOf, null).settings.variables.known.includes(name)) return true;
  const { names, isAll } = ctx.get(exportsOf, job);
  return isAll || names.has(name);
}

interface Exports {
  readonly names: ReadonlySet<string>;
  /** `set -a` */
  readonly isAll: boolean;
}

/** The variables that a job's own shells export anywhere. */
const exportsOf = defineQuery<Job, Exports>({
  name: "exportsOf",
  compute: (ctx, job) => {
    const own = ctx.get(jobScripts, job).commands.filter(({ caller }) => caller === undefined);
    const names = own
      .filter(exports)
      .flatMap(({ argv }) => argv.slice(1).map(({ text }) => text.replace(/=.*/s, "")));
    return { names: new Set(names), isAll: own.some(exportsAll) };
  },
});

const exports = ({ argv: [name, ...words] }: JobCommand): boolean =>
  name?.text === "export" ||
  ((name?.text === "declare" || name?.text === "typeset") &&
    words.some(({ text }) => /^-[A-Za-z]*x/.test(text)));

/** https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_26 */
const exportsAll = ({ argv: [name, ...words] }: JobCommand): boolean =>
  name?.text === "set" && words.some(({ text }) => /^-[a-z]*a/.test(text) || text === "allexport");

/** The innermost of the loops around a command. */
function loopAround(command: JobCommand, loops: readonly JobLoop[]): JobLoop | undefined {
  const { start } = command.use.command;
  return loops.findLast((loop) => loop.place === command.place && loop.start <= start && start < loop.end);
}
