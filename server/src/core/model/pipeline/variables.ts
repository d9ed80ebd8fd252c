// Variables as they are written, in `variables:` of every kind.
// https://docs.gitlab.com/ci/variables/#cicd-variable-precedence
import type { Variable, VariableScope } from "./job";
import { scalarText } from "./scalar-text";
import type { Entry, Value } from "./value";

/** The variables of a `variables:` mapping, in order; what is no mapping gives none. */
export function readVariables(value: Value | undefined, scope: VariableScope): ReadonlyMap<string, Variable> {
  const result = new Map<string, Variable>();
  if (value?.kind !== "map") return result;
  for (const [name, entry] of value.entries) result.set(name, readVariable(name, entry, scope));
  return result;
}

/** One variable; `{ value, description, options, expand }` is the long form. */
export function readVariable(name: string, entry: Entry, scope: VariableScope): Variable {
  const { value } = entry;
  const inner = value.kind === "map" ? value.entries.get("value")?.value : value;
  const scalar = inner?.kind === "scalar" ? inner.node : undefined;
  const text = scalar === undefined ? "" : scalarText(scalar);
  return {
    name,
    nameAt: entry.keyAt,
    value: text,
    at: inner?.at ?? value.at,
    via: value.via,
    text: scalar?.mapped.text === text ? scalar.mapped : undefined,
    expand: isExpanded(value),
    scope,
    values: [text],
    isKnown: inner?.kind !== "unknown",
  };
}

/** https://docs.gitlab.com/ci/yaml/#variablesexpand */
function isExpanded(value: Value): boolean {
  const expand = value.kind === "map" ? value.entries.get("expand")?.value : undefined;
  return expand?.kind !== "scalar" || expand.node.value !== false;
}

export { scalarText };
