// Finds the container commands among the commands of a job's scripts.
import { defineQuery, type QueryContext } from "../../query/query";
import type { Job } from "../pipeline/job";
import type { Argument, ContainerCommand, JobCommand } from "./command";
import { expandArgument } from "./expand";
import { calledFilesOf, jobScripts } from "./job-commands";
import { parseCommand, toolNamed, type ParsedCommand } from "./parse-command";
import { splitArguments, type SplitArguments } from "./split-words";
import { literalText } from "./symbolic";
import { baseName } from "./wrappers";
import type { WrittenContainer } from "./written-script";

export { jobCommandsOf } from "./job-commands";

/** Container commands of a job, in order. PowerShell scripts give theirs too, as far as simple commands can be read. */
const commandsOfJob = defineQuery<Job, readonly ContainerCommand[]>({
  name: "commandsOfJob",
  compute: (ctx, job) => {
    if (!mentionsTool(ctx, job)) return [];
    const { commands, written } = ctx.get(jobScripts, job);
    return commands.flatMap((command) => containerCommand(ctx, command, written[command.order]?.container));
  },
});

/** No script is read where neither it nor a variable, which may stand for a command, holds the name of a tool. */
function mentionsTool(ctx: QueryContext, job: Job): boolean {
  if (job.script.some(({ text }) => TOOL_NAMES.test(text.text))) return true;
  const texts = [...job.script.map(({ text }) => text.text), ...calledTexts(ctx, job)];
  if (texts.some((text) => TOOL_NAMES.test(text))) return true;
  if (!texts.some((text) => VARIABLE_COMMAND.test(text))) return false;
  return [...job.variables.values()].some(({ values }) => values.some((value) => TOOL_NAMES.test(value)));
}

/** Texts of the scripts that a job calls. */
function calledTexts(ctx: QueryContext, job: Job): readonly string[] {
  if (!job.script.some(({ text }) => MAY_CALL.test(text.text))) return [];
  return calledFilesOf(ctx, job).map(({ text }) => text.text);
}

/**
 * `x.sh`, `source x`, `sh x`, or a path or a variable where a command's name stands. It only saves reading scripts: what it
 * takes for a call and is none costs time. Its repetitions are bounded, so that long lines do not.
 */
