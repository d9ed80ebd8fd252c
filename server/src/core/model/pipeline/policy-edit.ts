// Writes `rules` where `only` and `except` stand, as far as the result runs in the same pipelines. Comments stay.
import type { QueryContext } from "../../query/query";
import { appendItem, insertItemBefore, removePair, setKey } from "../../syntax/yaml-edit";
import { isPlain, readsAsText, singleQuoted } from "../../syntax/yaml-layout";
import { pairOf, type YamlMap, type YamlNode, type YamlPair, type YamlSeq } from "../../syntax/yaml-nodes";
import type { ChunkEdit } from "../../text/edit";
import { textAt } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { expandNode } from "./expand";
import { jobsDecidedBy, type DecidedJob } from "./policy-owners";
import { rulesForPolicies, type NewRule } from "./policy-rules";
import type { Value } from "./value";
import { workflowRunsOf } from "./when";

type Edits = readonly ChunkEdit[];

export interface PolicyRewrite {
  readonly edits: Edits;
  /** A name counts for a branch alone, where GitLab takes a tag of that name as well. */
  readonly namesAreBranches: boolean;
}

/**
 * The ways to write `only` and `except` of a mapping as `rules`: as GitLab reads them, and where names of refs are in it, with
 * branches alone. Empty where rules can't say the same, and where others get a part of it.
 */
export function rewritePolicies(ctx: QueryContext, file: FilePath, map: YamlMap): readonly PolicyRewrite[] {
  const policies = policiesIn(ctx, map);
  const jobs = policies && jobsDecidedBy(ctx, file, map);
  if (policies === undefined || jobs === undefined) return [];
  const when = commonWhen(jobs);
  const workflows = new Set(jobs.map(({ root }) => ctx.get(workflowRunsOf, root).hasRules));
  const [hasWorkflowRules] = workflows;
  if (when === undefined || hasWorkflowRules === undefined || workflows.size > 1) return [];
  const exact = rewrite(policies, { hasWorkflowRules, namesAreBranches: false }, when);
  const plain = rewrite(policies, { hasWorkflowRules, namesAreBranches: true }, when);
  if (exact === undefined) return [];
  const isSame = plain === undefined || JSON.stringify(texts(plain)) === JSON.stringify(texts(exact));
  return isSame
    ? [{ edits: exact, namesAreBranches: false }]
    : [
        { edits: plain, namesAreBranches: true },
        { edits: exact, namesAreBranches: false },
      ];
}

const texts = (edits: Edits): readonly string[] => edits.map(({ newText }) => newText);

interface Policies {
  readonly map: YamlMap;
  readonly only: Policy | undefined;
  readonly except: Policy | undefined;
}

interface Policy {
  readonly pair: YamlPair;
  readonly value: Value;
}

/** Undefined where one of them is brought by an anchor, or is one for others. */
function policiesIn(ctx: QueryContext, map: YamlMap): Policies | undefined {
  const policyAt = (key: string): Policy | undefined => {
    const pair = pairOf(map, key);
    return pair === undefined ? undefined : { pair, value: expandNode(ctx, pair.value) };
  };
  const only = policyAt("only");
  const except = policyAt("except");
  const isMovable = [only, except].every((policy) => policy === undefined || isPlainTree(policy.pair.value));
  const hasRules = pairOf(map, "rules") !== undefined;
  return !isMovable || hasRules || (only ?? except) === undefined ? undefined : { map, only, except };
}

function isPlainTree(node: YamlNode): boolean {
  if (node.kind === "alias" || node.anchor !== undefined || node.tag !== undefined) return false;
  if (node.kind === "seq") return node.items.every(isPlainTree);
  return node.kind !== "map" || node.pairs.every(({ key, value }) => isPlainTree(key) && isPlainTree(value));
}

/** `when` of the jobs, which rules without one of their own take over; undefined where it differs, or goes with no rules. */
function commonWhen(jobs: readonly DecidedJob[]): string | undefined {
  const values = jobs.map(({ keywords }) => {
    const when = keywords.get("when")?.value;
    if (keywords.has("start_in") || (when !== undefined && when.kind !== "scalar")) return undefined;
    return when?.node.text ?? "on_success";
  });
  const [only, ...others] = new Set(values);
  return others.length > 0 || only === "delayed" ? undefined : only;
}

function rewrite(
  policies: Policies,
  options: { readonly hasWorkflowRules: boolean; readonly namesAreBranches: boolean },
  when: string,
): Edits | undefined {
  const { only, except } = policies;
  const rules = rulesForPolicies(only?.value, except?.value, options);
  return rules && (inPlace(policies, rules, when) ?? asWhole(policies, rules, when));
}

