// What `stages` and `stage` say: the names in them, and whether they are names at all.
import type { ScalarValue, Value } from "../model/pipeline/value";

/** https://docs.gitlab.com/ci/yaml/#stages */
const DEFAULT_STAGES = ["build", "test", "deploy"];

/** `$[[ inputs.stages ]]` may bring a list. https://docs.gitlab.com/ci/inputs/ */
export const isInput = (value: ScalarValue): boolean => value.node.text.includes("$[[");

/** The stages that `stages` names, GitLab's own where it is not written; undefined where a part of the list is not known. */
export const stagesOf = (written: Value | undefined): readonly string[] | undefined =>
  written === undefined || isNullScalar(written) ? DEFAULT_STAGES : namesIn(written);

const isNullScalar = (value: Value): boolean => value.kind === "scalar" && value.node.value === null;

/** Undefined where a part of the list is not known. */
function namesIn(value: Value): readonly string[] | undefined {
  if (value.kind === "scalar") return isInput(value) ? undefined : [value.node.text];
  if (value.kind !== "list") return undefined;
  const names: string[] = [];
  for (const item of value.items) {
    const inner = namesIn(item);
    if (inner === undefined) return undefined;
    names.push(...inner);
  }
  return names;
}

/** A value of `stage` that is a text, or none that can be told. */
export const isText = (value: Value): boolean =>
  value.kind === "unknown" ||
  (value.kind === "scalar" && (value.node.value === null || typeof value.node.value === "string"));

const MOST_NAMES = 12;

/** Names for a message, which need not repeat a long list. */
export const shortList = (names: readonly string[]): string =>
  names.length <= MOST_NAMES
    ? names.join(", ")
    : `${names.slice(0, MOST_NAMES).join(", ")} and ${names.length - MOST_NAMES} more`;