const MAY_CALL =
  /\.(ba|da|a|k)?sh\b|\b(source|(ba|da|a|k)?sh)[ \t]|(^|[\n;&|(`!]|\{[ \t]|\b(sudo|env|time|command|exec|nohup|nice|timeout|retry|then|do|else)\b[^\n;&|]{0,80}[ \t]|\w=\S{0,80}[ \t])[ \t]{0,20}["']?(\.[ \t]|[\w.${}-]{0,80}\/|\$)/;

/** A variable where a command's name stands, maybe behind a wrapper or an assignment. */
const VARIABLE_COMMAND =
  /(^|[\n;&|(`{]|\b(sudo|env|time|command|exec|nohup|nice|timeout|retry|then|do|else)\b[^\n;&|]*|\w=\S*)\s*["']?\$/;

const TOOL_NAMES = /docker|podman|buildah|buildctl|nerdctl|skopeo|crane|executor/;

export const commandsOf = (ctx: QueryContext, job: Job): readonly ContainerCommand[] =>
  ctx.get(commandsOfJob, job);

/** The language of a job's scripts. Rules about presence and about shell syntax are silent for "powershell". */
export const dialectOf = (ctx: QueryContext, job: Job): "posix" | "powershell" =>
  ctx.get(jobScripts, job).dialect;

function containerCommand(
  ctx: QueryContext,
  command: JobCommand,
  container: WrittenContainer | undefined,
): readonly ContainerCommand[] {
  const [written, ...others] = command.argv;
  if (written === undefined) return [];
  if (container === undefined) return commandOutOfVariable(ctx, command, written, others);
  const { tool, words } = container;
  const split = splitArguments(ctx, command, words);
  // Nearly always each word stays one word: then the command was taken apart already.
  const parsed = split.words === words ? container.parsed : parseCommand(tool, written, split.words);
  return [
    withParsed(command, parsed, { tool, isNamed: true, nameAt: written.at, isOpen: isOpen(parsed, split) }),
  ];
}

/** `$BUILDAH_COMMAND push x`: only a name that comes from a variable is expanded before the tool is known. */
function commandOutOfVariable(
  ctx: QueryContext,
  command: JobCommand,
  written: Argument,
  words: readonly Argument[],
): readonly ContainerCommand[] {
  const [name, ...inName] = namedByVariable(ctx, command, written);
  const tool = name && toolNamed(name.text);
  if (name === undefined || tool === undefined) return [];
  const split = splitArguments(ctx, command, words);
  const parsed = parseCommand(tool, name, [...inName, ...split.words]);
  return [
    withParsed(command, parsed, { tool, isNamed: false, nameAt: name.at, isOpen: isOpen(parsed, split) }),
  ];
}

type Named = Pick<ContainerCommand, "tool" | "isNamed" | "nameAt" | "isOpen">;

/** Field by field: spread objects of this size become hash tables, at several kilobytes each. */
const withParsed = (command: JobCommand, parsed: ParsedCommand, named: Named): ContainerCommand => ({
  job: command.job,
  item: command.item,
  section: command.section,
  order: command.order,
  shell: command.shell,
  use: command.use,
  branches: command.branches,
  isNested: command.isNested,
  caller: command.caller,
  wrappers: command.wrappers,
  argv: command.argv,
  assignments: command.assignments,
  workingDirectory: command.workingDirectory,
  at: command.at,
  via: command.via,
  place: command.place,
  verb: parsed.verb,
  verbAt: parsed.verbAt,
  globalFlags: parsed.globalFlags,
  flags: parsed.flags,
  operands: parsed.operands,
  tool: named.tool,
  isNamed: named.isNamed,
  nameAt: named.nameAt,
  isOpen: named.isOpen,
});

/** A word of unknown number that a flag took for its value leaves the operands as they are. */
const isOpen = ({ operands }: ParsedCommand, { open }: SplitArguments): boolean =>
  open.size > 0 && operands.some((operand) => open.has(operand));

function namedByVariable(ctx: QueryContext, command: JobCommand, written: Argument): readonly Argument[] {
  if (
    written.isStatic ||
    !written.word.parts.every((part) => part.kind === "variable" || part.kind === "literal")
  )
    return [];
  const [only, ...others] = expandArgument(ctx, command, written);
  const text = only === undefined || others.length > 0 ? undefined : literalText(only);
  if (text === undefined) return [];
  const isQuoted = written.word.parts.some((part) => part.kind === "variable" && part.quoted);
  return (isQuoted ? [text] : text.trim().split(/\s+/)).map((word) => staticArgument(word, written));
}

const staticArgument = (text: string, { word, at }: Argument): Argument => {
  const { start, end } = word;
  const parts = [{ kind: "literal", start, end, text, quoted: true }] as const;
  return { word: { start, end, source: text, parts, text, isStatic: true }, text, isStatic: true, at };
};

/** Programs that run what a file of the repository says, and so may do anything. */
const RUNNERS = new Set([
  "make",
  "gmake",
  "just",
  "task",
  "rake",
  "invoke",
  "mage",
  "earthly",
  "ansible-playbook",
  "source",
  ".",
  "eval",
  "bazel",
  "nox",
  "tox",
  "dagger",
  "werf",
  "skaffold",
  "pack",
]);
const SCRIPT_RUNNERS = new Set(["npm", "yarn", "pnpm", "bun", "composer", "poetry", "hatch", "pdm", "uv"]);
const SHELLS = /^((ba|da|a|z|k)?sh|python[\d.]*|node|ruby|perl|pwsh|powershell)$/;
const SCRIPT_FILE = /\.(sh|bash|py|rb|pl|js|ts|ps1|mk)$/;

/**
 * Whether a job calls what is not read (`make image`, `npm run x`, a script that is not in the repository or that is called by
 * a called one, a name out of an unknown variable): what the job does not do itself may then be done there.
 */
export const isOpaque = (ctx: QueryContext, job: Job): boolean => ctx.get(opaqueJobs, job);

const opaqueJobs = defineQuery<Job, boolean>({
  name: "isOpaque",
  compute: (ctx, job) => {
    const { commands, calls } = ctx.get(jobScripts, job);
    const read = new Set(calls.filter(({ file }) => file.isComplete).map(({ command }) => command.order));
    return commands.some((command) => !read.has(command.order) && callsUnread(ctx, command));
  },
});

/** Whether one command runs what is not read. */
function callsUnread(ctx: QueryContext, command: JobCommand): boolean {
  const [name, ...rest] = command.argv;
  if (name === undefined) return false;
  if (!name.isStatic) return !isContainerName(ctx, command);
  // `buildctl-daemonless.sh` is a tool of an image, and no script of the repository.
  if (toolNamed(name.text) !== undefined) return false;
  const base = baseName(name.text);
  if (RUNNERS.has(base)) return true;
  if (SCRIPT_RUNNERS.has(base)) return rest.some(({ text }) => text === "run" || text === "exec");
  if (SHELLS.test(base)) return runsFile(rest);
  return (
    /^\.{1,2}\//.test(name.text) ||
    SCRIPT_FILE.test(name.text) ||
    (name.text.includes("/") && !name.text.startsWith("/") && toolNamed(name.text) === undefined)
  );
}

const isContainerName = (ctx: QueryContext, command: JobCommand): boolean =>
  commandsOf(ctx, command.job).some((other) => other.order === command.order);

/** `bash ci/build.sh`, `python -m build`; `sh -c '…'` is read, `bash --version` runs nothing. */
function runsFile(words: readonly Argument[]): boolean {
  const option = words.findIndex(({ text }) => /^-[a-z]*c$/.test(text));
  const first = words.find(({ text }) => !text.startsWith("-"));
  if (option === -1) return first !== undefined || words.some(({ text }) => text === "-m");
  return first !== words[option + 1] || first?.isStatic === false;
}
