// What the shell's parameter operators do to a value: `${X#v}`, `${X//\//-}`, `${X,,}`. Literal values are changed as bash
// would; of symbolic ones it is worked out what the change takes away from what they may hold.
// https://www.gnu.org/software/bash/manual/html_node/Shell-Parameter-Expansion.html
import { UNKNOWN_PROPERTIES, type VariableProperties } from "../../data/predefined-variables";
import type { SymbolicPart, VariablePart } from "./symbolic";

export interface ParameterChange {
  readonly name: string;
  readonly operator: string;
  readonly argument: string;
}

/** Operators that give a default or an alternative, and so leave the value as it is. */
export const isDefaultOperator = (operator: string): boolean => /^:?[-=+?]$/.test(operator);

/** The parts of a value after a change. A symbolic value becomes one variable part that remembers the change. */
export function changeParts(
  parts: readonly SymbolicPart[],
  change: ParameterChange,
): readonly SymbolicPart[] {
  const [first] = parts;
  const place = { at: first?.at, via: first?.via ?? [] };
  const text = literalOf(parts);
  const changed = text === undefined ? undefined : changeText(text, change);
  return [
    changed === undefined
      ? { ...place, ...changedVariable(parts, change) }
      : { ...place, kind: "literal", text: changed },
  ];
}

/** One variable keeps its name; a value of several parts has that of the variable that held it. */
function changedVariable(
  parts: readonly SymbolicPart[],
  change: ParameterChange,
): Omit<VariablePart, "at" | "via"> {
  const variables = parts.filter((part): part is VariablePart => part.kind === "variable");
  const [only] = parts.length === 1 ? variables : [];
  const {
    name,
    reason,
    change: before = "",
  } = only ?? { name: change.name, reason: "runtime" as const, change: "" };
  return {
    kind: "variable",
    name,
    reason,
    properties: changeProperties(unite(variables.map((part) => part.properties)), change),
    change: before + change.operator + change.argument,
    isSanitised: isSanitising(change) || variables.some((part) => part.isSanitised),
  };
}

function literalOf(parts: readonly SymbolicPart[]): string | undefined {
  let text = "";
  for (const part of parts) {
    if (part.kind !== "literal") return undefined;
    text += part.text;
  }
  return text;
}

/** A literal value after a change; undefined where the pattern holds wildcards or expansions that we do not follow. */
function changeText(text: string, { operator, argument }: ParameterChange): string | undefined {
  switch (operator) {
    case ",,":
      return argument === "" ? text.toLowerCase() : undefined;
    case "^^":
      return argument === "" ? text.toUpperCase() : undefined;
    case ":":
      return substring(text, argument);
    case "#":
    case "##":
    case "%":
    case "%%":
      return withoutAffix(text, operator, plainPattern(argument));
    case "/":
    case "//":
      return replaced(text, operator, argument);
    default:
      return undefined;
  }
}

/** A pattern that stands for itself; undefined for wildcards and expansions. */
const plainPattern = (pattern: string): string | undefined =>
  /[*?[\]$`]/.test(pattern) ? undefined : unescape(pattern);

function withoutAffix(text: string, operator: string, affix: string | undefined): string | undefined {
  if (affix === undefined) return undefined;
  if (operator.startsWith("#")) return text.startsWith(affix) ? text.slice(affix.length) : text;
  return text.endsWith(affix) ? text.slice(0, text.length - affix.length) : text;
}

function replaced(text: string, operator: "/" | "//", argument: string): string | undefined {
  const [written, replacement = ""] = splitPattern(argument);
  const pattern = plainPattern(written);
  // `/#x` and `/%x` mean the beginning and the end.
  if (pattern === undefined || pattern === "" || /^[#%]/.test(written) || /[$`]/.test(replacement))
    return undefined;
  const inserted = unescape(replacement);
  return operator === "//" ? text.split(pattern).join(inserted) : text.replace(pattern, () => inserted);
}

/** `0:8` and `4`; negative and computed offsets are left alone. */
function substring(text: string, argument: string): string | undefined {
  const match = /^(\d+)(?::(\d+))?$/.exec(argument);
  if (match === null) return undefined;
  const start = Number(match[1]);
  return text.slice(start, match[2] === undefined ? undefined : start + Number(match[2]));
}

/** Pattern and replacement of `//pattern/replacement`; a backslash hides a slash. */
function splitPattern(argument: string): readonly [string, string?] {
  for (let index = 0; index < argument.length; index += 1) {
    if (argument[index] === "\\") index += 1;
    else if (argument[index] === "/") return [argument.slice(0, index), argument.slice(index + 1)];
  }
  return [argument];
}

const unescape = (text: string): string => text.replace(/\\(.)/g, "$1").replace(/["']/g, "");

/**
 * Whether the author takes care of unsafe characters: a replacement of all occurrences counts, whatever it replaces, because
 * it says that the characters were thought of. `${X/…}` replaces the first one only and does not.
 */
const isSanitising = ({ operator }: ParameterChange): boolean => operator === "//";

function changeProperties(before: VariableProperties, change: ParameterChange): VariableProperties {
  if (isSanitising(change))
    return { ...before, maySlash: false, mayBadTagChar: false, replacement: undefined };
  if (change.operator === ",,") return { ...before, mayUpper: false };
  // `${X##*/}` keeps what stands behind the last slash.
  if (change.operator === "##" && change.argument === "*/") return { ...before, maySlash: false };
  return before;
}

/** What may be said of a value that is made of several: it may hold what any of them may hold. */
function unite(all: readonly VariableProperties[]): VariableProperties {
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  const some = (
    name: "maySlash" | "mayUpper" | "mayBadTagChar" | "uniquePerCommit" | "uniquePerPipeline",
  ): boolean => all.some((properties) => properties[name]);
  return {
    ...UNKNOWN_PROPERTIES,
    maySlash: some("maySlash"),
    mayUpper: some("mayUpper"),
    mayBadTagChar: some("mayBadTagChar"),
    uniquePerCommit: some("uniquePerCommit"),
    uniquePerPipeline: some("uniquePerPipeline"),
  };
}
