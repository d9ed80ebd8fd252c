// `only` and `except` as `rules` that let a job into the same pipelines, compared with lib/gitlab/ci/build/policy/*.rb and
// lib/gitlab/ci/build/rules/*.rb of gitlab-org/gitlab. What cannot be said exactly gives nothing.
// https://docs.gitlab.com/ci/yaml/deprecated_keywords/#only--except
import { expressionOf, inParentheses, policyItemOf, type NamedRef, type PolicyItem } from "./policy-refs";
import type { MapValue, Value } from "./value";
import { parseExpression } from "./when-expression";

/** One rule to write. */
export interface NewRule {
  /** Undefined for a rule that holds always, or for its files alone. */
  readonly condition: string | undefined;
  readonly changes: readonly string[];
  readonly never: boolean;
  /** The item of `only` or `except` that it stands for, where it stands for one alone. */
  readonly item: Value | undefined;
}

interface Policy {
  /** Undefined where `refs` is not written. */
  readonly refs: readonly { readonly item: PolicyItem; readonly value: Value }[] | undefined;
  readonly variables: readonly string[];
  readonly changes: readonly string[];
}

export interface PolicyOptions {
  /** GitLab's own "branches and tags" does not hold where `workflow:rules` decide. lib/gitlab/ci/config/entry/processable.rb */
  readonly hasWorkflowRules: boolean;
  /** Names are those of branches alone; else of branches and tags, as in GitLab. */
  readonly namesAreBranches: boolean;
}

/** The rules for `only` and `except` (undefined where they are not written); undefined where rules cannot say the same. */
export function rulesForPolicies(
  only: Value | undefined,
  except: Value | undefined,
  options: PolicyOptions,
): readonly NewRule[] | undefined {
  const included = only === undefined ? NO_POLICY : readPolicy(only);
  const excluded = except === undefined ? NO_POLICY : readPolicy(except);
  if (included === undefined || excluded === undefined) return undefined;
  const isOpen = only === undefined && options.hasWorkflowRules;
  const refsOnly = included.refs?.every(({ item }) => item.what.kind !== "source") ?? !isOpen;
  const left = refsOnly ? leftBy(included, excluded) : BOTH;
  const scope: Scope = { left, refsOnly, names: options.namesAreBranches ? onlyBranch(left) : left };
  const rules = [...nevers(excluded, scope), ...(isOpen ? [plainRule(undefined)] : lets(included, scope))];
  return rules.some(({ never }) => !never) ? rules : undefined;
}

const NO_POLICY: Policy = { refs: undefined, variables: [], changes: [] };
const BOTH: ReadonlySet<NamedRef> = new Set(["branch", "tag"]);

const plainRule = (condition: string | undefined): NewRule => ({
  condition,
  changes: [],
  never: false,
  item: undefined,
});

interface Scope {
  /** Kinds of refs that the job can be left with. */
  readonly left: ReadonlySet<NamedRef>;
  /** Only branches and tags get in: pipelines of merge requests need not be kept out. */
  readonly refsOnly: boolean;
  /** Kinds of refs that names and patterns are held against. */
  readonly names: ReadonlySet<NamedRef>;
}

const onlyBranch = (refs: ReadonlySet<NamedRef>): ReadonlySet<NamedRef> =>
  new Set([...refs].filter((ref) => ref === "branch" || !refs.has("branch")));

const scopeOf = ({ what }: PolicyItem, scope: Scope): ReadonlySet<NamedRef> =>
  what.kind === "name" ? scope.names : scope.left;

// ---- Reading

/** GitLab takes lists of refs and mappings, no single text. lib/gitlab/ci/config/entry/policy.rb */
function readPolicy(value: Value): Policy | undefined {
  if (value.kind === "list") {
    const refs = readRefs(value);
    return refs && { ...NO_POLICY, refs };
  }
  return value.kind === "map" ? readMap(value) : undefined;
}

