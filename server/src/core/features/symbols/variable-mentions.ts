// The variables that one top-level entry of a pipeline's file names: definitions in `variables:` of every kind, uses in texts
// and in scripts. https://docs.gitlab.com/ci/variables/where_variables_can_be_used/
import { shellScriptOf } from "../../model/docker/job-shells";
import type { QueryContext } from "../../query/query";
import { groupItems, placeInItems } from "../../syntax/shell-items";
import { type YamlMap, type YamlNode, type YamlPair, type YamlScalar } from "../../syntax/yaml-nodes";
import type { Origin } from "../../text/located";
import { namesInShell } from "./shell-names";
import type { Mention, Role } from "./symbol";

const SCRIPTS: ReadonlySet<string> = new Set([
  "script",
  "before_script",
  "after_script",
  "pre_get_sources_script",
]);

/** Mappings whose keys are variables. */
const DEFINING: ReadonlySet<string> = new Set(["variables", "secrets", "id_tokens"]);

/** `$X`, `${X}` and `%X%`; `$$` is a dollar sign. */
const IN_TEXT = /\$\$|\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)|%([A-Za-z_]\w*)%/g;

export function variableMentions(ctx: QueryContext, pair: YamlPair): readonly Mention[] {
  const found: Mention[] = [];
  visitPair({ ctx, found }, pair, "");
  return found;
}

interface Search {
  readonly ctx: QueryContext;
  readonly found: Mention[];
}

function add(search: Search, name: string, role: Role, at: Origin, obstacle?: string): void {
  const mention = { kind: "variable", name, owner: "", role, at } as const;
  search.found.push(obstacle === undefined ? mention : { ...mention, obstacle });
}

/** `parent`: the key above, which says what a mapping is. */
function visitPair(search: Search, { key, value }: YamlPair, parent: string): void {
  const name = key.kind === "scalar" ? key.text : "";
  if (SCRIPTS.has(name) && visitScript(search, value)) return;
  if (value.kind === "map" && DEFINING.has(name)) defineKeys(search, value, parent);
  if (value.kind === "seq") visitRows(search, name, value.items, parent);
  if (key.kind === "scalar") visitText(search, key);
  visit(search, value, name === "parallel" && parent === "needs" ? "needs" : name);
}

function visitRows(search: Search, name: string, items: readonly YamlNode[], parent: string): void {
  if (name === "matrix") matrixKeys(search, items, parent);
  else if (name === "variables" && parent === "inherit") inherited(search, items);
}

function visit(search: Search, node: YamlNode, key: string): void {
  if (node.kind === "scalar") visitText(search, node);
  else if (node.kind === "seq") node.items.forEach((item) => visit(search, item, key));
  else if (node.kind === "map") node.pairs.forEach((pair) => visitPair(search, pair, key));
}

function defineKeys(search: Search, map: YamlMap, parent: string): void {
  for (const { key } of map.pairs) {
    if (key.kind !== "scalar" || key.text === "<<" || !/^[A-Za-z_]\w*$/.test(key.text)) continue;
    const forService = parent === "services" ? "a service gets it under this name" : undefined;
    add(search, key.text, "definition", key.mapped.at(0, key.text.length), forService);
  }
}

/** Rows of `parallel:matrix`. Those under `needs` choose jobs of another job's matrix. */
function matrixKeys(search: Search, rows: readonly YamlNode[], parent: string): void {
  for (const row of rows) {
    for (const { key } of row.kind === "map" ? row.pairs : []) {
      if (key.kind !== "scalar" || !/^[A-Za-z_]\w*$/.test(key.text)) continue;
      const at = key.mapped.at(0, key.text.length);
      if (parent === "needs")
        add(search, key.text, "reference", at, "`needs` chooses rows of a matrix by it");
      else add(search, key.text, "definition", at);
    }
  }
}

/** https://docs.gitlab.com/ci/yaml/#inheritvariables */
function inherited(search: Search, items: readonly YamlNode[]): void {
  for (const item of items) {
    if (item.kind === "scalar" && /^[A-Za-z_]\w*$/.test(item.text))
      add(search, item.text, "reference", item.mapped.at(0, item.text.length));
  }
}

function visitText(search: Search, node: YamlScalar): void {
  if (!/[$%]/.test(node.text)) return;
  for (const match of node.text.matchAll(IN_TEXT)) {
    const name = match[1] ?? match[2] ?? match[3];
    if (name === undefined) continue;
    const start = match.index + match[0].indexOf(name);
    add(search, name, "reference", node.mapped.at(start, start + name.length));
  }
}

/** Whether a value is a script: a text, or a list of texts and of lists of them. */
function visitScript(search: Search, value: YamlNode): boolean {
  if (value.kind === "map" || value.kind === "alias") return false;
  const items = itemsOf(value);
  const texts = items.map((item) => item.text);
  for (const group of groupItems(texts, (text) => search.ctx.get(shellScriptOf, text))) {
    for (const { name, role, start, end, obstacle } of namesInShell(group.script, group.text)) {
      const range = placeInItems(group, { start, end });
      const at = items[range.item]?.mapped.at(range.start, range.end);
      if (at !== undefined) add(search, name, role, at, obstacle);
    }
  }
  return true;
}

const itemsOf = (node: YamlNode): readonly YamlScalar[] => {
  if (node.kind === "scalar") return [node];
  return node.kind === "seq" && node.tag !== "!reference" ? node.items.flatMap(itemsOf) : [];
};
