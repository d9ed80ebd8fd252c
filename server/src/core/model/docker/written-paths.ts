// What one command of a job may write in the repository's checkout.
import { COPIERS, MAKERS, QUIET_VERBS, SYSTEM_INSTALLERS, WRITES_NOTHING } from "../../data/file-writers";
import type { QueryContext } from "../../query/query";
import type { Word } from "../../syntax/shell-nodes";
import type { FilePath } from "../../text/source-file";
import { flagNamed, flagsNamed, type Argument, type ContainerCommand, type JobCommand } from "./command";
import { pathText, PROJECT_DIRECTORY } from "./path-text";
import { presenceOf } from "./repository-paths";
import { directoryAt } from "./working-directory";
import { baseName } from "./wrappers";

/** Paths below the repository's root ("" is all of it) that a command writes, or "anything" where that is not known. */
export type Written = readonly FilePath[] | "anything";

const NOTHING: Written = [];

/** What a command writes by itself and by its redirections. What a script that it calls does is not asked. */
export function writtenBy(
  ctx: QueryContext,
  command: JobCommand,
  container: ContainerCommand | undefined,
): Written {
  const redirected = command.use.command.redirects.flatMap(({ operator, target }) =>
    operator.includes(">") && target !== undefined && !/^(&?\d+|-)$/.test(target.text) ? [target] : [],
  );
  const own = container === undefined ? writtenByProgram(ctx, command) : writtenByTool(container);
  return both(own, each(command, redirected));
}

const both = (a: Written, b: Written): Written =>
  a === "anything" || b === "anything" ? "anything" : [...a, ...b];

/** The paths that words mean; those outside the checkout count for nothing. */
function each(command: JobCommand, words: readonly Word[]): Written {
  return words.reduce<Written>((all, word) => both(all, pathOf(command, word)), NOTHING);
}

function pathOf(command: JobCommand, word: Word): Written {
  const path = pathText(command.job, word);
  if (path === undefined) return "anything";
  if (/^[/~]/.test(path)) return NOTHING;
  if (!command.workingDirectory.known && !path.startsWith(PROJECT_DIRECTORY)) return "anything";
  const at = directoryAt(command.workingDirectory, path);
  return at.known ? [at.path] : NOTHING;
}

// ---- Programs

function writtenByProgram(ctx: QueryContext, command: JobCommand): Written {
  const [program, ...rest] = command.argv;
  if (program === undefined) return NOTHING;
  if (!program.isStatic) return "anything";
  const name = baseName(program.text);
  const isQuiet = WRITES_NOTHING.has(name) || SYSTEM_INSTALLERS.has(name);
  return isQuiet ? NOTHING : writtenByNamed(ctx, command, name, rest);
}

function writtenByNamed(
  ctx: QueryContext,
  command: JobCommand,
  name: string,
  rest: readonly Argument[],
): Written {
  const operands = rest.filter(({ text }) => !text.startsWith("-"));
  if (COPIERS.has(name)) return writtenByCopy(ctx, command, rest);
  const isQuiet = QUIET_VERBS.get(name)?.has(operands[0]?.text ?? "") === true;
  if (isQuiet && !rest.some(({ text }) => LEADS_ELSEWHERE.test(text))) return NOTHING;
  return BY_NAME.get(name)?.(command, rest, operands) ?? "anything";
}

/** `pip install --target build`, `helm template --output-dir x`. */
const LEADS_ELSEWHERE = /^(-t|-e|--target|--editable|--prefix|--output-dir)\b/;

type Reader = (command: JobCommand, words: readonly Argument[], operands: readonly Argument[]) => Written;

const writtenByMaker: Reader = (command, _words, operands) =>
  each(
    command,
    operands.map(({ word }) => word),
  );

const BY_NAME: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ...[...MAKERS].map((name): [string, Reader] => [name, writtenByMaker]),
  ["sed", writtenInPlace],
  ["yq", writtenInPlace],
  ["jq", () => NOTHING],
  [
    "awk",
    (_command, words) => (words.some(({ text }) => />|system|inplace/.test(text)) ? "anything" : NOTHING),
  ],
  [
    "find",
    (_command, words) =>
      words.some(({ text }) => /^-(exec|ok|fprint|delete)/.test(text)) ? "anything" : NOTHING,
  ],
  ["eval", (_command, words) => (/^\$\(ssh-agent -s\)$/.test(words[0]?.text ?? "") ? NOTHING : "anything")],
  ["curl", (command, words) => writtenByCurl(command, words)],
  ["wget", (command, words) => writtenByWget(command, words)],
  ["git", (command, _words, operands) => writtenByGit(command, operands)],
]);

/** `sed -i`, `yq -i`: files that are there already are changed. */
function writtenInPlace(
  command: JobCommand,
  words: readonly Argument[],
  operands: readonly Argument[],
): Written {
  if (!words.some(({ text }) => /^(-[a-zA-Z]*i|--in-?place)/.test(text))) return NOTHING;
  return each(
    command,
    operands.slice(1).map(({ word }) => word),
  );
}

