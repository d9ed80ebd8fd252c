// Picks the definition of a variable that holds in one run of an expansion. What was picked from a row of a matrix, or from
// a rule, decides for the other variables of that row or rule.
import type { Variable } from "../pipeline/job";
import { choose, type Run } from "./variants";

/** The definition that holds; undefined where none does: YAML then does not set the variable. */
export function pickVariable(run: Run, name: string): Variable | undefined {
  const variable = run.job.variables.get(name);
  // Nearly every variable has one definition that counts.
  if (variable === undefined || variable.values.length <= 1) return variable;
  for (const [index, layer] of run.job.variableLayers.entries()) {
    const picked = pickFrom(run, index, name, run.rows?.get(index) ?? layer.options);
    if (picked !== undefined) return picked;
  }
  return undefined;
}

type Row = ReadonlyMap<string, Variable>;

/** Rows that give the variable different values are different variants; those left over are remembered for the run. */
function pickFrom(run: Run, layer: number, name: string, rows: readonly Row[]): Variable | undefined {
  const groups = new Map<string | undefined, Row[]>();
  for (const row of rows) {
    const value = row.get(name)?.value;
    const group = groups.get(value);
    if (group === undefined) groups.set(value, [row]);
    else group.push(row);
  }
  const all = [...groups.values()];
  if (all.length > 1) {
    const chosen = all[choose(run, `layer ${layer} ${name}`, all.length)] ?? [];
    run.rows ??= new Map();
    run.rows.set(layer, chosen);
    return chosen[0]?.get(name);
  }
  return rows[0]?.get(name);
}
