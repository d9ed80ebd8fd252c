// The variables of a job: its own, the inherited ones, those of rules and of `parallel:matrix`, in layers.
// https://docs.gitlab.com/ci/variables/#cicd-variable-precedence
import { defineQuery, type QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { listedNames } from "./default";
import type { VariableLayer } from "./job";
import { layeredMap } from "./layered-map";
import { referencedOf } from "./reference";
import { rootKey, splitRootKey, type RootKey } from "./root-table";
import type { Entry } from "./value";
import {
  matrixLayer,
  plainLayer,
  rulesLayer,
  setsVariables,
  summary,
  type Variables,
} from "./variable-layers";
import { readVariables } from "./variables";
import { waysOfPolicies } from "./when-only";
import { conditionsOf, decisionsOf, outcomesOfRules } from "./when-rules";
import { ANY_WAY, meets, type Way } from "./when-way";
import { sameItems } from "./yaml-of";

export interface JobVariables {
  /** The one that wins first. */
  readonly layers: readonly VariableLayer[];
  /** All variables by name, each with every value that it can have. */
  readonly byName: Variables;
}

/** The variables of a job. https://docs.gitlab.com/ci/yaml/#inheritvariables */
export function jobVariables(
  ctx: QueryContext,
  root: FilePath,
  keywords: ReadonlyMap<string, Entry>,
): JobVariables {
  const rules = keywords.get("rules")?.value;
  const own = [
    rules !== undefined && setsVariables(rules) ? rulesLayer(outcomesOfRules(ctx, rules)) : undefined,
    matrixLayer(keywords.get("parallel")?.value),
    plainLayer(readVariables(keywords.get("variables")?.value, "job"), "job"),
  ].filter((layer) => layer !== undefined);
  const inherited = inheritedBy(ctx, root, keywords);
  if (own.length === 0) return inherited;
  const layers = [...own, ...inherited.layers];
  return { layers, byName: layeredMap(inherited.byName, summary(own, layers)) };
}

/** The variables of the pipeline's root, by name. */
export const globalVariablesOf = defineQuery<FilePath, Variables>({
  name: "globalVariablesOf",
  compute: (ctx, root) => readVariables(ctx.get(referencedOf, rootKey(root, "variables")).value, "pipeline"),
});

interface WorkflowOption {
  readonly ways: readonly Way[];
  readonly variables: Variables;
}

/** What the `workflow:rules` that can decide give; empty where none of them sets variables. */
const workflowOptionsOf = defineQuery<FilePath, readonly WorkflowOption[]>({
  name: "workflowOptionsOf",
  compute: (ctx, root) => {
    const workflow = ctx.get(referencedOf, rootKey(root, "workflow")).value;
    const rules = workflow?.kind === "map" ? workflow.entries.get("rules")?.value : undefined;
    if (rules === undefined || !setsVariables(rules)) return [];
    const outcomes = outcomesOfRules(ctx, rules);
    return outcomes.map(({ rule, ways }) => {
      return { ways, variables: readVariables(rule?.entries.get("variables")?.value, "workflow") };
    });
  },
  equals: sameItems,
});

/** What a job inherits. */
function inheritedBy(ctx: QueryContext, root: FilePath, keywords: ReadonlyMap<string, Entry>): JobVariables {
  const all = inheritableBy(ctx, root, keywords);
  const inherit = keywords.get("inherit")?.value;
  if (inherit === undefined) return all;
  const inherits = listedNames(inherit, "variables");
  const taken = (variables: Variables): Variables =>
    new Map([...variables].filter(([name]) => inherits(name)));
  const layers = all.layers.map((layer) => ({ ...layer, options: layer.options.map(taken) }));
  return { layers: layers.filter(isFilled), byName: taken(all.byName) };
}

/** What `workflow:rules` give in the pipelines that the job can run in, over the variables of the pipeline. */
function inheritableBy(
  ctx: QueryContext,
  root: FilePath,
  keywords: ReadonlyMap<string, Entry>,
): JobVariables {
  if (ctx.get(workflowOptionsOf, root).length === 0) return ctx.get(inheritableFrom, rootKey(root, ""));
  const rules = keywords.get("rules")?.value;
  if (rules !== undefined) return ctx.get(inheritableUnder, rootKey(root, conditionsOf(rules)));
  return inheritableIn(ctx, root, waysOfPolicies(keywords, [ANY_WAY]) ?? [ANY_WAY]);
}

/** The same for jobs whose rules have these conditions. */
const inheritableUnder = defineQuery<RootKey, JobVariables>({
  name: "inheritableUnder",
  compute: (ctx, key) => {
    const [root, conditions] = splitRootKey(key);
    const decisions = ctx.get(decisionsOf, conditions);
    return inheritableIn(
      ctx,
      root,
      decisions.flatMap(({ ways }) => ways),
    );
  },
});

function inheritableIn(ctx: QueryContext, root: FilePath, ways: readonly Way[]): JobVariables {
  const met = ctx
    .get(workflowOptionsOf, root)
    .flatMap((option, index) => (meets(option.ways, ways) ? [index] : []));
  return ctx.get(inheritableFrom, rootKey(root, met.join(" ")));
}

/** The same where some of the workflow's options, by their indices, can hold. */
const inheritableFrom = defineQuery<RootKey, JobVariables>({
  name: "inheritableFrom",
  compute: (ctx, key) => {
    const [root, met] = splitRootKey(key);
    const options = ctx.get(workflowOptionsOf, root);
    const workflow: VariableLayer = {
      scope: "workflow",
      options: met === "" ? [] : met.split(" ").flatMap((index) => options[Number(index)]?.variables ?? []),
    };
    const pipeline: VariableLayer = { scope: "pipeline", options: [ctx.get(globalVariablesOf, root)] };
    const layers = [workflow, pipeline].filter(isFilled);
    return { layers, byName: summary(layers) };
  },
});

const isFilled = ({ options }: VariableLayer): boolean => options.some(({ size }) => size > 0);
