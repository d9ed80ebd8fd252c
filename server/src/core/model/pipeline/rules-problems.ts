// `rules:` that GitLab refuses to read. https://docs.gitlab.com/ci/yaml/#rules ,
// lib/gitlab/ci/config/entry/rules.rb and rules/rule.rb of gitlab-org/gitlab
import type { QueryContext } from "../../query/query";
import type { ModelProblem } from "./problem";
import type { Entry, Value } from "./value";
import { expressionOf } from "./when-rules";

/** An empty list, and conditions that are no expression. Values that are not known are left alone. */
export function rulesProblems(
  ctx: QueryContext,
  name: string,
  keywords: ReadonlyMap<string, Entry>,
): readonly ModelProblem[] {
  const rules = keywords.get("rules")?.value;
  if (rules?.kind !== "list") return [];
  const items = flat(rules.items);
  if (items.length === 0) return [error(rules, `jobs:${name}:rules config can't be blank`)];
  return items.flatMap((rule) => {
    const condition = rule.kind === "map" ? rule.entries.get("if")?.value : undefined;
    if (condition?.kind !== "scalar" || typeof condition.node.value !== "string") return [];
    const { text } = condition.node;
    if (text.includes("$[[") || ctx.get(expressionOf, text) !== undefined) return [];
    return [error(condition, `jobs:${name}:rules:rule if invalid expression syntax`)];
  });
}

const flat = (items: readonly Value[]): readonly Value[] =>
  items.flatMap((item) => (item.kind === "list" ? flat(item.items) : [item]));

const error = ({ at }: Value, message: string): ModelProblem => ({ at, message, severity: "error" });
