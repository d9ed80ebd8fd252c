// Follows `cd` through a shell's scripts: in which directory of the repository each command runs, as far as it can be
// known without running it.
import type {
  Compound,
  ShellNode,
  ShellScript,
  SimpleCommand,
  Word,
  WordPart,
} from "../../syntax/shell-nodes";
import type { WorkingDirectory } from "./command";
import { PROJECT_DIRECTORY, type PathReader } from "./path-text";

export { PROJECT_DIRECTORY } from "./path-text";

interface Position {
  readonly directory: WorkingDirectory;
  /** Directories under the current one on `pushd`'s stack, the next one last. */
  readonly stack: readonly WorkingDirectory[];
  readonly previous: WorkingDirectory | undefined;
}

/** The script that a command reads into its own shell (`source x`); undefined where it reads none that is known. */
export type SourcedScript = (command: SimpleCommand, directory: WorkingDirectory) => ShellScript | undefined;

/** Where the commands of one script run. By script and not by command: equal texts share one tree. */
export interface Directories {
  readonly of: (command: SimpleCommand) => WorkingDirectory;
  /** The same for the script that a command sources; undefined where it sources none. */
  readonly inSourced: (command: SimpleCommand) => Directories | undefined;
}

interface Found {
  readonly directories: Map<SimpleCommand, WorkingDirectory>;
  readonly sourced: Map<SimpleCommand, Found>;
}

/** What the scripts of one shell share. */
interface Shell {
  readonly read: PathReader;
  readonly sourced: SourcedScript;
  /** Functions whose body changes the directory. */
  readonly movers: Set<string>;
  /** Whether the body of a function, which runs wherever it is called, runs where it is written. */
  readonly isStill: boolean;
  /** How often the directory was changed so far. */
  moves: number;
}

interface Walk {
  readonly shell: Shell;
  readonly found: Found;
  readonly isSourced: boolean;
}

/**
 * Where each command of one shell's scripts runs, script by script.
 *
 * @param start where the shell begins
 * @param sourced which scripts are read into the shell: their `cd` counts behind them. One level; they source nothing more.
 */
export function directoriesOf(
  scripts: readonly ShellScript[],
  start: WorkingDirectory,
  read: PathReader,
  sourced: SourcedScript = () => undefined,
): readonly Directories[] {
  const still: Shell = { read, sourced, movers: new Set(), isStill: true, moves: 0 };
  const directories = walkScripts(still, scripts, start);
  // Nothing moves in nearly every shell.
  if (still.moves === 0) return directories;
  return walkScripts({ ...still, movers: new Set(), isStill: false, moves: 0 }, scripts, start);
}

function walkScripts(
  shell: Shell,
  scripts: readonly ShellScript[],
  start: WorkingDirectory,
): readonly Directories[] {
  let position: Position = { directory: start, stack: [], previous: undefined };
  return scripts.map((script) => {
    const found: Found = { directories: new Map(), sourced: new Map() };
    position = walkNodes({ shell, found, isSourced: false }, script.nodes, position);
    return lookup(found);
  });
}

const lookup = ({ directories, sourced }: Found): Directories => ({
  of: (command) => directories.get(command) ?? NOWHERE,
  inSourced: (command) => {
    const inner = sourced.get(command);
    return inner && lookup(inner);
  },
});

const NOWHERE: WorkingDirectory = { known: false, because: "it is not known where the command runs" };

/** A shell that never leaves a directory. */
export const alwaysAt = (directory: WorkingDirectory): Directories => ({
  of: () => directory,
  inSourced: () => undefined,
});

/** The project directory, where a job's shells start. */
export const AT_ROOT: WorkingDirectory = { known: true, path: "" };

