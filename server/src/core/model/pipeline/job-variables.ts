// The variables of a job: its own, the inherited ones, those of rules and of `parallel:matrix`, in layers.
// https://docs.gitlab.com/ci/variables/#cicd-variable-precedence
import { listedNames } from "./default";
import type { Variable, VariableLayer } from "./job";
import type { Entry } from "./value";
import { matrixLayer, plainLayer, rulesLayer, setsVariables } from "./variable-layers";
import { readVariables } from "./variables";
import { waysOfPolicies } from "./when-only";
import { outcomesOfRules, waysOfOutcomes, type Outcome } from "./when-rules";
import { ANY_WAY, intersect } from "./when-way";

/** The layers of a job's variables, the one that wins first. https://docs.gitlab.com/ci/yaml/#inheritvariables */
export function jobLayers(sources: VariableSources): readonly VariableLayer[] {
  const { keywords, globals } = sources;
  const inherits = listedNames(keywords.get("inherit")?.value, "variables");
  const inherited = (variables: Variables): Variables =>
    new Map([...variables].filter(([name]) => inherits(name)));
  const rules = keywords.get("rules")?.value;
  const layers = [
    rules !== undefined && setsVariables(rules) ? rulesLayer(outcomesOfRules(rules), "rules") : undefined,
    matrixLayer(keywords.get("parallel")?.value),
    plainLayer(readVariables(keywords.get("variables")?.value, "job"), "job"),
    workflowLayer(sources, inherited),
    plainLayer(keywords.has("inherit") ? inherited(globals) : globals, "pipeline"),
  ];
  return layers.filter((layer) => layer !== undefined);
}

/** What `workflow:rules` give in the pipelines that the job can run in. */
function workflowLayer(
  { keywords, workflow }: VariableSources,
  inherited: (option: Variables) => Variables,
): VariableLayer | undefined {
  if (workflow.length === 0) return undefined;
  const rules = keywords.get("rules")?.value;
  const own =
    rules === undefined ? waysOfPolicies(keywords, [ANY_WAY]) : waysOfOutcomes(outcomesOfRules(rules));
  const met = own === undefined ? workflow : workflow.filter(({ ways }) => intersect(ways, own).length > 0);
  const layer = rulesLayer(met, "workflow");
  return layer && { ...layer, options: layer.options.map(inherited) };
}

type Variables = ReadonlyMap<string, Variable>;

interface VariableSources {
  readonly keywords: ReadonlyMap<string, Entry>;
  readonly globals: ReadonlyMap<string, Variable>;
  /** The `workflow:rules` that can decide; empty where none of them sets variables. */
  readonly workflow: readonly Outcome[];
}
