// The inputs that a file declares in its `spec:` header: names, types, defaults, and what is wrong with them.
// https://docs.gitlab.com/ci/inputs/ , lib/ci/inputs/ of https://gitlab.com/gitlab-org/gitlab
import { defineQuery } from "../../query/query";
import type { Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { expandNode } from "./expand";
import { entriesOf, takenInputs } from "./inputs-include";
import { INPUT_TYPES, isInputType, readInput, type InputType, type InputValue } from "./inputs-value";
import type { ModelProblem } from "./problem";
import type { Entry, Value } from "./value";
import { headerPairOf } from "./yaml-of";

/** One input as the header declares it. */
export interface InputSpec {
  readonly name: string;
  readonly nameAt: Origin;
  /** Undefined where GitLab knows no such type. */
  readonly type: InputType | undefined;
  /** What the input is where nobody sets it; undefined where it has no default and must be set. */
  readonly default: InputValue | undefined;
  /** The only values that it takes; undefined where any will do. */
  readonly options: readonly Value[] | undefined;
  /** RE2, as written; undefined where any text will do. */
  readonly regex: string | undefined;
}

export interface InputHeader {
  readonly inputs: ReadonlyMap<string, InputSpec>;
  /** False where the header takes inputs from files that can't be read (`spec:include`): then a name may be declared there. */
  readonly isWhole: boolean;
  readonly problems: readonly ModelProblem[];
}

/** What a file's header declares, with what it takes from other files; undefined where the file has no header. */
export const inputHeaderOf = defineQuery<FilePath, InputHeader | undefined>({
  name: "inputHeaderOf",
  compute: (ctx, path) => {
    const pair = ctx.get(headerPairOf, path);
    if (pair === undefined) return undefined;
    const spec = expandNode(ctx, pair.value);
    const entries = spec.kind === "map" ? spec.entries : new Map<string, Entry>();
    const taken = takenInputs(ctx, entries.get("include")?.value, path);
    const problems: ModelProblem[] = [...taken.problems];
    const inputs = new Map<string, InputSpec>();
    for (const entry of [...taken.declared, ...entriesOf(entries.get("inputs")?.value)]) {
      if (inputs.has(entry.key)) problems.push(declaredTwice(entry));
      inputs.set(entry.key, readSpec(entry, problems));
    }
    return { inputs, isWhole: taken.isWhole, problems };
  },
});

/** https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/gitlab/ci/config/external/header/processor.rb */
const declaredTwice = ({ key, keyAt }: Entry): ModelProblem => ({
  at: keyAt,
  message: `Duplicate input keys found: ${key}. Input keys must be unique across all included files and inline specifications.`,
  severity: "error",
});

type Keywords = ReadonlyMap<string, Entry>;

function readSpec({ key: name, keyAt: nameAt, value }: Entry, problems: ModelProblem[]): InputSpec {
  const keywords: Keywords = value.kind === "map" ? value.entries : new Map<string, Entry>();
  const type = typeOf(keywords);
  const options = keywords.get("options")?.value;
  const regex = keywords.get("regex")?.value;
  const spec = {
    name,
    nameAt,
    type,
    options: options?.kind === "list" ? options.items : undefined,
    regex: regex?.kind === "scalar" ? regex.node.text : undefined,
  };
  if (type === undefined) {
    const message = `unknown input specification for \`${name}\` (valid types: ${INPUT_TYPES.join(", ")})`;
    problems.push({ at: keywords.get("type")?.value.at ?? value.at, message, severity: "error" });
    return { ...spec, default: { kind: "unknown" } };
  }
  problems.push(...misplacedLimits(name, type, options, regex));
  return { ...spec, default: defaultOf(spec, type, keywords, problems) };
}

function misplacedLimits(
  name: string,
  type: InputType,
  options: Value | undefined,
  regex: Value | undefined,
): readonly ModelProblem[] {
  const problems: ModelProblem[] = [];
  if (options !== undefined && (type === "boolean" || type === "array")) {
    problems.push(inputProblem(name, "Options can only be used with string and number inputs", options.at));
  }
  if (regex !== undefined && type !== "string") {
    problems.push(inputProblem(name, "RegEx validation can only be used with string inputs", regex.at));
  }
  return problems;
}

/** A description that is not there, or names no type, is that of a text. */
function typeOf(keywords: Keywords): InputType | undefined {
  const type = keywords.get("type")?.value;
  if (type === undefined) return "string";
  return type.kind === "scalar" && isInputType(type.node.value) ? type.node.value : undefined;
}

function defaultOf(
  spec: Omit<InputSpec, "default">,
  type: InputType,
  keywords: Keywords,
  problems: ModelProblem[],
): InputValue | undefined {
  const written = keywords.get("default")?.value;
  // `spec:inputs:rules` choose a default by other inputs, which is not worked out here.
  if (written === undefined) return hasDefaultByRule(keywords) ? { kind: "unknown" } : undefined;
  const { value, error } = readInput(written, { type, options: spec.options, regex: spec.regex }, "default");
  if (error !== undefined) problems.push(inputProblem(spec.name, error, written.at));
  return value;
}

/** https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/ci/inputs/base_input.rb (has_default_through_rules?) */
function hasDefaultByRule(keywords: Keywords): boolean {
  const rules = keywords.get("rules")?.value;
  if (rules === undefined) return false;
  if (rules.kind !== "list") return rules.kind === "unknown";
  return rules.items.some(
    (rule) => rule.kind !== "map" || rule.entries.has("default") || !rule.entries.has("if"),
  );
}

export const inputProblem = (name: string, error: string, at: Origin): ModelProblem => ({
  at,
  message: `\`${name}\` input: ${error}`,
  severity: "error",
});
