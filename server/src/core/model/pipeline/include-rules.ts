// `include:rules`: whether a file is included, as far as that is decided by what is written. Conditions on variables are
// not: only variables of GitLab's user interface and predefined ones count there, and nobody here knows their values.
// https://docs.gitlab.com/ci/yaml/includes/#use-rules-with-include , lib/gitlab/ci/config/external/rules.rb
import { defineQuery, type QueryContext } from "../../query/query";
import { below, isOutside } from "../../text/paths";
import type { FilePath } from "../../text/source-file";
import type { MapValue, Value } from "./value";
import { parseExpression, type Expression, type Operand } from "./when-expression";

/** True, false, or undefined where it depends on what only GitLab knows. */
type Truth = boolean | undefined;

/**
 * Whether the first rule that matches lets the file in. "maybe" files are taken as included: a pipeline in which they are
 * is the one that says most, and leaving them out would make all that is written in them go unchecked.
 */
export function includedBy(
  ctx: QueryContext,
  rules: Value | undefined,
  folder: FilePath,
): "always" | "maybe" | "never" {
  if (rules === undefined) return "always";
  if (rules.kind !== "list" || rules.items.length === 0) return "maybe";
  const outcomes = new Set<boolean>();
  for (const rule of rules.items.flatMap((item) => (item.kind === "list" ? item.items : [item]))) {
    if (rule.kind !== "map") return "maybe";
    const matches = ruleMatches(ctx, rule, folder);
    if (matches === false) continue;
    outcomes.add(textOf(rule.entries.get("when")?.value) !== "never");
    if (matches === true) return summary(outcomes);
  }
  // Without a rule that matches the file is left out.
  return summary(outcomes.add(false));
}

/** What can come of rules: true lets the file in. */
const summary = (outcomes: ReadonlySet<boolean>): "always" | "maybe" | "never" =>
  outcomes.size > 1 ? "maybe" : outcomes.has(true) ? "always" : "never";

/** All conditions of a rule must hold; a rule without any always matches. */
function ruleMatches(ctx: QueryContext, rule: MapValue, folder: FilePath): Truth {
  const truths: Truth[] = [];
  const condition = rule.entries.get("if")?.value;
  if (condition !== undefined) truths.push(conditionHolds(condition));
  const exists = rule.entries.get("exists")?.value;
  if (exists !== undefined) truths.push(filesExist(ctx, exists, folder));
  // What a pipeline's commits changed is not known here.
  if (rule.entries.has("changes")) truths.push(undefined);
  return all(truths);
}

const all = (truths: readonly Truth[]): Truth =>
  truths.includes(false) ? false : truths.includes(undefined) ? undefined : true;
const textOf = (value: Value | undefined): string | undefined =>
  value?.kind === "scalar" ? value.node.text : undefined;

function conditionHolds(condition: Value): Truth {
  const expression = condition.kind === "scalar" ? parseExpression(condition.node.text) : undefined;
  return expression === undefined ? undefined : truthOf(expression);
}

function truthOf(expression: Expression): Truth {
  switch (expression.kind) {
    case "and":
      return all([truthOf(expression.left), truthOf(expression.right)]);
    case "or":
      return not(all([not(truthOf(expression.left)), not(truthOf(expression.right))]));
    case "not":
      return not(truthOf(expression.inner));
    case "value": {
      const value = literalOf(expression.value);
      return value === undefined ? undefined : value !== null && value !== "" && value !== false;
    }
    case "compare":
      return compared(expression);
  }
}

/** Patterns are not tried: running those of a user could take for ever. */
function compared({ operator, left, right }: Extract<Expression, { kind: "compare" }>): Truth {
  const [a, b] = [literalOf(left), literalOf(right)];
  if (a === undefined || b === undefined || isBoolean(a) !== isBoolean(b)) return undefined;
  if (operator === "==") return a === b;
  return operator === "!=" ? a !== b : undefined;
}

const isBoolean = (value: string | boolean | null): boolean => typeof value === "boolean";
const not = (truth: Truth): Truth => (truth === undefined ? undefined : !truth);

/** Undefined for what is not written out: variables, inputs, patterns. */
function literalOf(operand: Operand): string | boolean | null | undefined {
  switch (operand.kind) {
    case "text":
      return operand.text.includes("$[[") ? undefined : operand.text;
    case "null":
      return null;
    case "boolean":
      return operand.value;
    case "variable":
    case "pattern":
    case "input":
      return undefined;
  }
}

/** `exists` looks at the files of the project whose file holds the rule. Of another project's nothing is listed. */
function filesExist(ctx: QueryContext, exists: Value, folder: FilePath): Truth {
  if (exists.kind === "map" && exists.entries.has("project")) return undefined;
  const paths = exists.kind === "map" ? exists.entries.get("paths")?.value : exists;
  const globs = paths?.kind === "list" ? paths.items : paths === undefined ? [] : [paths];
  const truths = globs.map((glob): Truth => {
    const text = textOf(glob);
    if (text === undefined || text.includes("$") || isOutside(folder)) return undefined;
    return ctx.get(someFileMatches, below(folder, text));
  });
  return not(all(truths.map(not)));
}

/** Whether a file of the repository matches a glob of `exists`; undefined where nothing can be listed. */
const someFileMatches = defineQuery<string, Truth>({
  name: "someFileMatches",
  compute: (ctx, glob) => {
    if (!/[*?[{]/.test(glob)) return ctx.exists(glob);
    const paths = ctx.paths();
    const pattern = fileNamePattern(glob);
    return paths === undefined || pattern === undefined
      ? undefined
      : [...paths].some((path) => pattern.test(path));
  },
});

/**
 * Ruby's `File.fnmatch` with FNM_PATHNAME, FNM_DOTMATCH and FNM_EXTGLOB, which GitLab uses here; undefined for a glob that
 * is not whole. https://docs.ruby-lang.org/en/master/File.html#method-c-fnmatch
 */
function fileNamePattern(glob: string): RegExp | undefined {
  let depth = 0;
  const source = glob.replace(GLOB_PART, (part, character: string | undefined) => {
    if (part === "{") depth += 1;
    if (part === "}") depth -= 1;
    return character === undefined ? patternOf(part, depth > 0) : escaped(character);
  });
  try {
    return new RegExp(`^${source}$`);
  } catch {
    return undefined;
  }
}

function patternOf(part: string, isInBraces: boolean): string {
  if (part === "**/") return "(?:[^/]+/)*";
  if (part.startsWith("*")) return "[^/]*";
  if (part.length > 1) return part.replace(/^\[[!^]/, "[^").replaceAll("\\", "\\\\");
  switch (part) {
    case "?":
      return "[^/]";
    case "{":
      return "(?:";
    case "}":
      return ")";
    case ",":
      return isInBraces ? "|" : ",";
    default:
      return escaped(part);
  }
}

const GLOB_PART = /\\(.)|(?<![^/])\*\*\/|\*+|\[[^\]]+\]|[^]/g;
const escaped = (text: string): string => text.replace(/[.+^$()|[\]\\{}?*]/g, "\\$&");
