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

interface Position {
  readonly directory: WorkingDirectory;
  /** Directories under the current one on `pushd`'s stack, the next one last. */
  readonly stack: readonly WorkingDirectory[];
  readonly previous: WorkingDirectory | undefined;
}

/** Text of a word with `\0` for the project directory; undefined where it is not known. */
export type PathReader = (word: Word) => string | undefined;

export const PROJECT_DIRECTORY = "\0";

interface Walk {
  readonly read: PathReader;
  readonly directories: Map<SimpleCommand, WorkingDirectory>;
  /** Functions whose body changes the directory. */
  readonly movers: Set<string>;
  /** How often the directory was changed so far. */
  moves: number;
}

const ROOT: WorkingDirectory = { known: true, path: "" };

/** Where each command of one shell's scripts runs. The shell starts in the project directory. */
export function directoriesOf(
  scripts: readonly ShellScript[],
  read: PathReader,
): ReadonlyMap<SimpleCommand, WorkingDirectory> {
  const walk: Walk = { read, directories: new Map(), movers: new Set(), moves: 0 };
  let position: Position = { directory: ROOT, stack: [], previous: undefined };
  for (const script of scripts) position = walkNodes(walk, script.nodes, position);
  return walk.directories;
}

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
      const before = walk.moves;
      walkNodes(walk, node.body, { ...from, directory: elsewhere("it is inside a function") });
      if (walk.moves > before) walk.movers.add(node.name);
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
  walk.directories.set(command, from.directory);
  for (const { value } of command.assignments) if (value !== undefined) walkWords(walk, [value], from);
  walkWords(walk, command.words, from);
  const [name, ...operands] = command.words;
  if (name === undefined) return from;
  if (walk.movers.has(name.text)) return lost(from, `the function \`${name.text}\` changes it`);
  if (!MOVING.has(name.text)) return from;
  walk.moves += 1;
  return move(
    walk,
    name.text,
    operands.filter((word) => !/^-[LPe@n]+$|^--$/.test(word.text)),
    from,
  );
}

const MOVING = new Set(["cd", "pushd", "popd"]);

function move(walk: Walk, name: string, operands: readonly Word[], from: Position): Position {
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
  return { directory: directoryAt(from.directory, walk.read(target)), stack, previous: from.directory };
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
