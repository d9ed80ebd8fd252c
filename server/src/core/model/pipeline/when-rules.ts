// `rules:` — the first rule that holds decides. Each rule that can be the first gives one outcome.
// https://docs.gitlab.com/ci/yaml/#rules
import type { MapValue, Value } from "./value";
import { waysOfExpression } from "./when-conditions";
import { parseExpression } from "./when-expression";
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
export function outcomesOfRules(rules: Value): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  /** Pipelines for which no rule so far is sure to have held. */
  let rest: readonly Way[] = [ANY_WAY];
  for (const rule of flat(rules, 0)) {
    if (rest.length === 0) break;
    if (rule.kind !== "map") {
      rest = rest.map((way) => ({ ...way, isCertain: false }));
      outcomes.push({ rule: undefined, ways: rest });
      continue;
    }
    const ways = intersect(rest, holds(rule, true));
    if (!isNever(rule) && ways.length > 0) outcomes.push({ rule, ways });
    rest = intersect(rest, holds(rule, false));
  }
  return outcomes;
}

/** All pipelines in which one of the rules lets in. */
export const waysOfOutcomes = (outcomes: readonly Outcome[]): readonly Way[] =>
  outcomes.reduce<readonly Way[]>((ways, outcome) => union(ways, outcome.ways), []);

function isNever(rule: MapValue): boolean {
  const when = rule.entries.get("when")?.value;
  return when?.kind === "scalar" && when.node.text === "never";
}

/** The pipelines in which a rule holds, or does not. What depends on files can be either. */
function holds(rule: MapValue, isPositive: boolean): readonly Way[] {
  const condition = rule.entries.get("if")?.value;
  const dependsOnFiles = rule.entries.has("changes") || rule.entries.has("exists");
  if (!isPositive && dependsOnFiles) return [ANY_WAY];
  if (condition === undefined) return isPositive ? [ANY_WAY] : [];
  const expression = condition.kind === "scalar" ? parseExpression(condition.node.text) : undefined;
  return expression === undefined ? [UNKNOWN_WAY] : waysOfExpression(expression, isPositive);
}

const flat = (value: Value, depth: number): readonly Value[] =>
  value.kind === "list" && depth <= MAX_NESTING
    ? value.items.flatMap((item) => flat(item, depth + 1))
    : [value];
