// From the expression of an `if:` to the pipelines in which it holds, or does not hold.
// https://docs.gitlab.com/ci/variables/predefined_variables/ says where which variable is set.
import { predefinedVariable, UNKNOWN_PROPERTIES } from "../../data/predefined-variables";
import type { Comparison, Expression, Operand } from "./when-expression";
import { canMatchEmpty } from "./when-name";
import {
  ANY_WAY,
  intersect,
  matching,
  PIPELINE_SOURCES,
  REF_KINDS,
  union,
  UNKNOWN_WAY,
  wayOf,
  waysOf,
  type NameCondition,
  type PipelineSource,
  type RefKind,
  type Way,
} from "./when-way";

type Ways = readonly Way[];

const EVERY: Ways = [ANY_WAY];
const NONE: Ways = [];
const UNKNOWN: Ways = [UNKNOWN_WAY];

/** The pipelines in which an expression holds (`isPositive`), or does not. */
export function waysOfExpression(expression: Expression, isPositive: boolean): Ways {
  switch (expression.kind) {
    case "not":
      return waysOfExpression(expression.inner, !isPositive);
    case "and":
    case "or": {
      const left = waysOfExpression(expression.left, isPositive);
      const right = waysOfExpression(expression.right, isPositive);
      return (expression.kind === "and") === isPositive ? intersect(left, right) : union(left, right);
    }
    case "value":
      return waysOfValue(expression.value, isPositive);
    case "compare":
      return waysOfComparison(expression.operator, expression.left, expression.right, isPositive);
  }
}

function waysOfValue(value: Operand, isPositive: boolean): Ways {
  switch (value.kind) {
    case "variable":
      return isPositive ? waysIfSet(value.name) : waysIfUnset(value.name);
    case "text":
      return (value.text.trim() !== "") === isPositive ? EVERY : NONE;
    case "boolean":
      return value.value === isPositive ? EVERY : NONE;
    case "null":
      return isPositive ? NONE : EVERY;
    case "pattern":
      return isPositive ? EVERY : NONE;
    case "input":
      return UNKNOWN;
  }
}

function waysOfComparison(operator: Comparison, left: Operand, right: Operand, isPositive: boolean): Ways {
  const isEqual = (operator === "==" || operator === "=~") === isPositive;
  if (operator === "=~" || operator === "!~") {
    return left.kind === "variable" && right.kind === "pattern"
      ? waysIfMatch(left.name, right, isEqual)
      : UNKNOWN;
  }
  if (left.kind !== "variable" && right.kind === "variable") return waysIfEqual(right.name, left, isEqual);
  return left.kind === "variable" ? waysIfEqual(left.name, right, isEqual) : UNKNOWN;
}

// ---- Set and unset

/** Which kinds of refs set the variable that holds the ref's name. */
const NAMES: ReadonlyMap<string, readonly RefKind[]> = new Map([
  ["CI_COMMIT_BRANCH", ["branch"]],
  ["CI_COMMIT_TAG", ["tag"]],
  ["CI_COMMIT_REF_NAME", REF_KINDS],
]);

/** Variables of merge requests that every pipeline of a merge request has; labels and the like may be missing. */
const MERGE_REQUEST_ALWAYS =
  /^CI_MERGE_REQUEST_(?:ID|IID|EVENT_TYPE|PROJECT_(?:ID|PATH|URL)|REF_PATH|SOURCE_(?:BRANCH_NAME|PROJECT_(?:ID|PATH|URL))|TARGET_BRANCH_NAME|TITLE)$/;

const otherRefs = (refs: readonly RefKind[]): readonly RefKind[] =>
  REF_KINDS.filter((ref) => !refs.includes(ref));

function waysIfSet(name: string): Ways {
  const refs = NAMES.get(name);
  if (refs !== undefined) return waysOf({ refs });
  if (name.startsWith("CI_MERGE_REQUEST_")) {
    return waysOf({
      refs: ["merge_request"],
      variables: MERGE_REQUEST_ALWAYS.test(name) ? new Map<string, "set">() : opaque(name, "set"),
    });
  }
  if (name.startsWith("CI_EXTERNAL_PULL_REQUEST_"))
    return waysOf({ sources: ["external_pull_request_event"] });
  if (isAlwaysSet(name)) return EVERY;
  return waysOf({ variables: opaque(name, "set") });
}

function waysIfUnset(name: string): Ways {
  const refs = NAMES.get(name);
  if (refs !== undefined) return waysOf({ refs: otherRefs(refs) });
  if (MERGE_REQUEST_ALWAYS.test(name)) return waysOf({ refs: ["branch", "tag"] });
  if (isAlwaysSet(name)) return NONE;
  return waysOf({ variables: opaque(name, "unset") });
}

const opaque = (name: string, state: "set" | "unset"): ReadonlyMap<string, "set" | "unset"> =>
  new Map([[name, state]]);

