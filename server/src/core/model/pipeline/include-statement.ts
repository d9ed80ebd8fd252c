// The statements of an `include:` (or `trigger:include`) in any of the forms that GitLab takes: a text, a mapping, a list
// of both. https://docs.gitlab.com/ci/yaml/#include , lib/gitlab/ci/config/external/mapper/{normalizer,matcher}.rb
import type { Located, Origin } from "../../text/located";
import type { MapValue, ScalarValue, Value } from "./value";

const KINDS = ["local", "project", "remote", "template", "artifact", "component"] as const;
type Kind = (typeof KINDS)[number];

interface StatementBase {
  /** The text that says what is included: a path, an address, a project. */
  readonly target: Located<string>;
  readonly inputs: Value | undefined;
  readonly rules: Value | undefined;
}

export type Statement =
  | (StatementBase & { readonly kind: Exclude<Kind, "project"> })
  | (StatementBase & { readonly kind: "project"; readonly files: readonly Located<string>[] })
  /** What GitLab refuses, with its words, or what can't be known (then without). */
  | { readonly kind: "unreadable"; readonly at: Origin; readonly message: string | undefined };

/** All statements of an `include:` value, in order; none for an absent value. */
export function readStatement(value: Value): readonly Statement[] {
  switch (value.kind) {
    case "list":
      return value.items.flatMap(readStatement);
    case "scalar":
      return value.node.value === null ? [] : [ofText(value)];
    case "map":
      return [ofMap(value)];
    case "unknown":
      return [{ kind: "unreadable", at: value.at, message: undefined }];
  }
}

function ofText(value: ScalarValue): Statement {
  const target = located(value);
  const kind = /^https?:\/\//.test(target.value) ? "remote" : "local";
  return { kind, target, inputs: undefined, rules: undefined };
}

function ofMap(map: MapValue): Statement {
  const inputs = map.entries.get("inputs")?.value;
  const rules = map.entries.get("rules")?.value;
  const named = KINDS.filter((kind) => isNamed(map, kind));
  const [kind] = named;
  if (kind === undefined || named.length > 1) {
    const unknown = KINDS.some((each) => map.entries.get(each)?.value.kind === "unknown");
    return { kind: "unreadable", at: map.at, message: unknown ? undefined : refusal(map, named.length > 1) };
  }
  const target = textIn(map, kind);
  if (target === undefined) return { kind: "unreadable", at: map.at, message: undefined };
  if (kind !== "project") return { kind, target, inputs, rules };
  const file = map.entries.get("file")?.value;
  const items = file?.kind === "list" ? file.items : file === undefined ? [] : [file];
  const files = items.flatMap((item) =>
    item.kind === "scalar" && item.node.value !== null ? [located(item)] : [],
  );
  return { kind, target, inputs, rules, files };
}

/** `project` counts only together with `file`. */
const isNamed = (map: MapValue, kind: Kind): boolean =>
  textIn(map, kind) !== undefined && (kind !== "project" || map.entries.has("file"));

const SUBKEYS = KINDS.map((kind) => `\`${kind}\``).join(", ");

function refusal(map: MapValue, areSeveral: boolean): string {
  if (areSeveral) return `Each include must use only one of: ${SUBKEYS}`;
  const written = [...map.entries.values()].map(
    ({ key, value }) => `"${key}":${value.kind === "scalar" ? JSON.stringify(value.node.value) : "…"}`,
  );
  return `\`{${written.join(",")}}\` does not have a valid subkey for include. Valid subkeys are: ${SUBKEYS}`;
}

function textIn(map: MapValue, key: string): Located<string> | undefined {
  const value = map.entries.get(key)?.value;
  return value?.kind === "scalar" && value.node.value !== null && value.node.text !== ""
    ? located(value)
    : undefined;
}

const located = (value: ScalarValue): Located<string> => ({
  value: value.node.text,
  at: value.at,
  via: value.via,
});
