// What an input holds, and whether a written value is one that the input takes. The words of errors are GitLab's.
// https://docs.gitlab.com/ci/inputs/#input-types , lib/ci/inputs/*_input.rb of https://gitlab.com/gitlab-org/gitlab
import type { YamlScalar } from "../../syntax/yaml-nodes";
import { matchesRegex } from "./inputs-regex";
import { scalarText } from "./scalar-text";
import type { ListValue, Value } from "./value";

export type InputType = "array" | "boolean" | "number" | "string";

/** In the order in which GitLab lists them. */
export const INPUT_TYPES: readonly InputType[] = ["array", "boolean", "number", "string"];

export const isInputType = (value: unknown): value is InputType => INPUT_TYPES.some((type) => type === value);

/** The value of an input. */
export type InputValue =
  | {
      readonly kind: "scalar";
      /** As it is written into a longer text: Ruby's `to_s`. */
      readonly text: string;
      /** As it stands where it is the whole value. */
      readonly value: YamlScalar["value"];
    }
  | { readonly kind: "list"; readonly list: ListValue }
  /** A list that a function made of a text. */
  | { readonly kind: "texts"; readonly texts: readonly string[] }
  /** Whoever runs or includes the file decides. */
  | { readonly kind: "unknown" };

export interface InputLimits {
  readonly type: InputType;
  readonly options: readonly Value[] | undefined;
  readonly regex: string | undefined;
}

export interface ReadInput {
  /** Unknown where there is an error: whatever uses the input is then not judged by it. */
  readonly value: InputValue;
  readonly error: string | undefined;
}

const UNKNOWN: InputValue = { kind: "unknown" };
const ARTICLES: Readonly<Record<InputType, string>> = {
  array: "an array",
  boolean: "a boolean",
  number: "a number",
  string: "a string",
};

/** Reads a default or a given value as an input takes it. Never complains about what can't be known. */
export function readInput(written: Value, limits: InputLimits, what: "default" | "provided"): ReadInput {
  if (written.kind === "unknown") return { value: UNKNOWN, error: undefined };
  const value = ofType(written, limits.type);
  if (value === undefined) return { value: UNKNOWN, error: `${what} value is not ${ARTICLES[limits.type]}` };
  const error = optionError(value, limits) ?? regexError(value, limits, what);
  return error === undefined ? { value, error } : { value: UNKNOWN, error };
}

function ofType(written: Exclude<Value, { kind: "unknown" }>, type: InputType): InputValue | undefined {
  if (type === "array") {
    if (written.kind === "list") return { kind: "list", list: written };
    // A text that holds JSON is read as JSON; such a list has no places of its own, so it counts as unknown.
    return written.kind === "scalar" && Array.isArray(json(written.node)) ? UNKNOWN : undefined;
  }
  if (written.kind !== "scalar") return undefined;
  if (isUnresolved(written.node)) return UNKNOWN;
  // GitLab takes any scalar for a text (`to_s`); versions before 18 asked for quotes around numbers.
  if (type === "string") return textValue(scalarText(written.node));
  return numberOrBoolean(written.node, type);
}

const textValue = (text: string): InputValue => ({ kind: "scalar", text, value: text });

/** A text that holds JSON is read as JSON: `"5"` is a number. */
function numberOrBoolean(node: YamlScalar, type: "number" | "boolean"): InputValue | undefined {
  const isText = typeof node.value === "string";
  const value = isText ? json(node) : node.value;
  if (typeof value !== type || (typeof value !== "number" && typeof value !== "boolean")) return undefined;
  return { kind: "scalar", text: isText ? String(value) : scalarText(node), value };
}

/** `$[[ inputs.x ]]` of the including file that could not be filled in. */
const isUnresolved = (node: YamlScalar): boolean => node.text.includes("$[[");

function json(node: YamlScalar): unknown {
  try {
    return JSON.parse(node.text) as unknown;
  } catch {
    return undefined;
  }
}

function optionError(value: InputValue, { type, options }: InputLimits): string | undefined {
  if (options === undefined || value.kind !== "scalar" || (type !== "string" && type !== "number"))
    return undefined;
  const isListed = options.some(
    (option) =>
      option.kind !== "scalar" ||
      (type === "string" ? scalarText(option.node) === value.text : option.node.value === value.value),
  );
  // GitLab's text for numbers has one word more.
  const list = type === "string" ? "the list of allowed options" : "the list of the allowed options";
  return isListed ? undefined : `\`${value.text}\` cannot be used because it is not in ${list}`;
}

function regexError(value: InputValue, { type, regex }: InputLimits, what: string): string | undefined {
  if (regex === undefined || type !== "string" || value.kind !== "scalar") return undefined;
  return matchesRegex(regex, value.text) === false
    ? `${what} value does not match required RegEx pattern`
    : undefined;
}

/** A value inside a longer text; undefined where that is not known. Lists look as Ruby shows them: `["a", 1]`. */
export function embeddedText(value: InputValue): string | undefined {
  switch (value.kind) {
    case "scalar":
      return value.text;
    case "texts":
      return `[${value.texts.map(inspect).join(", ")}]`;
    case "list": {
      const items = value.list.items.map((item) =>
        item.kind === "scalar" ? inspectScalar(item.node) : undefined,
      );
      return items.includes(undefined) ? undefined : `[${items.join(", ")}]`;
    }
    case "unknown":
      return undefined;
  }
}

function inspectScalar(node: YamlScalar): string {
  if (node.value === null) return "nil";
  return typeof node.value === "string" ? inspect(node.value) : scalarText(node);
}

const inspect = (text: string): string => JSON.stringify(text).replace(/#(?=[{$@])/g, "\\#");
