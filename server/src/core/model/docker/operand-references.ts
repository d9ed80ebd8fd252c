// The operands of container commands that are image references, expanded once for all who ask.
import { defineQuery, type QueryContext } from "../../query/query";
import type { Located } from "../../text/located";
import type { Argument, ContainerCommand } from "./command";
import { expandArgument } from "./expand";
import { parseReference, type ImageReference } from "./image-reference";

export interface OperandReference {
  readonly operand: Argument;
  /** One per variant, at least one. */
  readonly references: readonly ImageReference[];
  /** The reference as written. */
  readonly at: Located<string>;
}

/** Commands whose first operands are references, and how many of them. */
const REFERENCE_OPERANDS: ReadonlyMap<string, number> = new Map([
  ["pull", 1],
  ["push", 2],
  ["tag", 2],
  ["run", 1],
  ["create", 1],
]);

const referencesOf = defineQuery<ContainerCommand, readonly OperandReference[]>({
  name: "operandReferences",
  compute: (ctx, command) =>
    command.operands
      .slice(0, REFERENCE_OPERANDS.get(command.verb))
      .map((operand) => operandReference(ctx, command, operand)),
});

/** The references among a command's operands, in order; none for verbs that take other things. */
export const operandReferences = (
  ctx: QueryContext,
  command: ContainerCommand,
): readonly OperandReference[] =>
  REFERENCE_OPERANDS.has(command.verb) && command.tool !== "docker-compose"
    ? ctx.get(referencesOf, command)
    : [];

/** Any operand as a reference. */
export const operandReference = (
  ctx: QueryContext,
  command: ContainerCommand,
  operand: Argument,
): OperandReference => ({
  operand,
  references: expandArgument(ctx, command, operand).map(parseReference),
  at: { value: operand.text, at: operand.at, via: command.via },
});
