// `rules:` — the first rule that holds decides. Each rule that can be the first gives one outcome.
// https://docs.gitlab.com/ci/yaml/#rules
import { defineQuery, type QueryContext } from "../../query/query";
import type { MapValue, Value } from "./value";
import { waysOfExpression } from "./when-conditions";
import { parseExpression, type Expression } from "./when-expression";
import { ANY_WAY, intersect, union, UNKNOWN_WAY, type Way } from "./when-way";

/** A rule that can let a job (or a pipeline) in. */
export interface Outcome {
  /** Undefined where the rule could not be read. */
  readonly rule: MapValue | undefined;
  readonly ways: readonly Way[];
}

/** GitLab takes lists in lists, which `!reference` makes. lib/gitlab/ci/config/entry/processable.rb */
const MAX_NESTING = 10;

/** The rules that can be the first to hold and that are not `when: never`, in order. */
export function outcomesOfRules(ctx: QueryContext, rules: Value): readonly Outcome[] {
  const items = flat(rules, 0);
  return ctx.get(decisionsOf, conditionsOf(rules)).map(({ index, ways }) => {
    const rule = items[index];
    return { rule: rule?.kind === "map" ? rule : undefined, ways };
  });
}

/** All pipelines in which one of the rules lets in. */
export const waysOfOutcomes = (outcomes: readonly Outcome[]): readonly Way[] =>
  outcomes.reduce<readonly Way[]>((ways, outcome) => union(ways, outcome.ways), []);

/** What rules ask for, as JSON without places: many jobs of a pipeline ask for the same. */
export type Conditions = string;

export const conditionsOf = (rules: Value): Conditions => JSON.stringify(flat(rules, 0).map(conditionOf));

interface Condition {
  readonly isKnown: boolean;
  /** `when: never`. */
  readonly isNever: boolean;
  readonly dependsOnFiles: boolean;
  /** Absent where the rule has no `if`, null where that can't be read. */
  readonly if?: string | null;
}

function conditionOf(rule: Value): Condition {
  if (rule.kind !== "map") return { isKnown: false, isNever: false, dependsOnFiles: false };
  const when = rule.entries.get("when")?.value;
  const condition = rule.entries.get("if")?.value;
  const asked = {
    isKnown: true,
    isNever: when?.kind === "scalar" && when.node.text === "never",
    dependsOnFiles: rule.entries.has("changes") || rule.entries.has("exists"),
  };
  if (condition === undefined) return asked;
  return { ...asked, if: condition.kind === "scalar" ? condition.node.text : null };
}

interface Decision {
  /** Of the rule. */
  readonly index: number;
  readonly ways: readonly Way[];
}

/** The rules that can let in, by their conditions. */
export const decisionsOf = defineQuery<Conditions, readonly Decision[]>({
  name: "decisionsOf",
  // `conditionsOf` makes the key, of nothing but conditions.
  compute: (ctx, key) => decide(ctx, JSON.parse(key) as readonly Condition[]),
});

function decide(ctx: QueryContext, conditions: readonly Condition[]): readonly Decision[] {
  const decisions: Decision[] = [];
  /** Pipelines for which no rule so far is sure to have held. */
  let rest: readonly Way[] = [ANY_WAY];
  conditions.forEach((condition, index) => {
    if (rest.length === 0) return;
    if (!condition.isKnown) {
      rest = rest.map((way) => ({ ...way, isCertain: false }));
      decisions.push({ index, ways: rest });
      return;
    }
    const ways = intersect(rest, holds(ctx, condition, true));
    if (!condition.isNever && ways.length > 0) decisions.push({ index, ways });
    rest = intersect(rest, holds(ctx, condition, false));
  });
  return decisions;
}

/** The tree of an `if`; undefined where GitLab refuses it. A pipeline has few different ones. */
export const expressionOf = defineQuery<string, Expression | undefined>({
  name: "expressionOf",
  compute: (_, text) => parseExpression(text),
});

/** The pipelines in which a rule holds, or does not. What depends on files can be either. */
function holds(ctx: QueryContext, condition: Condition, isPositive: boolean): readonly Way[] {
  if (!isPositive && condition.dependsOnFiles) return [ANY_WAY];
  if (condition.if === undefined) return isPositive ? [ANY_WAY] : [];
  const expression = condition.if === null ? undefined : ctx.get(expressionOf, condition.if);
  return expression === undefined ? [UNKNOWN_WAY] : waysOfExpression(expression, isPositive);
}

const flat = (value: Value, depth: number): readonly Value[] =>
  value.kind === "list" && depth <= MAX_NESTING
    ? value.items.flatMap((item) => flat(item, depth + 1))
    : [value];
