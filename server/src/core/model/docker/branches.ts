// In which branches of a script each command stands, and which loops set which variables.
import type {
  Compound,
  ShellNode,
  ShellScript,
  SimpleCommand,
  Word,
  WordPart,
} from "../../syntax/shell-nodes";
import type { Branch, BranchPath } from "./command";

/** `for variable in words`: holds in a range of the script. */
export interface Loop {
  readonly variable: string;
  readonly words: readonly Word[];
  readonly start: number;
  readonly end: number;
}

export interface Branches {
  readonly paths: ReadonlyMap<SimpleCommand, BranchPath>;
  readonly loops: readonly Loop[];
}

interface Walk {
  readonly paths: Map<SimpleCommand, BranchPath>;
  readonly loops: Loop[];
}

/** Branches of a script that itself stands in the branches `outside`. */
export function branchesOf(script: ShellScript, outside: BranchPath): Branches {
  const walk: Walk = { paths: new Map(), loops: [] };
  for (const node of script.nodes) visit(walk, node, outside);
  return walk;
}

function visit(walk: Walk, node: ShellNode, path: BranchPath): void {
  switch (node.kind) {
    case "command":
      visitCommand(walk, node, path);
      break;
    case "pipeline":
      for (const command of node.commands) visit(walk, command, path);
      break;
    case "and-or":
      visitList(walk, node.items, node.operators, path);
      break;
    case "function":
      for (const child of node.body) visit(walk, child, path);
      break;
    default:
      visitCompound(walk, node, path);
  }
}

function visitCommand(walk: Walk, command: SimpleCommand, path: BranchPath): void {
  walk.paths.set(command, path);
  for (const { value, elements } of command.assignments) visitWords(walk, [value, ...(elements ?? [])], path);
  visitWords(walk, command.words, path);
  for (const { target, body } of command.redirects) {
    visitWords(walk, [target], path);
    for (const part of body?.parts ?? []) visitPart(walk, part, path);
  }
}

/** `a && b && c`: c has passed b. `a || b`: b stands alone. */
function visitList(
  walk: Walk,
  items: readonly ShellNode[],
  operators: readonly string[],
  path: BranchPath,
): void {
  let inside = path;
  items.forEach((item, index) => {
    // A node of its own for each item: items of a list do not exclude each other.
    const branch: Branch = { node: item, body: 0 };
    if (index > 0) inside = [...(operators[index - 1] === "&&" ? inside : path), branch];
    visit(walk, item, inside);
  });
}

function visitCompound(walk: Walk, node: Compound, path: BranchPath): void {
  visitWords(walk, node.words, path);
  if (node.variable !== undefined)
    walk.loops.push({ variable: node.variable, words: node.words, start: node.start, end: node.end });
  for (const condition of node.conditions) visit(walk, condition, path);
  const runsOnce = node.kind === "group" || node.kind === "subshell";
  node.bodies.forEach((body, index) => {
    const inside = runsOnce ? path : [...path, { node, body: index }];
    for (const child of body) visit(walk, child, inside);
  });
}

function visitWords(walk: Walk, words: readonly (Word | undefined)[], path: BranchPath): void {
  for (const word of words) for (const part of word?.parts ?? []) visitPart(walk, part, path);
}

function visitPart(walk: Walk, part: WordPart, path: BranchPath): void {
  if (part.kind === "literal") return;
  const scripts = part.kind === "command" ? [part.script] : (part.nested ?? []);
  for (const script of scripts) for (const node of script.nodes) visit(walk, node, path);
}
