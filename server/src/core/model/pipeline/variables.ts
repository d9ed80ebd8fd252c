// Variables as they are written: global and job `variables`, `parallel:matrix`, and which of them a job sees.
// https://docs.gitlab.com/ci/variables/#cicd-variable-precedence
import type { YamlScalar } from "../../syntax/yaml-nodes";
import { listedNames } from "./default";
import type { Variable, VariableScope } from "./job";
import type { Entry, Value } from "./value";

/** The variables of a `variables:` mapping, in order; what is no mapping gives none. */
export function readVariables(value: Value | undefined, scope: VariableScope): ReadonlyMap<string, Variable> {
  const result = new Map<string, Variable>();
  if (value?.kind !== "map") return result;
  for (const [name, entry] of value.entries) result.set(name, readVariable(name, entry, scope));
  return result;
}

function readVariable(name: string, entry: Entry, scope: VariableScope): Variable {
  const { value } = entry;
  const inner = value.kind === "map" ? value.entries.get("value")?.value : value;
  const expand = value.kind === "map" ? value.entries.get("expand")?.value : undefined;
  const scalar = inner?.kind === "scalar" ? inner.node : undefined;
  const text = scalar === undefined ? "" : scalarText(scalar);
  return {
    name,
    nameAt: entry.keyAt,
    value: text,
    at: inner?.at ?? value.at,
    via: value.via,
    text: scalar?.mapped.text === text ? scalar.mapped : undefined,
    expand: !(expand?.kind === "scalar" && expand.node.value === false),
    scope,
    values: [text],
  };
}

/**
 * A scalar as GitLab passes it on: Ruby's `to_s` of what Psych read, so `yes` is "true", `0777` "511" and `1.10` "1.1".
 * Absent is the empty text.
 */
export function scalarText(scalar: YamlScalar): string {
  const { value } = scalar;
  if (value === null) return "";
  if (typeof value === "boolean") return String(value);
  if (typeof value !== "number") return scalar.text;
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) return scalar.text;
  // Ruby keeps a float a float: 1.0 is "1.0".
  return Number.isInteger(value) && scalar.text.includes(".") ? `${value}.0` : String(value);
}

/** A job's variables: its own over the global ones that it inherits, then what `parallel:matrix` gives each variant. */
export function jobVariables(globals: ReadonlyMap<string, Variable>, keywords: ReadonlyMap<string, Entry>): ReadonlyMap<string, Variable> {
  const inherits = listedNames(keywords.get("inherit")?.value, "variables");
  const result = new Map<string, Variable>();
  for (const [name, variable] of globals) if (inherits(name)) result.set(name, variable);
  for (const [name, variable] of readVariables(keywords.get("variables")?.value, "job")) result.set(name, variable);
  for (const [name, variable] of matrixVariables(keywords.get("parallel")?.value)) result.set(name, variable);
  return result;
}

/** One variable per name of `parallel:matrix`, with every value that a variant gives it. */
function matrixVariables(parallel: Value | undefined): ReadonlyMap<string, Variable> {
  const result = new Map<string, Variable>();
  const matrix = parallel?.kind === "map" ? parallel.entries.get("matrix")?.value : undefined;
  if (matrix?.kind !== "list") return result;
  for (const row of matrix.items) {
    if (row.kind !== "map") continue;
    for (const [name, entry] of row.entries) {
      const known = result.get(name);
      const values = valuesOf(entry.value);
      const first = readVariable(name, entry.value.kind === "list" ? { ...entry, value: entry.value.items[0] ?? entry.value } : entry, "matrix");
      result.set(name, { ...(known ?? first), values: [...new Set([...(known?.values ?? []), ...values])] });
    }
  }
  return result;
}

const valuesOf = (value: Value): readonly string[] =>
  value.kind === "list" ? value.items.flatMap(valuesOf) : value.kind === "scalar" ? [scalarText(value.node)] : [];
