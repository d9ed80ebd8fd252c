// `only` and `except`, the older way to say when a job runs.
// https://docs.gitlab.com/ci/yaml/deprecated_keywords/#only--except ; lib/gitlab/ci/build/policy/refs.rb
import type { Entry, Value } from "./value";
import { waysOfExpression } from "./when-conditions";
import { parseExpression } from "./when-expression";
import {
  ANY_WAY,
  intersect,
  PIPELINE_SOURCES,
  union,
  UNKNOWN_WAY,
  waysOf,
  type PipelineSource,
  type Way,
} from "./when-way";

type Ways = readonly Way[];

/** Without `rules`, `only` and `workflow:rules` a job runs for branches and tags. */
export const DEFAULT_WAYS: Ways = waysOf({ refs: ["branch", "tag"] });

/**
 * The pipelines that `only` and `except` leave to a job; undefined where neither is written.
 *
 * @param otherwise what `only` is where just `except` is written
 */
export function waysOfPolicies(keywords: ReadonlyMap<string, Entry>, otherwise: Ways): Ways | undefined {
  const only = keywords.get("only")?.value;
  const except = keywords.get("except")?.value;
  if (only === undefined && except === undefined) return undefined;
  const included = only === undefined ? otherwise : policyWays(only, true);
  return except === undefined ? included : intersect(included, policyWays(except, false));
}

/** `only`: all of its keys must hold. `except`: none of them may. */
function policyWays(policy: Value, isOnly: boolean): Ways {
  if (policy.kind === "unknown") return [UNKNOWN_WAY];
  if (policy.kind !== "map") return refsWays(policy, isOnly);
  const refs = policy.entries.get("refs")?.value;
  const parts: Ways[] = [];
  if (refs !== undefined) parts.push(refsWays(refs, isOnly));
  else if (isOnly) parts.push(DEFAULT_WAYS);
  const variables = policy.entries.get("variables")?.value;
  if (variables !== undefined) parts.push(expressionsWays(variables, isOnly));
  // `changes` and `kubernetes` may hold or not: they narrow nothing that can be told.
  return parts.reduce(intersect, [ANY_WAY]);
}

/** Any of the expressions holds, or none. */
function expressionsWays(value: Value, isPositive: boolean): Ways {
  const ways = itemsOf(value).map((item): Ways => {
    const expression = item === undefined ? undefined : parseExpression(item);
    return expression === undefined ? [UNKNOWN_WAY] : waysOfExpression(expression, isPositive);
  });
  return isPositive ? ways.reduce(union, []) : ways.reduce(intersect, [ANY_WAY]);
}

function refsWays(value: Value, isPositive: boolean): Ways {
  const ways = itemsOf(value).map((item): Ways =>
    item === undefined ? [UNKNOWN_WAY] : refWays(item, isPositive),
  );
  return isPositive ? ways.reduce(union, []) : ways.reduce(intersect, [ANY_WAY]);
}

/** The texts of a list, or of one text; undefined for an item that is none. */
const itemsOf = (value: Value): readonly (string | undefined)[] =>
  value.kind === "list"
    ? value.items.flatMap(itemsOf)
    : [value.kind === "scalar" ? value.node.text : undefined];

/** The pipelines that a keyword, a name or a pattern means, or all others. */
function refWays(item: string, isPositive: boolean): Ways {
  const [ref, project] = splitProject(item);
  // Whether this project is the one that is named, no file says.
  if (project !== undefined && !isPositive) return [UNKNOWN_WAY];
  const ways = keywordWays(ref, isPositive) ?? nameWays(ref, isPositive);
  return project === undefined ? ways : ways.map((way) => ({ ...way, isCertain: false }));
}

/** `main@group/project`. */
function splitProject(item: string): readonly [ref: string, project?: string] {
  const at = item.startsWith("/") ? item.indexOf("@", item.lastIndexOf("/")) : item.indexOf("@");
  return at === -1 ? [item] : [item.slice(0, at), item.slice(at + 1)];
}

function keywordWays(keyword: string, isPositive: boolean): Ways | undefined {
  if (keyword === "tags") return waysOf({ refs: isPositive ? ["tag"] : ["branch", "merge_request"] });
  if (keyword === "branches") return waysOf({ refs: isPositive ? ["branch"] : ["tag", "merge_request"] });
  const meant = PIPELINE_SOURCES.filter((source) => namesOf(source).includes(keyword));
  if (meant.length === 0) return undefined;
  return waysOf({
    sources: isPositive ? meant : PIPELINE_SOURCES.filter((source) => !meant.includes(source)),
  });
}

/** A source is named as it is or in the plural, without `_event`: `merge_requests`, `pushes`. */
export function namesOf(source: PipelineSource): readonly string[] {
  const name = source.replace(/_event$/, "");
  return [name, /(?:s|x|ch|sh)$/.test(name) ? `${name}es` : name.replace(/([^aeiou])y$/, "$1ie") + "s"];
}

/** A name or a pattern, which branches and tags are held against; pipelines of merge requests never are. */
function nameWays(ref: string, isPositive: boolean): Ways {
  const [, pattern, flags = ""] = /^\/(.+)\/([a-z]*)$/.exec(ref) ?? [];
  // Variables are not expanded here.
  const name =
    pattern !== undefined
      ? ({
          kind: isPositive ? "matches" : "matches-not",
          pattern: pattern.replaceAll("\\/", "/"),
          flags,
        } as const)
      : ({ kind: isPositive ? "is" : "is-not", name: ref } as const);
  const own = waysOf({ refs: ["branch", "tag"], name: [name] });
  return isPositive ? own : union(own, waysOf({ refs: ["merge_request"] }));
}