/** Whether a text may change the directory, or read a script that does. A text that does not is not worth a walk. */
export const mayMove = (text: string): boolean =>
  /\b(cd|pushd|popd|chdir|source)\b|(?:^|[\n;&|({!]|\b(?:then|do|else)\b)[ \t]*\.[ \t]/.test(text);

const walkNodes = (walk: Walk, nodes: readonly ShellNode[], from: Position): Position =>
  nodes.reduce((position, node) => walkNode(walk, node, position), from);

function walkNode(walk: Walk, node: ShellNode, from: Position): Position {
  switch (node.kind) {
    case "command":
      return walkCommand(walk, node, from);
    case "pipeline": {
      if (node.commands.length === 1) return walkNodes(walk, node.commands, from);
      for (const command of node.commands) walkNode(walk, command, from);
      return from;
    }
    case "and-or":
      return walkAndOr(walk, node.items, node.operators, from);
    case "function": {
      const before = walk.shell.moves;
      const inside = walk.shell.isStill ? from.directory : elsewhere("it is inside a function");
      walkNodes(walk, node.body, { ...from, directory: inside });
      if (walk.shell.moves > before) walk.shell.movers.add(node.name);
      return from;
    }
    default:
      return walkCompound(walk, node, from);
  }
}

/** `cd x || exit 1` goes on in x: what stands right of `||` only counts where it moves too. */
function walkAndOr(
  walk: Walk,
  items: readonly ShellNode[],
  operators: readonly string[],
  from: Position,
): Position {
  let position = from;
  items.forEach((item, index) => {
    const next = walkNode(walk, item, position);
    if (index === 0 || operators[index - 1] === "&&") position = next;
    else if (next.directory !== position.directory) position = lost(position, "a `cd` stands right of `||`");
  });
  return position;
}

function walkCompound(walk: Walk, node: Compound, from: Position): Position {
  walkWords(walk, node.words, from);
  const decided = walkNodes(walk, node.conditions, from);
  const ends = node.bodies.map((body) => walkNodes(walk, body, decided));
  if (node.kind === "subshell") return from;
  if (node.kind === "group") return ends[0] ?? decided;
  const moved = ends.some((end) => !sameDirectory(end.directory, decided.directory));
  return moved ? lost(decided, "a `cd` stands in a branch or a loop") : decided;
}

function walkCommand(walk: Walk, command: SimpleCommand, from: Position): Position {
  const { shell, found } = walk;
  found.directories.set(command, from.directory);
  for (const { value } of command.assignments) if (value !== undefined) walkWords(walk, [value], from);
  walkWords(walk, command.words, from);
  const [name, ...operands] = command.words;
  if (name === undefined) return from;
  if (shell.movers.has(name.text)) return lost(from, `the function \`${name.text}\` changes it`);
  const script = walk.isSourced ? undefined : shell.sourced(command, from.directory);
  if (script !== undefined) return walkSourced(walk, command, script, from);
  if (!MOVING.has(name.text)) return from;
  shell.moves += 1;
  return move(
    shell,
    name.text,
    operands.filter((word) => !/^-[LPe@n]+$|^--$/.test(word.text)),
    from,
  );
}

function walkSourced(
  { shell, found }: Walk,
  command: SimpleCommand,
  script: ShellScript,
  from: Position,
): Position {
  const inner: Found = { directories: new Map(), sourced: new Map() };
  found.sourced.set(command, inner);
  return walkNodes({ shell, found: inner, isSourced: true }, script.nodes, from);
}

const MOVING = new Set(["cd", "pushd", "popd"]);

function move(shell: Shell, name: string, operands: readonly Word[], from: Position): Position {
  const [target] = operands;
  if (name === "popd")
    return {
      directory: from.stack.at(-1) ?? elsewhere("`popd` has nothing to go back to"),
      stack: from.stack.slice(0, -1),
      previous: from.directory,
    };
  const stack = name === "pushd" ? [...from.stack, from.directory] : from.stack;
  if (target === undefined)
    return { directory: elsewhere("`cd` goes to the home directory"), stack, previous: from.directory };
  if (target.text === "-") {
    return {
      directory: from.previous ?? elsewhere("`cd -` has nothing to go back to"),
      stack,
      previous: from.directory,
    };
  }
  return { directory: directoryAt(from.directory, shell.read(target)), stack, previous: from.directory };
}

/** Commands inside substitutions run where the command stands; their own `cd` is lost. */
function walkWords(walk: Walk, words: readonly Word[], from: Position): void {
  for (const word of words) for (const part of word.parts) walkPart(walk, part, from);
}

function walkPart(walk: Walk, part: WordPart, from: Position): void {
  if (part.kind === "literal") return;
  const scripts = part.kind === "command" ? [part.script] : (part.nested ?? []);
  for (const script of scripts) walkNodes(walk, script.nodes, from);
}

/**
 * The directory that a path means from another one. `path` may begin with the project directory; an absolute path, one that
 * leaves the repository and one that is not known give an unknown directory.
 */
export function directoryAt(from: WorkingDirectory, path: string | undefined): WorkingDirectory {
  if (path === undefined) return elsewhere("the path of a `cd` is not known");
  const fromRoot = path.startsWith(PROJECT_DIRECTORY);
  if (!fromRoot && /^[/~]/.test(path)) return elsewhere(`\`${path}\` is outside the repository`);
  if (!fromRoot && !from.known) return from;
  const base = fromRoot || !from.known ? "" : from.path;
  const joined = joinPath(base, fromRoot ? path.slice(PROJECT_DIRECTORY.length) : path);
  return joined === undefined
    ? elsewhere(`\`${path}\` leaves the repository`)
    : { known: true, path: joined };
}

/** Joins and tidies a relative path; undefined where `..` leaves the root. */
export function joinPath(base: string, path: string): string | undefined {
  const parts: string[] = [];
  for (const part of `${base}/${path}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}

const elsewhere = (because: string): WorkingDirectory => ({ known: false, because });
const lost = (position: Position, because: string): Position => ({
  ...position,
  directory: elsewhere(because),
});
const sameDirectory = (a: WorkingDirectory, b: WorkingDirectory): boolean =>
  a === b || (a.known && b.known && a.path === b.path);
