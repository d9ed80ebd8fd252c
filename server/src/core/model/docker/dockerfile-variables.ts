// Expands the variables of a Dockerfile's words by the values of ARG.
// https://docs.docker.com/reference/dockerfile/#environment-replacement
import { UNKNOWN_PROPERTIES } from "../../data/predefined-variables";
import type { Origin } from "../../text/located";
import { literal, literalText, type SymbolicPart, type SymbolicText } from "./symbolic";

/** Values of build arguments by name. An argument that is declared without a value is not in it. */
export type ArgumentValues = ReadonlyMap<string, SymbolicText>;

const VARIABLE = /\\\$|\$\{(\w+)(?:(:?[-+])([^}]*))?\}|\$(\w+)|\$\{[^}]*\}/g;

/**
 * Replaces variables by their values; what has none stays a variable part with the reason "argument".
 *
 * @param at the place of the text; parts get places of their own where it has the text's length
 */
export function expandDockerfileText(text: string, at: Origin, values: ArgumentValues): SymbolicText {
  const parts: SymbolicPart[] = [];
  let end = 0;
  const place = (from: number, to: number): Origin =>
    at.end - at.start === text.length ? { chunk: at.chunk, start: at.start + from, end: at.start + to } : at;
  const push = (from: number, to: number): void => {
    if (to > from) parts.push(literal(text.slice(from, to), place(from, to)));
  };
  for (const match of text.matchAll(VARIABLE)) {
    push(end, match.index);
    end = match.index + match[0].length;
    const here = place(match.index, end);
    const name = match[1] ?? match[4];
    if (match[0] === "\\$") parts.push(literal("$", here));
    else if (name === undefined) parts.push(argument(match[0].slice(2, -1), here));
    else parts.push(...valueParts(name, match[2], match[3] ?? "", here, values));
  }
  push(end, text.length);
  return { parts: parts.length > 0 ? parts : [literal("", at)] };
}

/** `${X:-default}`: the default where X has no value; `${X:+other}`: the other where it has one. */
function valueParts(
  name: string,
  operator: string | undefined,
  word: string,
  at: Origin,
  values: ArgumentValues,
): readonly SymbolicPart[] {
  const value = values.get(name);
  const isSet = value !== undefined && literalText(value) !== "";
  if (operator?.endsWith("-") === true && !isSet) return expandDockerfileText(word, at, values).parts;
  if (operator?.endsWith("+") === true) return isSet ? expandDockerfileText(word, at, values).parts : [];
  if (value === undefined) return [argument(name, at)];
  return value.parts.map((part) => ({ ...part, via: [{ kind: "variable", name, at }, ...part.via] }));
}

const argument = (name: string, at: Origin): SymbolicPart => ({
  kind: "variable",
  name,
  reason: "argument",
  properties: UNKNOWN_PROPERTIES,
  change: undefined,
  isSanitised: false,
  at,
  via: [],
});
