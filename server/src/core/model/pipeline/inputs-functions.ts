// The functions of `$[[ inputs.x | function ]]`. https://docs.gitlab.com/ci/inputs/#predefined-interpolation-functions ,
// lib/gitlab/ci/config/interpolation/functions/ of https://gitlab.com/gitlab-org/gitlab
import type { InputType, InputValue } from "./inputs-value";

/** GitLab's limit in one block. */
export const MAX_FUNCTIONS = 3;

interface InputFunction {
  readonly name: string;
  readonly pattern: RegExp;
  readonly gives: InputType;
  readonly apply: (text: string, match: RegExpExecArray) => string | readonly string[];
}

const FUNCTIONS: readonly InputFunction[] = [
  {
    name: "truncate",
    // The closing bracket is optional in GitLab's own pattern.
    pattern: /^truncate\(\s*(\d+)\s*,\s*(\d+)\s*\)?$/,
    gives: "string",
    apply: (text, [, offset, length]) =>
      Array.from(text)
        .slice(Number(offset), Number(offset) + Number(length))
        .join(""),
  },
  // Only variables of the project and the user interface are expanded, which nobody here knows; the others stay as they
  // are, and whoever gets the text expands those. So the text is kept.
  { name: "expand_vars", pattern: /^expand_vars$/, gives: "string", apply: (text) => text },
  {
    name: "posix_escape",
    pattern: /^posix_(?:escape|quote)$/,
    gives: "string",
    apply: (text) => shellEscape(text),
  },
  {
    name: "split",
    pattern: /^split\('([^']+)'\)$/,
    gives: "array",
    apply: (text, [, separator = ""]) =>
      text
        .split(separator)
        .map((part) => part.trim())
        .filter((part) => part !== ""),
  },
];

/** Ruby's `Shellwords.shellescape`. https://docs.ruby-lang.org/en/master/Shellwords.html */
function shellEscape(text: string): string {
  if (text === "") return "''";
  return text.replace(/[^A-Za-z0-9_\-.,:+/@\n]/gu, "\\$&").replaceAll("\n", "'\n'");
}

/** The value after all functions; unknown where one of them can't be worked out or does not take it. */
export function applyFunctions(value: InputValue, calls: readonly string[]): InputValue {
  if (calls.length > MAX_FUNCTIONS) return { kind: "unknown" };
  let current = value;
  let isExpanded = false;
  for (const call of calls) {
    const found = find(call);
    if (found === undefined || current.kind !== "scalar" || typeof current.value !== "string")
      return { kind: "unknown" };
    // What `expand_vars` made of a variable is not known, so nothing further can be.
    if (isExpanded && /[$%]/.test(current.text)) return { kind: "unknown" };
    isExpanded ||= found.function.name === "expand_vars";
    const result = found.function.apply(current.text, found.match);
    current =
      typeof result === "string"
        ? { kind: "scalar", text: result, value: result }
        : { kind: "texts", texts: result };
  }
  return current;
}

function find(
  call: string,
): { readonly function: InputFunction; readonly match: RegExpExecArray } | undefined {
  for (const each of FUNCTIONS) {
    const match = each.pattern.exec(call);
    if (match !== null) return { function: each, match };
  }
  return undefined;
}

/** GitLab's complaint about the functions of a block, given the type of its input; undefined where there is none. */
export function functionError(calls: readonly string[], type: InputType | undefined): string | undefined {
  if (calls.length > MAX_FUNCTIONS) return "too many functions in interpolation block";
  let current = type;
  for (const call of calls) {
    const found = find(call)?.function;
    if (found === undefined) {
      return `no function matching \`${call}\`: check that the function name, arguments, and types are correct`;
    }
    if (current !== undefined && current !== "string")
      return `invalid input type: ${found.name} can only be used with string inputs`;
    current = current === undefined ? undefined : found.gives;
  }
  return undefined;
}
