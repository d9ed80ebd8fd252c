// What the conversion of the shell parser's tree carries around, and the parser's types under one name.
import type * as Bash from "unbash";
import type { ParserError } from "./shell-problems";
import type { ShellScript, TextRange } from "./shell-nodes";

export type { Bash };

export type Substitution =
  Bash.CommandExpansionPart | Bash.ProcessSubstitutionPart | Bash.ArithmeticCommandExpansion;

/** The conversion of one script; a nested one that is not written as it is read has its own offsets. */
export interface Reading {
  readonly text: string;
  /** From the parser's offsets, which may lie outside the text, to offsets into the text. */
  readonly at: (offset: number) => number;
  readonly depth: number;
  readonly errors: ParserError[];
  /** Characters of nested scripts that may still be read: each level of nesting is parsed once more. */
  readonly budget: { left: number };
  /** Calls back for each direct child of a node. */
  readonly eachChild: (node: Bash.SyntaxNode, visit: (child: Bash.SyntaxNode) => void) => void;
  /** Reads the commands of a substitution. */
  readonly readScript: (reading: Reading, part: Substitution) => ShellScript;
}

export interface Positioned {
  readonly pos: number;
  readonly end: number;
}

export function rangeOf(reading: Reading, node: Positioned): TextRange {
  const start = reading.at(node.pos);
  return { start, end: Math.max(start, reading.at(node.end)) };
}

export const sourceOf = (reading: Reading, node: Positioned): string => {
  const { start, end } = rangeOf(reading, node);
  return reading.text.slice(start, end);
};
