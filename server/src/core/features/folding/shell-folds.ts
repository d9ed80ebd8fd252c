// Folds inside of scripts that indentation does not show: here-documents, and commands over several lines.
import type { Redirect, ShellNode, ShellScript, Word } from "../../syntax/shell-nodes";

/** Offsets into the script: the fold begins in the line of `start`, and hides the lines down to that of `end`. */
export interface ShellFold {
  readonly start: number;
  readonly end: number;
}

export interface ShellFolds {
  /** Without the line that ends them. */
  readonly heredocs: readonly ShellFold[];
  /** Blocks without the line that closes them (`fi`, `done`, `}`), and simple commands with all of their lines. */
  readonly commands: readonly ShellFold[];
}

export function shellFolds(script: ShellScript, text: string): ShellFolds {
  const heredocs: ShellFold[] = [];
  const commands: ShellFold[] = [];
  const visit = (node: ShellNode): void => {
    redirectsOf(node).forEach(({ start, body, target }) => {
      if (target === undefined && body !== undefined && body.end > body.start)
        heredocs.push({ start, end: lastLineOf(text, body.end) });
    });
    const isSimple = node.kind === "command" || node.kind === "pipeline" || node.kind === "and-or";
    commands.push({ start: node.start, end: isSimple ? node.end : lineBefore(text, node.end) });
    childrenOf(node).forEach(visit);
  };
  script.nodes.forEach(visit);
  return { heredocs, commands };
}

/** The body of a here-document ends behind the line break of its last line. */
const lastLineOf = (text: string, end: number): number => (text.charAt(end - 1) === "\n" ? end - 1 : end);

/** The end of the line above that of an offset. */
const lineBefore = (text: string, offset: number): number =>
  Math.max(text.lastIndexOf("\n", Math.max(offset - 1, 0)), 0);

const redirectsOf = (node: ShellNode): readonly Redirect[] => ("redirects" in node ? node.redirects : []);

/** The nodes inside of a node, those in its substitutions too. */
export function childrenOf(node: ShellNode): readonly ShellNode[] {
  switch (node.kind) {
    case "command": {
      const values = node.assignments.flatMap(({ value, elements = [] }) => [
        ...(value ? [value] : []),
        ...elements,
      ]);
      const targets = node.redirects.flatMap(({ target }) => target ?? []);
      return [...values, ...node.words, ...targets].flatMap(nodesIn);
    }
    case "pipeline":
      return node.commands;
    case "and-or":
      return node.items;
    case "function":
      return node.body;
    default:
      return [...node.words.flatMap(nodesIn), ...node.conditions, ...node.bodies.flat()];
  }
}

const nodesIn = (word: Word): readonly ShellNode[] =>
  word.parts.flatMap((part) => {
    if (part.kind === "command") return part.script.nodes;
    return "nested" in part ? (part.nested ?? []).flatMap(({ nodes }) => nodes) : [];
  });
