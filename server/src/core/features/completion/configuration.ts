// Completion in `.gitlab-ci-docker.yml`: its keys and values by the schema, and the ids of rules.
import { rules } from "../../rules/index";
import type { JsonSchema } from "../../settings/decoder";
import { RULE_IDS } from "../../settings/rule-ids";
import { settingsSchema } from "../../settings/schema";
import type { SourceFile } from "../../text/source-file";
import { yamlLineAt, type YamlLine } from "../position/yaml-line";
import { choicesOf, propertiesOf, schemaAt, schemaIn } from "../settings-schema";
import { NOTHING, type Item, type Offer } from "./item";

/** What is offered at an offset. */
export function configurationOffer({ text }: SourceFile, offset: number): Offer | undefined {
  const line = yamlLineAt(text, offset);
  if (line === undefined || line.on === "text") return undefined;
  const items =
    line.on === "value" ? valuesAt(line) : [...keysAt(line), ...(line.on === "item" ? valuesAt(line) : [])];
  return { items, at: { start: line.start, end: offset } };
}

/** Lists have no part in the keys of a line: what is looked for stands in their items. */
function schemaOf(keys: readonly string[]): JsonSchema | undefined {
  return keys.reduce<JsonSchema | undefined>((held, key) => {
    const own = held && (schemaIn(held["items"]) ?? held);
    return own && schemaAt(own, [key]);
  }, settingsSchema(RULE_IDS));
}

function keysAt({ keys }: YamlLine): readonly Item[] {
  if (keys.length === 1 && keys[0] === "rules") return ruleItems();
  const schema = schemaOf(keys);
  const own = schema && (schemaIn(schema["items"]) ?? schema);
  if (own === undefined) return NOTHING;
  return Object.entries(propertiesOf(own)).map(([label, property]): Item => {
    const described = schemaIn(property)?.["description"];
    return {
      label,
      kind: "key",
      detail: undefined,
      insert: `${label}: `,
      ...(typeof described === "string" ? { documentation: described } : {}),
    };
  });
}

const ruleItems = (): readonly Item[] =>
  rules.map(({ id, title, severity, docs }) => ({
    label: id,
    kind: "rule",
    detail: severity,
    documentation: `${title}\n\n${docs.what}`,
    insert: `${id}: `,
  }));

function valuesAt({ keys }: YamlLine): readonly Item[] {
  const schema = schemaOf(keys);
  const own = schema && (schemaIn(schema["items"]) ?? schema);
  return own === undefined
    ? NOTHING
    : choicesOf(own).map((label) => ({ label, kind: "value", detail: undefined }));
}
