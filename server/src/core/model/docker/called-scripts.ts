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
import { directoryAt, pathText, PROJECT_DIRECTORY } from "./working-directory";
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
    const path = rest[0] && pathText(job, rest[0]);
    return path === undefined ? undefined : { how: "source", path, isDirect: false, stopsOnError: false };
  }
  if (name.isStatic && SHELL_NAME.test(baseName(name.text))) return shellTarget(job, rest);
  if (!/[/$]/.test(name.text)) return undefined;
  const path = pathText(job, name);
  if (path === undefined || !(path.includes("/") || path.startsWith(PROJECT_DIRECTORY))) return undefined;
  // Other names with an extension are programs and scripts of other languages: there is no need to load them.
  if (baseName(path).lastIndexOf(".") > 0 && !SHELL_FILE.test(path)) return undefined;
  return { how: "run", path, isDirect: true, stopsOnError: false };
}

/** Options of bash that take the next word. */
const VALUED = new Set(["--rcfile", "--init-file"]);

/** `bash -eu -o pipefail x.sh arg`: the first word that is no option. */
function shellTarget(job: Job, words: readonly Word[]): Target | undefined {
  let stopsOnError = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined) return undefined;
    const { text } = word;
    if (!/^[-+]./.test(text)) {
      const path = pathText(job, word);
      return path === undefined ? undefined : { how: "run", path, isDirect: false, stopsOnError };
    }
    // `-c` runs a text, `-s` and `-n` run no file; an option out of a variable may be any of them.
    if (!word.isStatic || /^-[a-z]*[csn]/.test(text)) return undefined;
    if (/^-[a-z]*e/.test(text)) stopsOnError = true;
    if (/^[-+][a-z]*o$/.test(text)) {
      at += 1;
      if (text.startsWith("-") && words[at]?.text === "errexit") stopsOnError = true;
    } else if (VALUED.has(text)) at += 1;
  }
  return undefined;
}

function fileAt(directory: WorkingDirectory, path: string): FilePath | undefined {
  const at = directoryAt(directory, path);
  return at.known && at.path !== "" ? at.path : undefined;
}

/** The way from a call into the script. */
export const hopInto = ({ path }: ScriptFile, at: Hop["at"]): Hop => ({ kind: "script", name: path, at });
