// Scripts of the repository that a job's commands call: which command calls which file, and what the file says. One level
// deep: whoever reads a called script does not follow the calls in it.
import { defineQuery, type QueryContext } from "../../query/query";
import type { ShellScript, Word } from "../../syntax/shell-nodes";
import type { Hop } from "../../text/located";
import { identityText, type MappedText } from "../../text/mapped-text";
import type { FilePath } from "../../text/source-file";
import type { Job } from "../pipeline/job";
import type { WorkingDirectory } from "./command";
import { shellScriptOf } from "./job-shells";
import { pathText, PROJECT_DIRECTORY } from "./path-text";
import { directoryAt } from "./working-directory";
import { baseName } from "./wrappers";

/** A script file that was read. */
export interface ScriptFile {
  readonly path: FilePath;
  /** The whole file; its chunk stays the same as long as the text does. */
  readonly text: MappedText;
  readonly script: ShellScript;
  /** False where the text is broken: commands of it may be missing. */
  readonly isComplete: boolean;
  /** What its first line says of the program that runs it. */
  readonly interpreter: Interpreter;
}

interface Interpreter {
  /** "none": there is no such line. */
  readonly kind: "shell" | "other" | "none";
  /** `#!/bin/sh -e` */
  readonly stopsOnError: boolean;
}

/** A command that runs a script of the repository. */
export interface ScriptCall {
  /** "source": in the shell that calls it. "run": in a process of its own. */
  readonly how: "source" | "run";
  readonly file: ScriptFile;
  /** Whether a failing command ends the script from its start on: `bash -e x.sh`, `#!/bin/sh -e`. */
  readonly stopsOnError: boolean;
}

/** Longer files are no scripts that a person wrote for a job: they stay unread. In UTF-16 units. */
const LONGEST_SCRIPT = 200_000;

const SHELL_NAME = /^(ba|da|a|k)?sh$/;

/** A file as a shell script; undefined where it is not loaded, too long, or PowerShell. */
const scriptFileOf = defineQuery<FilePath, ScriptFile | undefined>({
  name: "scriptFileOf",
  compute: (ctx, path) => {
    const source = ctx.file(path);
    if (source === undefined || source.text.length > LONGEST_SCRIPT) return undefined;
    const script = ctx.get(shellScriptOf, source.text);
    if (script.dialect === "powershell") return undefined;
    const chunk = Object.freeze({ file: path, text: source.text });
    const text = identityText(chunk, 0, source.text.length);
    const isComplete = script.problems.length === 0;
    return { path, text, script, isComplete, interpreter: interpreterOf(source.text) };
  },
  equals: (a, b) => a?.text.text === b?.text.text,
});

function interpreterOf(text: string): Interpreter {
  const line = /^#![ \t]*([^\n]*)/.exec(text)?.[1];
  if (line === undefined) return { kind: "none", stopsOnError: false };
  const words = line.trim().split(/\s+/);
  const isEnv = baseName(words[0] ?? "") === "env";
  const rest = isEnv ? words.slice(1).filter((word) => word !== "-S") : words;
  if (!SHELL_NAME.test(baseName(rest[0] ?? ""))) return { kind: "other", stopsOnError: false };
  return { kind: "shell", stopsOnError: rest.slice(1).some((word) => /^-[a-z]*e/.test(word)) };
}

/** Whether a command of this name may call a script: nearly none may, and nothing more is looked at then. */
export const mayCall = (name: Word | undefined): boolean =>
  name !== undefined && (name.text === "." || /^source$|sh$|[/$]/.test(name.text));

/**
 * The script that a command runs.
 *
 * @param words the command without assignments and wrappers
 * @param directory where the command runs
 * @returns undefined where it calls no script, or one that can't be read: it is not in the repository, its path is not known,
 * another program interprets it. A file that is not loaded yet becomes wanted.
 */
export function callOf(
  ctx: QueryContext,
  job: Job,
  words: readonly Word[],
  directory: WorkingDirectory,
): ScriptCall | undefined {
  const target = targetOf(job, words);
  const path = target && fileAt(directory, target.path);
  const file = path === undefined ? undefined : ctx.get(scriptFileOf, path);
  if (target === undefined || file === undefined) return undefined;
  if (!target.isDirect) return { how: target.how, file, stopsOnError: target.stopsOnError };
  // The kernel reads the first line; without one the calling shell runs the file itself.
  if (file.interpreter.kind === "other") return undefined;
  if (file.interpreter.kind === "none" && !SHELL_FILE.test(file.path)) return undefined;
  return { how: "run", file, stopsOnError: file.interpreter.stopsOnError };
}

interface Target {
  readonly how: ScriptCall["how"];
  readonly path: string;
  /** `./x.sh`: the file itself says what interprets it. */
  readonly isDirect: boolean;
  readonly stopsOnError: boolean;
}

const SHELL_FILE = /\.(ba|da|a|k)?sh$/;

function targetOf(job: Job, [name, ...rest]: readonly Word[]): Target | undefined {
  if (name === undefined) return undefined;
  if (name.isStatic && (name.text === "source" || name.text === ".")) {
    return targetAt(job, rest[0], { how: "source", isDirect: false, stopsOnError: false });
  }
  if (name.isStatic && SHELL_NAME.test(baseName(name.text))) return shellTarget(job, rest);
  const direct = targetAt(job, name, { how: "run", isDirect: true, stopsOnError: false });
  return direct !== undefined && mayBeScript(direct.path) ? direct : undefined;
}

function targetAt(job: Job, word: Word | undefined, target: Omit<Target, "path">): Target | undefined {
  const path = word && pathText(job, word);
  return path === undefined || path === "" ? undefined : { ...target, path };
}

/**
 * A name without a slash is looked for in PATH. Other names with an extension are programs and scripts of other languages:
 * there is no need to load them.
 */
const mayBeScript = (path: string): boolean =>
  (path.includes("/") || path.startsWith(PROJECT_DIRECTORY)) &&
  (SHELL_FILE.test(path) || baseName(path).lastIndexOf(".") <= 0);

/** `bash -eu -o pipefail x.sh arg`: the first word that is no option. */
function shellTarget(job: Job, words: readonly Word[]): Target | undefined {
  const count = words.findIndex((word, index) => !isOption(word.text) && !takesNext(words[index - 1]?.text));
  if (count === -1) return undefined;
  const options = words.slice(0, count);
  // `-c` runs a text, `-s` and `-n` run no file; an option out of a variable may be any of them.
  if (options.some(({ text, isStatic }) => !isStatic || /^-[a-z]*[csn]/.test(text))) return undefined;
  const stopsOnError = options.some(({ text }) => /^-[a-z]*e/.test(text) || text === "errexit");
  return targetAt(job, words[count], { how: "run", isDirect: false, stopsOnError });
}

const isOption = (text: string): boolean => /^[-+]./.test(text);

/** Options of bash whose value is the next word: `-o pipefail`, `-euo pipefail`, `--rcfile x`. */
const takesNext = (text: string | undefined): boolean =>
  text !== undefined && /^([-+][a-z]*o|--rcfile|--init-file)$/.test(text);

function fileAt(directory: WorkingDirectory, path: string): FilePath | undefined {
  const at = directoryAt(directory, path);
  return at.known && at.path !== "" ? at.path : undefined;
}

/** The way from a call into the script. */
export const hopInto = ({ path }: ScriptFile, at: Hop["at"]): Hop => ({ kind: "script", name: path, at });
