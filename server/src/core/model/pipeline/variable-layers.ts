// Which definition of a variable holds: layers over layers, as GitLab puts them. A layer whose content depends on the rule
// that lets the job in, or on the row of `parallel:matrix`, has several options, of which one holds as a whole: what stands
// in one row belongs together.
//
// rules > matrix > job > workflow > pipeline. https://docs.gitlab.com/ci/variables/#cicd-variable-precedence ,
// https://docs.gitlab.com/ci/yaml/#rulesvariables , lib/gitlab/ci/pipeline/seed/build.rb
import type { Entry, Value } from "./value";
import type { Variable, VariableLayer, VariableScope } from "./job";
import { readVariable, readVariables } from "./variables";
import type { Outcome } from "./when-rules";

/** GitLab's limit on the jobs of a matrix. https://docs.gitlab.com/ci/yaml/#parallelmatrix */
const MAX_ROWS = 200;

export type Variables = ReadonlyMap<string, Variable>;

const NOTHING: Variables = new Map();

/** The variables that a job's rules give: one option per rule that can decide; undefined where none gives any. */
export function rulesLayer(outcomes: readonly Outcome[]): VariableLayer | undefined {
  const options = outcomes.map(({ rule }) => readVariables(rule?.entries.get("variables")?.value, "rules"));
  return options.every((option) => option.size === 0) ? undefined : { scope: "rules", options };
}

/** Whether any rule, at any depth of lists, sets variables: otherwise nothing needs to be known of them. */
export function setsVariables(rules: Value | undefined): boolean {
  if (rules?.kind === "list") return rules.items.some(setsVariables);
  return rules?.kind === "map" && rules.entries.has("variables");
}

/** The rows of `parallel:matrix`: each combination of its values. Undefined where there is no matrix. */
export function matrixLayer(parallel: Value | undefined): VariableLayer | undefined {
  const matrix = parallel?.kind === "map" ? parallel.entries.get("matrix")?.value : undefined;
  if (matrix?.kind !== "list") return undefined;
  const options: ReadonlyMap<string, Variable>[] = [];
  for (const row of matrix.items) {
    if (row.kind === "map")
      options.push(...combinations([...row.entries.values()]).slice(0, MAX_ROWS - options.length));
  }
  return options.length === 0 ? undefined : { scope: "matrix", options };
}

function combinations(entries: readonly Entry[]): readonly ReadonlyMap<string, Variable>[] {
  return entries.reduce<readonly ReadonlyMap<string, Variable>[]>(
    (rows, entry) => {
      const variables = itemsOf(entry.value).map((value) =>
        readVariable(entry.key, { ...entry, value }, "matrix"),
      );
      return rows
        .flatMap((row) => variables.map((variable) => new Map([...row, [entry.key, variable]])))
        .slice(0, MAX_ROWS);
    },
    [new Map<string, Variable>()],
  );
}

const itemsOf = (value: Value): readonly Value[] =>
  value.kind === "list" ? value.items.flatMap(itemsOf) : [value];

/** A layer that always holds; undefined where it is empty. */
export const plainLayer = (
  variables: ReadonlyMap<string, Variable>,
  scope: VariableScope,
): VariableLayer | undefined => (variables.size === 0 ? undefined : { scope, options: [variables] });

/**
 * All variables of some layers by name, as they come to in a job: the definition that is looked at first, with every value
 * that it or another can have. The empty text is among them where the variable may not be set at all.
 *
 * @param all every layer of the job, these and those below them
 */
export function summary(layers: readonly VariableLayer[], all = layers): Variables {
  const [only, ...others] = all;
  if (only === undefined) return NOTHING;
  if (others.length === 0 && only.options.length === 1) return only.options[0] ?? NOTHING;
  const result = new Map<string, Variable>();
  for (const { options } of [...layers].reverse()) {
    for (const name of options.flatMap((option) => [...option.keys()])) {
      const variable = result.has(name) ? undefined : summaryOf(all, name);
      if (variable !== undefined) result.set(name, variable);
    }
  }
  return result;
}

function summaryOf(layers: readonly VariableLayer[], name: string): Variable | undefined {
  const possible: Variable[] = [];
  let isSure = false;
  for (const { options } of layers) {
    const written = options.flatMap((option) => option.get(name) ?? []);
    possible.push(...written);
    isSure = written.length === options.length;
    if (isSure) break;
  }
  const [first] = possible;
  if (first === undefined || (possible.length === 1 && isSure)) return first;
  const values = new Set(possible.map((variable) => variable.value));
  if (!isSure) values.add("");
  return { ...first, values: [...values], isKnown: possible.every((variable) => variable.isKnown) };
}