/** Of most predefined variables nothing is known here: `CI_OPEN_MERGE_REQUESTS`, `CI_DEBUG_TRACE`. */
function isAlwaysSet(name: string): boolean {
  const properties = predefinedVariable(name);
  return (
    name === "CI_PIPELINE_SOURCE" || (properties !== UNKNOWN_PROPERTIES && properties?.mayBeEmpty === false)
  );
}

/** Whether GitLab sets a variable for a ref of this kind; undefined where that depends on something else. */
export function isSetFor(name: string, ref: RefKind): boolean | undefined {
  const refs = NAMES.get(name);
  if (refs !== undefined) return refs.includes(ref);
  if (name.startsWith("CI_MERGE_REQUEST_")) {
    return ref !== "merge_request" ? false : MERGE_REQUEST_ALWAYS.test(name) ? true : undefined;
  }
  return isAlwaysSet(name) ? true : undefined;
}

// ---- Comparisons

function waysIfEqual(name: string, value: Operand, isEqual: boolean): Ways {
  if (value.kind === "null") return isEqual ? waysIfUnset(name) : unlessEqualNull(name);
  if (value.kind === "variable") return waysIfSame(name, value.name, isEqual);
  return value.kind === "text" ? waysIfText(name, value.text, isEqual) : UNKNOWN;
}

function waysIfText(name: string, text: string, isEqual: boolean): Ways {
  const refs = NAMES.get(name);
  if (refs !== undefined) return nameWays(refs, { kind: isEqual ? "is" : "is-not", name: text }, isEqual);
  if (name === "CI_PIPELINE_SOURCE") return sourceWays((source) => source === text, isEqual);
  if (name === "CI_COMMIT_REF_PROTECTED" && /^(?:true|false)$/.test(text))
    return waysOf({ isProtected: (text === "true") === isEqual });
  if (!isEqual) return EVERY;
  if (name === "CI_COMMIT_REF_SLUG") return waysOf({ name: [{ kind: "slug-is", slug: text }] });
  return text === "" ? EVERY : certainty(name, waysIfSet(name));
}

/** `!= null` holds for the empty text too, which no `if: $X` holds for. */
const unlessEqualNull = (name: string): Ways => waysIfSet(name);

/** The default branch and other values of the project are one text that no file says: the comparison may never hold. */
const certainty = (name: string, ways: Ways): Ways =>
  predefinedVariable(name) !== undefined &&
  !name.startsWith("CI_MERGE_REQUEST_") &&
  !name.startsWith("CI_COMMIT_")
    ? ways.map((way) => ({ ...way, isCertain: false }))
    : ways;

function waysIfSame(first: string, second: string, isEqual: boolean): Ways {
  const name = NAMES.has(first) ? first : second;
  const other = name === first ? second : first;
  const refs = NAMES.get(name);
  if (refs === undefined || other !== "CI_DEFAULT_BRANCH") return UNKNOWN;
  return nameWays(refs, { kind: isEqual ? "is-default" : "is-not-default" }, isEqual);
}

/** The ref has the name, for kinds of refs that set it. Where it must not, refs of the other kinds do as well. */
function nameWays(refs: readonly RefKind[], condition: NameCondition, isEqual: boolean): Ways {
  const own = waysOf({ refs, name: [condition] });
  return isEqual ? own : union(own, waysOf({ refs: otherRefs(refs) }));
}

function sourceWays(isMeant: (source: PipelineSource) => boolean, isEqual: boolean): Ways {
  return waysOf({ sources: PIPELINE_SOURCES.filter((source) => isMeant(source) === isEqual) });
}

function waysIfMatch(name: string, pattern: Extract<Operand, { kind: "pattern" }>, isMatch: boolean): Ways {
  const refs = NAMES.get(name);
  if (refs !== undefined) {
    const own = waysOf({ refs, name: [matching(pattern, isMatch)] });
    // A variable that is not set is matched as the empty text.
    return canMatchEmpty(pattern.source) === isMatch ? union(own, waysOf({ refs: otherRefs(refs) })) : own;
  }
  // Without quantifiers an expression is cheap to run.
  if (name === "CI_PIPELINE_SOURCE" && /^[\^$()|\w]+$/.test(pattern.source)) {
    const expression = regularExpression(pattern.source);
    if (expression !== undefined) return sourceWays((source) => expression.test(source), isMatch);
  }
  if (!isMatch) return EVERY;
  const way = wayOf({ isCertain: false });
  return intersect(
    canMatchEmpty(pattern.source) ? EVERY : waysIfSet(name),
    isAlwaysSet(name) && way !== undefined ? [way] : EVERY,
  );
}

function regularExpression(source: string): RegExp | undefined {
  try {
    return new RegExp(source);
  } catch {
    return undefined;
  }
}
