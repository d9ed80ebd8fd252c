// The typed parts of a job: image, services, script, tags, stage — each from the effective keyword, with its place.
import type { Hop, Located } from "../../text/located";
import type { Job, ImageUse, ScriptItem, ScriptSection, Service } from "./job";
import type { ModelProblem } from "./problem";
import { readVariables } from "./variables";
import type { Entry, ScalarValue, Value } from "./value";

export const SCRIPT_SECTIONS: readonly ScriptSection[] = ["before_script", "script", "after_script"];

/** GitLab flattens nested script lists to this depth. lib/gitlab/ci/config/entry/commands.rb */
const MAX_SCRIPT_NESTING = 10;

type Keywords = ReadonlyMap<string, Entry>;

/** `image:` as text or as a mapping with `name`; undefined where it is absent or can't be read. */
export function readImage(value: Value | undefined): ImageUse | undefined {
  const name = nameOf(value);
  if (value === undefined || name === undefined) return undefined;
  return {
    name: located(name),
    text: name.node.mapped,
    entrypoint: textList(entryOf(value, "entrypoint")),
    value,
  };
}

/** `services:`, items that can't be read left out. */
export function readServices(value: Value | undefined): readonly Service[] {
  if (value?.kind !== "list") return [];
  return value.items.flatMap((item): readonly Service[] => {
    if (item.kind === "list") return readServices(item);
    const image = readImage(item);
    if (image === undefined) return [];
    const alias = entryOf(item, "alias");
    return [
      {
        ...image,
        alias: alias?.kind === "scalar" ? located(alias) : undefined,
        command: textList(entryOf(item, "command")),
        variables: readVariables(entryOf(item, "variables"), "service"),
      },
    ];
  });
}

/** The items of all script sections, nested lists flattened, in the order in which they run. */
export function readScript(keywords: Keywords): readonly ScriptItem[] {
  return SCRIPT_SECTIONS.flatMap((section) => {
    const value = keywords.get(section)?.value;
    return value === undefined
      ? []
      : scalarsOf(value, 0).map((scalar, index): ScriptItem => ({
          section,
          index,
          text: scalar.node.mapped,
          at: scalar.at,
          via: scalar.via,
        }));
  });
}

function scalarsOf(value: Value, depth: number): readonly ScalarValue[] {
  if (value.kind === "scalar") return value.node.value === null ? [] : [value];
  if (value.kind !== "list" || depth > MAX_SCRIPT_NESTING) return [];
  return value.items.flatMap((item) => scalarsOf(item, depth + 1));
}

/** Script sections whose lists are nested more deeply than GitLab takes: `!reference` inside `!reference` makes such. */
export function scriptProblems(name: string, keywords: Keywords): readonly ModelProblem[] {
  return SCRIPT_SECTIONS.flatMap((section) => {
    const value = keywords.get(section)?.value;
    if (value === undefined || nestingOf(value) <= MAX_SCRIPT_NESTING) return [];
    const message = `jobs:${name}:${section} config should be a string or a nested array of strings up to ${MAX_SCRIPT_NESTING} levels deep`;
    return [{ at: value.at, message, severity: "error" as const }];
  });
}

const nestingOf = (value: Value): number =>
  value.kind === "list" ? value.items.reduce((most, item) => Math.max(most, nestingOf(item)), 0) + 1 : 0;

/** `tags:`, nested lists flattened. */
export function readTags(value: Value | undefined): readonly Located<string>[] {
  return value?.kind === "list" ? flatScalars(value.items).map(located) : [];
}

/** The stage of a job that names none. https://docs.gitlab.com/ci/yaml/#stage */
export const DEFAULT_STAGE = "test";

/** The stage as written. */
export function readStage(keywords: Keywords, nameAt: Job["nameAt"]): Located<string> {
  const value = keywords.get("stage")?.value;
  return value?.kind === "scalar" ? located(value) : { value: DEFAULT_STAGE, at: nameAt, via: NO_HOPS };
}

const NO_HOPS: readonly Hop[] = [];

function nameOf(value: Value | undefined): ScalarValue | undefined {
  const name = value?.kind === "map" ? value.entries.get("name")?.value : value;
  return name?.kind === "scalar" && name.node.value !== null ? name : undefined;
}

const entryOf = (value: Value, key: string): Value | undefined =>
  value.kind === "map" ? value.entries.get(key)?.value : undefined;

export const located = (value: ScalarValue): Located<string> => ({
  value: value.node.text,
  at: value.at,
  via: value.via,
});

/** A list of texts, or one text as a list of one; undefined for anything else. */
export function textList(value: Value | undefined): Located<readonly string[]> | undefined {
  if (value === undefined || value.kind === "map" || value.kind === "unknown") return undefined;
  const items = value.kind === "list" ? flatScalars(value.items) : [value];
  return { value: items.map((item) => item.node.text), at: value.at, via: value.via };
}

const flatScalars = (items: readonly Value[]): readonly ScalarValue[] =>
  items.flatMap((item) =>
    item.kind === "scalar" ? [item] : item.kind === "list" ? flatScalars(item.items) : [],
  );
