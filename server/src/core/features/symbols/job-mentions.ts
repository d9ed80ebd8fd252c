// The names of jobs and of pipeline stages in one top-level entry of a pipeline's file.
// https://docs.gitlab.com/ci/yaml/
import { JOB_MARKS, RESERVED_ROOT_KEYS, SOFT_ROOT_KEYS } from "../../model/pipeline/keywords";
import {
  keyText,
  pairOf,
  valueOf,
  type YamlMap,
  type YamlNode,
  type YamlPair,
  type YamlScalar,
} from "../../syntax/yaml-nodes";
import type { Mention, Role, SymbolKind } from "./symbol";

/** What a job of a parallel or matrix job is called: `build 1/3`, `build: [a, b]`. */
const MULTIPLIED = /^(.*?)(?::? \[.*\]| \d+\/\d+)$/s;

/** What the definitions and uses of jobs and stages say in an entry of the root mapping. */
export function jobMentions(pair: YamlPair): readonly Mention[] {
  const name = keyText(pair);
  if (name === undefined) return [];
  const found: Mention[] = [...referenceTags(pair.value)];
  if (name === "stages" || name === "types") {
    found.push(...scalarsIn(pair.value).map((item) => scalarMention("stage", item, "definition")));
  }
  if (!isJob(name, pair.value)) return found;
  if (pair.key.kind === "scalar") found.push(scalarMention("job", pair.key, "definition"));
  if (pair.value.kind === "map") found.push(...inJob(pair.value));
  return found.filter((each) => !each.name.includes("$[["));
}

function isJob(name: string, value: YamlNode): boolean {
  if (RESERVED_ROOT_KEYS.has(name) || (value.kind !== "map" && value.kind !== "alias")) return false;
  return (
    !SOFT_ROOT_KEYS.has(name) ||
    (value.kind === "map" && JOB_MARKS.some((mark) => valueOf(value, mark) !== undefined))
  );
}

function inJob(job: YamlMap): readonly Mention[] {
  const value = (key: string): YamlNode | undefined => pairOf(job, key)?.value;
  const jobs = (node: YamlNode | undefined): readonly Mention[] =>
    scalarsIn(node).map((item) => scalarMention("job", item, "reference"));
  const rules = itemsOf(value("rules")).flatMap((rule) =>
    rule.kind === "map" ? (valueOf(rule, "needs") ?? []) : [],
  );
  const stage = value("stage");
  const environment = value("environment");
  const trigger = value("trigger");
  const children = trigger?.kind === "map" ? itemsOf(valueOf(trigger, "include")) : [];
  return [
    ...jobs(value("extends")),
    ...[value("needs"), value("dependencies"), ...rules].flatMap(needed),
    ...jobs(environment?.kind === "map" ? valueOf(environment, "on_stop") : undefined),
    ...children.flatMap((item) =>
      item.kind === "map" && valueOf(item, "artifact") !== undefined ? jobs(valueOf(item, "job")) : [],
    ),
    ...(stage?.kind === "scalar" && stage.text !== "" ? [scalarMention("stage", stage, "reference")] : []),
  ];
}

/** The items of `needs` and `dependencies`: names, and mappings with `job`. Those of other projects are none of ours. */
function needed(node: YamlNode | undefined): readonly Mention[] {
  return itemsOf(node).flatMap((item): readonly Mention[] => {
    if (item.kind === "scalar") return item.text === "" ? [] : [neededMention(item)];
    if (item.kind !== "map" || valueOf(item, "project") !== undefined) return [];
    const job = valueOf(item, "job");
    if (job?.kind !== "scalar" || job.text === "") return [];
    return valueOf(item, "pipeline") === undefined
      ? [neededMention(job)]
      : [{ ...scalarMention("job", job, "reference"), isInParent: true }];
  });
}

function neededMention(item: YamlScalar): Mention {
  const mention = scalarMention("job", item, "reference");
  const base = MULTIPLIED.exec(item.text)?.[1];
  if (base === undefined || base === "") return mention;
  return { ...mention, name: base, at: item.mapped.at(0, base.length), isPart: true };
}

/** `!reference [job, …]` at any depth. Entries that are no jobs (`default`, `variables`) are no symbols. */
function referenceTags(node: YamlNode): readonly Mention[] {
  switch (node.kind) {
    case "map":
      return node.pairs.flatMap(({ value }) => referenceTags(value));
    case "seq": {
      if (node.tag !== "!reference") return node.items.flatMap(referenceTags);
      const [first] = node.items;
      if (first?.kind !== "scalar" || RESERVED_ROOT_KEYS.has(first.text) || SOFT_ROOT_KEYS.has(first.text))
        return [];
      return [scalarMention("job", first, "reference")];
    }
    default:
      return [];
  }
}

/** The name that a whole scalar says. */
export const scalarMention = (kind: SymbolKind, node: YamlScalar, role: Role): Mention => ({
  kind,
  name: node.text,
  owner: "",
  role,
  at: node.mapped.at(0, node.text.length),
  style: node.style,
});

/** The items of a list, those of lists inside it too; a single value is a list of one. */
const itemsOf = (node: YamlNode | undefined): readonly YamlNode[] => {
  if (node === undefined) return [];
  if (node.kind !== "seq") return [node];
  return node.tag === "!reference" ? [] : node.items.flatMap(itemsOf);
};

const scalarsIn = (node: YamlNode | undefined): readonly YamlScalar[] =>
  itemsOf(node).filter((item): item is YamlScalar => item.kind === "scalar" && item.text !== "");
