// Symbolic text: what a word can be before the pipeline runs. Literal parts are known, variable parts are known by their
// name and by what GitLab says of their value. Each part remembers where it is written.
import type { VariableProperties } from "../../data/predefined-variables";
import type { Hop, Origin } from "../../text/located";

export type SymbolReason =
  /** GitLab sets it; `properties` say what is known of its value. */
  | "predefined"
  /** Nobody in sight defines it: a variable of the user interface, of the runner, or none at all. */
  | "unknown"
  /** The project configuration lists it as set in GitLab's user interface. */
  | "external"
  /** Worked out by the script itself: `$(…)`, `read`, arithmetic, a loop. */
  | "runtime"
  /** Positional and special parameters of the shell: `$1`, `$@`. */
  | "shell"
  /** Defined in terms of itself, or deeper than we follow. */
  | "cycle"
  /** A build argument without a value that is known here (Dockerfiles). */
  | "argument";

interface PartBase {
  /** Where the part is written: in the word itself, or where the variable that brought it is defined. */
  readonly at: Origin | undefined;
  /** From the use to `at`, by variables. */
  readonly via: readonly Hop[];
}

export interface LiteralPart extends PartBase {
  readonly kind: "literal";
  readonly text: string;
}

export interface VariablePart extends PartBase {
  readonly kind: "variable";
  readonly name: string;
  readonly reason: SymbolReason;
  /** What is known of the value, after `change`. All false where nothing is known. */
  readonly properties: VariableProperties;
  /** The shell operator that changes the value (`//\//-`, `,,`, `:0:8`); undefined for the value as it is. */
  readonly change: string | undefined;
  /** Unsafe characters were replaced (`${X//\//-}`): it is no longer free text. */
  readonly isSanitised: boolean;
}

export type SymbolicPart = LiteralPart | VariablePart;

export interface SymbolicText {
  /** Neighbouring literals stay apart where they come from different places. */
  readonly parts: readonly SymbolicPart[];
}

export const literal = (text: string, at?: Origin, via: readonly Hop[] = []): LiteralPart => ({
  kind: "literal",
  text,
  at,
  via,
});

/** Text with `$NAME` for what is not known. */
export const showText = (text: SymbolicText): string => text.parts.map(showPart).join("");

const showPart = (part: SymbolicPart): string => {
  if (part.kind === "literal") return part.text;
  return part.change === undefined ? `$${part.name}` : `\${${part.name}${part.change}}`;
};

/** The text where it is fully known, else undefined. */
export function literalText(text: SymbolicText): string | undefined {
  return text.parts.every((part) => part.kind === "literal") ? showText(text) : undefined;
}

/** The variable parts, in order. */
export const variablesIn = (text: SymbolicText): readonly VariablePart[] =>
  text.parts.filter((part): part is VariablePart => part.kind === "variable");

/** A key that is equal for equal texts. A literal `$X` and the variable X differ. */
export const textKey = (text: SymbolicText): string =>
  text.parts.map((part) => (part.kind === "literal" ? part.text : `\0${showPart(part)}\0`)).join("");
