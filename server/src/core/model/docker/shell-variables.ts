// What the shell has assigned to a variable before a command runs: `X=…`, `export X=…`, `read X`, `for X in …`.
import type { QueryContext } from "../../query/query";
import type { Word } from "../../syntax/shell-nodes";
import type { Origin } from "../../text/located";
import type { Job } from "../pipeline/job";
import { excludeEachOther, isPrefix, type Argument, type JobCommand } from "./command";
import { defineQuery } from "../../query/query";
import { argumentOf, assignmentWord, jobScripts, type JobLoop } from "./job-commands";

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

/** The assignments of a job's scripts by variable, in order. */
const assignmentsOf = defineQuery<Job, ReadonlyMap<string, readonly ShellAssignment[]>>({
  name: "assignmentsOf",
  compute: (ctx, job) => {
    const byName = new Map<string, ShellAssignment[]>();
    for (const command of ctx.get(jobScripts, job).commands) {
      for (const assignment of assignmentsBy(command)) {
        const same = byName.get(assignment.name);
        if (same === undefined) byName.set(assignment.name, [assignment]);
        else same.push(assignment);
      }
    }
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

/** Whether an assignment can be seen where a command runs, by shells and subshells. */
function isVisible(assignment: JobCommand, command: JobCommand): boolean {
  if (assignment.shell !== command.shell || assignment === command) return false;
  // The body of a function runs when it is called: what stands behind it in the text may have happened by then.
  if (assignment.order > command.order && command.use.inFunction === undefined) return false;
  return !assignment.use.subshell || (command.use.subshell && command.item === assignment.item);
}

/** What the shell may have put into a variable before a command runs. */
export function shellValuesOf(ctx: QueryContext, command: JobCommand, name: string): ShellValues {
  const loop = loopOf(ctx, command, name);
  if (loop !== undefined)
    return { values: loop.words.map((word) => ({ kind: "loop", loop, word })), isCertain: true };
  let values: ShellValue[] = [];
  let isCertain = false;
  for (const assignment of ctx.get(assignmentsOf, command.job).get(name) ?? []) {
    const { command: setter } = assignment;
    if (!isVisible(setter, command) || excludeEachOther(setter.branches, command.branches)) continue;
    const isSure =
      setter.order < command.order &&
      setter.use.inFunction === command.use.inFunction &&
      isPrefix(setter.branches, command.branches);
    if (isSure && assignment.kind !== "append") values = [];
    if (isSure) isCertain = true;
    values.push({ kind: "assignment", assignment });
  }
  return { values, isCertain };
}

/** The innermost loop around a command that sets a variable. */
function loopOf(ctx: QueryContext, command: JobCommand, name: string): JobLoop | undefined {
  const { start } = command.use.command;
  return ctx
    .get(jobScripts, command.job)
    .loops.filter(
      (loop) =>
        loop.variable === name && loop.place === command.place && loop.start <= start && start < loop.end,
    )
    .at(-1);
}
