// Reads settings: from the repository's `.gitlab-ci-docker.yml`, with a place for each complaint, and from the editor.
// What can't be used is left out and complained about; nothing is guessed.
import type { Located, Origin } from "../text/located";
import {
  keyText,
  type SyntaxProblem,
  type YamlBlock,
  type YamlFile,
  type YamlNode,
  type YamlPair,
} from "../syntax/yaml-nodes";
import type { Given } from "./decoder";
import { filePath, settingsDecoder, type SettingsLayer } from "./table";
import type { Settings } from "./settings";

export interface SettingsRead {
  readonly settings: SettingsLayer;
  /** Unknown keys, rules and values, wrong types; errors of YAML itself first. */
  readonly problems: readonly SyntaxProblem[];
}

/** Reads the configuration file. `ruleIds` are all rules that exist. */
export function readSettings(file: YamlFile, ruleIds: readonly string[]): SettingsRead {
  const [document, second] = file.documents;
  const blocks = document?.blocks ?? [];
  const broken = file.documents.flatMap((each) => each.blocks.flatMap((block) => block.problems));
  const problems: SyntaxProblem[] = [...broken];
  // What is half typed breaks the YAML and fits no setting: one complaint about it is enough.
  const complain = (at: Origin, message: string): void => {
    const isSaid = broken.some((each) => each.at.chunk === at.chunk && each.at.start === at.start);
    if (!isSaid) problems.push({ at, message });
  };
  const extra = second?.blocks[0];
  if (extra !== undefined && !isVoid(extra)) {
    complain({ chunk: extra.chunk, start: 0, end: 0 }, "Only the first YAML document of this file is read");
  }
  const given = rootOf(blocks, complain);
  const settings = given === undefined ? undefined : settingsDecoder(ruleIds).read(given, complain);
  return { settings: settings ?? {}, problems };
}

/** The files that `entry` names, each where it is written. Those that are no path of a file are left out. */
export function entriesIn(file: YamlFile): readonly Located<string>[] {
  const pairs = file.documents[0]?.blocks.flatMap((block) => block.pairs) ?? [];
  const value = pairs.find((pair) => keyText(pair) === "entry")?.value;
  const items = value?.kind === "seq" ? value.items : [];
  return items.flatMap((item) => {
    const path = item.kind === "scalar" ? readEntry(item) : undefined;
    return path === undefined ? [] : [{ value: path, at: item.at, via: [] }];
  });
}

const readEntry = (item: YamlNode): string | undefined =>
  filePath.read(
    givenYaml(item, () => undefined),
    () => undefined,
  );

/** Reads settings that came as JSON, from an editor. `where` is put in front of each name: "gitlabCiDocker". */
export function settingsFromJson(
  value: unknown,
  where: string,
  ruleIds: readonly string[],
): { readonly settings: SettingsLayer; readonly messages: readonly string[] } {
  const messages: string[] = [];
  const complain = (at: string, message: string): void => void messages.push(`${at}: ${message}`);
  const settings = settingsDecoder(ruleIds).read(givenJson(value, where, 0), complain);
  return { settings: settings ?? {}, messages };
}

/** `override` wins key by key: rule by rule, project by project; lists are replaced as a whole. */
export function mergeSettings(base: Settings, override: SettingsLayer): Settings {
  return {
    rules: merged(base.rules, override.rules),
    runners: override.runners ?? base.runners,
    variables: {
      known: override.variables?.known ?? base.variables.known,
      protected: override.variables?.protected ?? base.variables.protected,
    },
    includeProjects: merged(base.includeProjects, override.includeProjects),
    entry: override.entry ?? base.entry,
    dockerVersion: override.dockerVersion ?? base.dockerVersion,
    ignore: override.ignore ?? base.ignore,
  };
}

function merged<T>(
  base: ReadonlyMap<string, T>,
  override: ReadonlyMap<string, T> | undefined,
): ReadonlyMap<string, T> {
  return override === undefined || override.size === 0 ? base : new Map([...base, ...override]);
}

const isVoid = (block: YamlBlock): boolean => block.pairs.length === 0 && block.root === undefined;

type ComplainAt = (at: Origin, message: string) => void;

/** The whole document as one mapping; undefined for an empty file. */
function rootOf(blocks: readonly YamlBlock[], complain: ComplainAt): Given<Origin> | undefined {
  const first = blocks[0];
  if (first === undefined) return undefined;
  const root = blocks.find((block) => block.root !== undefined)?.root;
  if (root !== undefined) return givenYaml(root, complain);
  const at: Origin = { chunk: first.chunk, start: 0, end: 0 };
  return {
    kind: "mapping",
    at,
    entries: entriesOf(
      blocks.flatMap((block) => block.pairs),
      complain,
    ),
  };
}

function givenYaml(node: YamlNode, complain: ComplainAt): Given<Origin> {
  switch (node.kind) {
    case "scalar":
      return { kind: "scalar", at: node.at, value: node.value, text: node.text };
    case "seq":
      return { kind: "list", at: node.at, items: node.items.map((item) => givenYaml(item, complain)) };
    case "map":
      return { kind: "mapping", at: node.at, entries: entriesOf(node.pairs, complain) };
    case "alias":
      return { kind: "other", at: node.at, what: "an alias" };
  }
}

function entriesOf(pairs: readonly YamlPair[], complain: ComplainAt) {
  return pairs.flatMap((pair) => {
    const key = keyText(pair);
    if (key === undefined) complain(pair.key.at, "A key must be text here");
    return key === undefined ? [] : [{ key, at: pair.key.at, value: givenYaml(pair.value, complain) }];
  });
}

/** Editors send plain JSON; a value nested deeper than any setting is cut off, so that nothing recurses for long. */
const DEEPEST = 32;

function givenJson(value: unknown, at: string, depth: number): Given<string> {
  if (value === undefined || value === null) return { kind: "scalar", at, value: null, text: "" };
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return { kind: "scalar", at, value, text: String(value) };
  }
  if (depth > DEEPEST) return { kind: "other", at, what: "a deeply nested value" };
  if (Array.isArray(value)) {
    return {
      kind: "list",
      at,
      items: value.map((item: unknown, index) => givenJson(item, `${at}[${index}]`, depth + 1)),
    };
  }
  if (typeof value !== "object") return { kind: "other", at, what: `a ${typeof value}` };
  const entries = Object.entries(value).map(([key, item]: [string, unknown]) => {
    const place = `${at}.${key}`;
    return { key, at: place, value: givenJson(item, place, depth + 1) };
  });
  return { kind: "mapping", at, entries };
}