// ---- Writing

/** A list of refs keeps its lines, and with them its comments. */
function inPlace(
  { map, only, except }: Policies,
  rules: readonly NewRule[],
  when: string,
): Edits | undefined {
  const policy = only ?? except;
  const list = policy?.pair.value;
  const removed = only === undefined ? undefined : except?.pair;
  if (policy === undefined || list?.kind !== "seq" || list.flow) return undefined;
  const own = rulesOfItems(policy.value, rules);
  if (own === undefined || (removed !== undefined && hasComment(removed))) return undefined;
  return [renamed(policy.pair), ...writeItems(list, rules, own, when), ...without(map, removed)];
}

/** The rules of the items stand for these, the others before and behind them. */
function writeItems(list: YamlSeq, rules: readonly NewRule[], own: readonly NewRule[], when: string): Edits {
  const first = rules.findIndex((rule) => rule === own[0]);
  return [
    ...rules.slice(0, first).flatMap((rule) => insertItemBefore(list, 0, ruleText(rule, when))),
    ...own.flatMap((rule, index) => replacedItem(list, index, ruleText(rule, when))),
    ...rules.slice(first + own.length).flatMap((rule) => appendItem(list, ruleText(rule, when))),
  ];
}

const without = (map: YamlMap, pair: YamlPair | undefined): Edits =>
  pair === undefined ? [] : removePair(map, pair);

/** Undefined unless every item of the list becomes one rule of its own. */
function rulesOfItems(list: Value, rules: readonly NewRule[]): readonly NewRule[] | undefined {
  if (list.kind !== "list") return undefined;
  const items = list.items.map((item) => rules.filter((rule) => rule.item === item));
  return items.every(({ length }) => length === 1) ? items.flat() : undefined;
}

const renamed = ({ key }: YamlPair): ChunkEdit => ({
  chunk: key.at.chunk,
  start: key.at.start,
  end: key.at.end,
  newText: "rules",
});

function replacedItem(list: YamlSeq, index: number, text: string): Edits {
  const item = list.items[index];
  if (item === undefined) return [];
  const { chunk, start, end } = item.at;
  const [head = "", ...rest] = text.split("\n");
  const column = start - (chunk.text.lastIndexOf("\n", start - 1) + 1);
  const lineEnd = chunk.text.indexOf("\n", end);
  const below = rest.map((line) => `\n${" ".repeat(column)}${line}`).join("");
  const at = lineEnd === -1 ? chunk.text.length : lineEnd;
  return [
    { chunk, start, end, newText: head },
    ...(below === "" ? [] : [{ chunk, start: at, end: at, newText: below }]),
  ];
}

function asWhole(
  { map, only, except }: Policies,
  rules: readonly NewRule[],
  when: string,
): Edits | undefined {
  const policy = only ?? except;
  const removed = only === undefined ? undefined : except?.pair;
  if (policy === undefined || [only, except].some((each) => each !== undefined && hasComment(each.pair)))
    return undefined;
  const yaml = rules.map((rule) => `- ${ruleText(rule, when).replaceAll("\n", "\n  ")}`).join("\n");
  const key = textAt(policy.pair.key.at);
  return [
    renamed(policy.pair),
    ...setKey(map, key.replace(/^["']|["']$/g, ""), yaml),
    ...without(map, removed),
  ];
}

/** Also behind the last line: it would be lost with what it stands behind. */
function hasComment({ key, value }: YamlPair): boolean {
  const { text } = key.at.chunk;
  const lineEnd = text.indexOf("\n", value.at.end);
  return /(^|\s)#/.test(text.slice(key.at.end, lineEnd === -1 ? text.length : lineEnd));
}

/** The lines of a rule, from column 0. */
function ruleText({ condition, changes, never }: NewRule, when: string): string {
  const lines = [
    ...(condition === undefined ? [] : [`if: ${plainOrQuoted(condition)}`]),
    ...(changes.length === 0 ? [] : ["changes:", ...changes.map((path) => `  - ${plainOrQuoted(path)}`)]),
    ...(never ? ["when: never"] : []),
  ];
  // A rule has to say something. https://docs.gitlab.com/ci/yaml/#rules
  return (lines.length === 0 ? [`when: ${when}`] : lines).join("\n");
}

const plainOrQuoted = (text: string): string =>
  isPlain(text, false) && readsAsText(text) ? text : singleQuoted(text);
