// What a job's scripts run: simple commands with their places, and among them the container commands, taken apart by the
// tool's own flag table.
import type { CommandUse, Word } from "../../syntax/shell-nodes";
import type { Hop, Origin } from "../../text/located";
import type { Job, ScriptItem, ScriptSection } from "../pipeline/job";

export type Tool =
  "docker" | "docker-compose" | "podman" | "buildah" | "buildctl" | "nerdctl" | "skopeo" | "crane" | "kaniko";

/**
 * A word of a command, or the part of one that is a flag's value (`x` of `--tag=x`), with its place in the file. The
 * word's own offsets are into the script that holds it and are of no use outside the model.
 */
export interface Argument {
  readonly word: Word;
  /** After quote removal, expansions as in the source. */
  readonly text: string;
  /** True where the text holds no expansion. */
  readonly isStatic: boolean;
  /** The word as written, its quotes included. Of a word that a variable brought: the use of the variable. */
  readonly at: Origin;
}

export interface Flag {
  /** Canonical long name without dashes: "tag" for `-t`; an unknown flag's name as written, without dashes. */
  readonly name: string;
  /** As written, without its value: "-t", "--tag". */
  readonly written: string;
  /** False where the tool's table does not have it: it was then read as one that takes no value of its own. */
  readonly isKnown: boolean;
  /** The value; undefined for a boolean flag, and where the command ends too early. */
  readonly value: Argument | undefined;
  /** How the value is written. "none" where there is none. */
  readonly form: "separate" | "equals" | "attached" | "none";
  /** From the flag's first character to its value's end. */
  readonly at: Origin;
  /** The flag without its value. */
  readonly nameAt: Origin;
}

/** `NAME=value` in front of a command, or behind `env`. */
export interface EnvironmentAssignment {
  readonly name: string;
  readonly value: Argument | undefined;
  readonly at: Origin;
}

/**
 * Where the shell stands: a path below the repository's root ("" is the root itself, `$CI_PROJECT_DIR`), or unknown
 * because a `cd` could not be followed or left the checkout.
 */
export type WorkingDirectory =
  { readonly known: true; readonly path: string } | { readonly known: false; readonly because: string };

/**
 * The branches in which a command stands, outermost first: bodies of `if`, `case` and loops, right sides of `&&` and `||`. A
 * command whose branches are the first ones of another's has surely been passed when that one runs.
 */
export type BranchPath = readonly Branch[];

export interface Branch {
  /** The compound command or list: branches of one node with different numbers exclude each other, except in lists. */
  readonly node: object;
  readonly body: number;
}

/** One simple command of a job, in the order in which the shells run them. */
export interface JobCommand {
  readonly job: Job;
  /** The item that holds the command; of a called script, its whole file with section and index of the calling item. */
  readonly item: ScriptItem;
  readonly section: ScriptSection;
  /** Position among all commands of the job: a smaller one runs earlier. Branches count as written. */
  readonly order: number;
  /** 0: the shell of before_script and script; 1: the one of after_script, which inherits neither variables nor `cd`. */
  readonly shell: 0 | 1;
  readonly use: CommandUse;
  readonly branches: BranchPath;
  /** It stands in the text of `sh -c '…'`: part of a word of another command. */
  readonly isNested: boolean;
  /**
   * The call (`./build.sh`, `bash build.sh`) of the script that it stands in, where that runs in a process of its own: what is
   * assigned there is lost behind it, and of the caller's variables only the exported ones are seen. `use.subshell` then
   * speaks of that process.
   */
  readonly caller: JobCommand | undefined;
  /** Words after assignments and wrappers (`sudo`, `env`, `timeout 5`…): what is run. Empty for bare assignments. */
  readonly argv: readonly Argument[];
  /** The wrappers that were left out, in order: "sudo", "retry"… */
  readonly wrappers: readonly string[];
  /** Assignments in front of the command, also behind `env`: they hold for it alone; for a bare assignment, its own. */
  readonly assignments: readonly EnvironmentAssignment[];
  readonly workingDirectory: WorkingDirectory;
  /** The whole command: assignments, wrappers and redirections included. */
  readonly at: Origin;
  /** The way of the script item that holds the command, and from there into the script that it calls. */
  readonly via: readonly Hop[];
  /** Place of a range of the script that holds the command (offsets as in `use.command`). */
  readonly place: (start: number, end: number) => Origin;
}

export interface ContainerCommand extends JobCommand {
  readonly tool: Tool;
  /** Canonical verb: "build", "buildx build", "compose up"; "image build" is "build". Empty where none is given. */
  readonly verb: string;
  /** The words of the verb as written; the tool's name where there is none. */
  readonly verbAt: Origin;
  /** False where the name comes from a variable (`$BUILDAH_COMMAND push x`). */
  readonly isNamed: boolean;
  /** The tool's name as written. */
  readonly nameAt: Origin;
  /** Flags between the tool's name and the verb: `-H`, `--context`. */
  readonly globalFlags: readonly Flag[];
  readonly flags: readonly Flag[];
  /** Words that are neither the verb nor flags nor their values; behind `run IMAGE` and `exec NAME` everything. */
  readonly operands: readonly Argument[];
  /**
   * True where operands cannot be counted: one of them is an unquoted expansion or glob that may be none or several words
   * (`$OPTS`, `"$@"`). Flags and operands must then not be claimed to be missing or too many.
   */
  readonly isOpen: boolean;
}

/** Whether `a` has surely been run when `b` runs: it stands before it in the same shell, and in no branch that `b` is not in. */
export function runsBefore(a: JobCommand, b: JobCommand): boolean {
  return (
    a.shell === b.shell &&
    a.order < b.order &&
    a.use.inFunction === b.use.inFunction &&
    isPrefix(a.branches, b.branches)
  );
}

export const isPrefix = (a: BranchPath, b: BranchPath): boolean =>
  a.every((branch, index) => isSameBranch(branch, b[index]));

const isSameBranch = (a: Branch, b: Branch | undefined): boolean => a.node === b?.node && a.body === b.body;

/** Whether two commands stand in different branches of one `if` or `case`, so that only one of them runs. */
export function excludeEachOther(a: BranchPath, b: BranchPath): boolean {
  const index = a.findIndex((branch, at) => !isSameBranch(branch, b[at]));
  return index !== -1 && a[index]?.node === b[index]?.node;
}

/** All uses of a flag, in order. */
export const flagsNamed = (command: ContainerCommand, ...names: readonly string[]): readonly Flag[] =>
  command.flags.filter((flag) => names.includes(flag.name));

/** The use of a flag that counts: the last. */
export const flagNamed = (command: ContainerCommand, ...names: readonly string[]): Flag | undefined =>
  flagsNamed(command, ...names).at(-1);

/** Whether a boolean flag is on: given, and not as `--push=false`. */
export function isFlagOn(command: ContainerCommand, ...names: readonly string[]): boolean {
  const flag = flagNamed(command, ...names);
  return flag !== undefined && !["false", "0", "f"].includes(flag.value?.text.toLowerCase() ?? "");
}

/** Whether a command runs whenever its script does, and ends it when it fails. */
export const surelyRuns = ({ use }: JobCommand): boolean =>
  !use.conditional && !use.tolerated && use.inFunction === undefined;