function readMap({ entries }: MapValue): Policy | undefined {
  if ([...entries.keys()].some((key) => !["refs", "variables", "changes"].includes(key))) return undefined;
  const written = entries.get("refs")?.value;
  const refs = written === undefined ? undefined : readRefs(written);
  const variables = readTexts(entries.get("variables")?.value);
  const changes = readTexts(entries.get("changes")?.value);
  const isRead = (written === undefined) === (refs === undefined);
  if (!isRead || variables === undefined || changes === undefined) return undefined;
  if (variables.some((text) => parseExpression(text) === undefined)) return undefined;
  // `rules:changes` expands variables in paths. https://docs.gitlab.com/ci/yaml/#ruleschanges
  return changes.some((text) => text.includes("$")) ? undefined : { refs, variables, changes };
}

function readRefs(value: Value): Policy["refs"] {
  const items = value.kind === "list" ? value.items : undefined;
  const read = items?.flatMap((each) => {
    const item = each.kind === "scalar" ? policyItemOf(each.node.text) : undefined;
    return item === undefined ? [] : [{ item, value: each }];
  });
  return read === undefined || read.length === 0 || read.length !== items?.length ? undefined : read;
}

/** The texts of a list, empty where it is absent; undefined where one cannot be read. */
function readTexts(value: Value | undefined): readonly string[] | undefined {
  if (value === undefined) return [];
  if (value.kind !== "list" || value.items.length === 0) return undefined;
  const texts = value.items.flatMap((item) =>
    item.kind === "scalar" && !item.node.text.trim().includes("\n") ? [item.node.text.trim()] : [],
  );
  return texts.length === value.items.length ? texts : undefined;
}

// ---- `except`

/** `only: [branches]` lets one kind of ref in, `except: [tags]` takes one away altogether. */
function leftBy(included: Policy, { refs = [] }: Policy): ReadonlySet<NamedRef> {
  const away = refs.flatMap(({ item: { what, project } }) =>
    what.kind === "ref" && project === undefined ? [what.ref] : [],
  );
  const isLetIn = (ref: NamedRef): boolean =>
    included.refs?.some(({ item: { what } }) => what.kind !== "ref" || what.ref === ref) ?? true;
  return new Set([...BOTH].filter((ref) => isLetIn(ref) && !away.includes(ref)));
}

/** Each part of `except` keeps out by itself. */
function nevers({ refs = [], variables, changes }: Policy, scope: Scope): readonly NewRule[] {
  const byRef = refs.flatMap(({ item, value }): readonly NewRule[] => {
    const isGone = scope.refsOnly && (isPlainRef(item) || isMergeRequest(item));
    const condition = isGone ? undefined : expressionOf(item, scopeOf(item, scope));
    return condition === undefined ? [] : [{ ...plainRule(condition), never: true, item: value }];
  });
  const byVariable = variables.map((condition) => ({ ...plainRule(condition), never: true }));
  const byChange = changes.length === 0 ? [] : [{ ...plainRule(undefined), changes, never: true }];
  return [...byRef, ...byVariable, ...byChange];
}

const isPlainRef = ({ what, project }: PolicyItem): boolean => what.kind === "ref" && project === undefined;

const isMergeRequest = ({ what }: PolicyItem): boolean =>
  what.kind === "source" && what.source === "merge_request_event";

// ---- `only`

/** All parts of `only` must hold; refs that are not written are branches and tags. */
function lets({ refs, variables, changes }: Policy, scope: Scope): readonly NewRule[] {
  const each =
    refs === undefined
      ? [plainRule(defaultCondition(scope))]
      : refs.flatMap(({ item, value }): readonly NewRule[] => {
          const condition = expressionOf(item, scopeOf(item, scope));
          return condition === undefined ? [] : [{ ...plainRule(condition), item: value }];
        });
  if (variables.length === 0) return each.map((rule) => ({ ...rule, changes }));
  const conditions = each.flatMap(({ condition }) => condition ?? []);
  if (conditions.length === 0) return [];
  const refsHold = inParentheses(conditions.join(" || "));
  // What stands last is the expression's value: an empty variable is false there alone.
  return variables.map((expression) => ({
    ...plainRule(`${refsHold} && ${inParentheses(expression)}`),
    changes,
  }));
}

const DEFAULT_ITEMS: readonly PolicyItem[] = [
  { what: { kind: "ref", ref: "branch" }, project: undefined },
  { what: { kind: "ref", ref: "tag" }, project: undefined },
];

const defaultCondition = ({ left }: Scope): string | undefined =>
  DEFAULT_ITEMS.flatMap((item) => expressionOf(item, left) ?? []).join(" || ");