function writtenByCurl(command: JobCommand, words: readonly Argument[]): Written {
  if (words.some(({ text }) => /^(-[a-zA-Z]*[OKJ]|--(remote-|config|output-dir|create-dirs))/.test(text)))
    return "anything";
  return afterOption(command, words, /^(-[a-zA-Z]*o|--output)$/, /^(?:-o|--output=)(.+)/);
}

function writtenByWget(command: JobCommand, words: readonly Argument[]): Written {
  if (words.some(({ text }) => /^-[a-zA-Z]*O-$|^--spider$/.test(text))) return NOTHING;
  const written = afterOption(
    command,
    words,
    /^(-[a-zA-Z]*O|--output-document)$/,
    /^(?:-O|--output-document=)(.+)/,
  );
  return written !== "anything" && written.length === 0 ? "anything" : written;
}

/** The file behind an option, as a word of its own or glued to it. A glued one is only known where it is literal. */
function afterOption(
  command: JobCommand,
  words: readonly Argument[],
  separate: RegExp,
  glued: RegExp,
): Written {
  const targets = words.flatMap(({ text }, index) => {
    const next = words[index + 1];
    return separate.test(text) && next !== undefined && next.text !== "-" ? [next.word] : [];
  });
  return words.some(({ text }) => glued.test(text) && !separate.test(text))
    ? "anything"
    : each(command, targets);
}

/** `git clone URL folder`; all else that is not listed may change any file. */
function writtenByGit(command: JobCommand, [verb, address, folder]: readonly Argument[]): Written {
  if (verb?.text !== "clone" || address === undefined) return "anything";
  if (folder !== undefined) return pathOf(command, folder.word);
  const name = /([^/:]+?)(?:\.git)?\/*$/.exec(address.text)?.[1];
  const at =
    name === undefined || !address.isStatic ? undefined : directoryAt(command.workingDirectory, name);
  return at?.known === true ? [at.path] : "anything";
}

/** `cp a b`, `cp a b folder`: where the target is a folder, the copies have the names of what is copied. */
function writtenByCopy(ctx: QueryContext, command: JobCommand, words: readonly Argument[]): Written {
  if (words.some(({ text }) => /^(-[a-zA-Z]*t|--target-directory)/.test(text))) return "anything";
  const operands = words.filter(({ text }) => !text.startsWith("-"));
  const target = operands.at(-1);
  if (target === undefined || operands.length < 2) return "anything";
  const written = pathOf(command, target.word);
  const [folder] = written;
  if (written === "anything" || folder === undefined) return written;
  const isFolder =
    operands.length > 2 || /(^|\/)\.{0,2}$/.test(target.text) || presenceOf(ctx, folder) === "folder";
  const sources = operands.slice(0, -1);
  // What `cp -r x/. y` and `cp x/* y` copy has names that nobody wrote.
  if (!isFolder || !sources.every(({ isStatic, text }) => isStatic && !/(^|\/)\.{0,2}$/.test(text)))
    return written;
  return sources.map(({ text }) => (folder === "" ? baseName(text) : `${folder}/${baseName(text)}`));
}

// ---- Container tools

const RUNS = /^(run|exec|compose (run|exec|up)|container (run|exec|start)|start|up)$/;

function writtenByTool(command: ContainerCommand): Written {
  const { verb } = command;
  if (command.tool === "crane" || command.tool === "skopeo" || verb === "buildx bake")
    return writtenByCopyTool(command);
  if (RUNS.test(verb)) return mountsFolder(command) ? "anything" : NOTHING;
  if (verb === "cp") return lastOf(command);
  const named = flagsNamed(command, "iidfile", "metadata-file", "output", "tar-path").flatMap(
    ({ value, name }) =>
      value === undefined || (name === "output" && isImageOutput(value.text)) ? [] : [value],
  );
  // `--output type=local,dest=x` holds the path somewhere inside.
  if (named.some(({ text }) => text.includes("="))) return "anything";
  return each(
    command,
    named.map(({ word }) => word),
  );
}

const isImageOutput = (text: string): boolean =>
  /type=(image|registry|docker)\b/.test(text) && !text.includes("dest=");

const writtenByCopyTool = ({ verb, operands }: ContainerCommand): Written =>
  /^(login|inspect|list-tags|ls|digest|manifest|delete|tag|auth|catalog|config)/.test(verb) ||
  (verb === "copy" && operands.every(({ text }) => /^docker:\/\//.test(text)))
    ? NOTHING
    : "anything";

/** A container writes to the checkout only through a mount. */
const mountsFolder = (command: ContainerCommand): boolean =>
  command.tool === "docker-compose" ||
  command.verb.startsWith("compose") ||
  command.isOpen ||
  /exec$|start$/.test(command.verb) ||
  flagNamed(command, "volume", "mount", "volumes-from") !== undefined;

function lastOf(command: ContainerCommand): Written {
  const target = command.operands.at(-1);
  if (target === undefined || command.operands.length < 2) return "anything";
  return /^[\w.$-]+:/.test(target.text) ? NOTHING : pathOf(command, target.word);
}
