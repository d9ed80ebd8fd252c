// Hover in `.gitlab-ci-docker.yml`: settings by the schema, rules by their page.
import { settingsSchema } from "../../settings/schema";
import type { JsonSchema } from "../../settings/decoder";
import { RULE_IDS } from "../../settings/rule-ids";
import type { QueryContext } from "../../query/query";
import type { Spot } from "../position/spot";
import { yamlPathAt } from "../position/yaml-path";
import { schemaAt } from "../settings-schema";
import { hoverText, type HoverText } from "./hover-text";
import { code, paragraphs } from "./markdown";
import { ruleText } from "./rule";

/** What is said of the key at a spot. */
export function configurationHover(ctx: QueryContext, spot: Spot): HoverText | undefined {
  const path = yamlPathAt(ctx, spot);
  if (path?.on !== "key") return undefined;
  const [section, id] = path.keys;
  if (section === "rules" && typeof id === "string" && path.keys.length === 2) {
    const text = ruleText(id);
    return text === undefined ? undefined : hoverText(text, path.node.at);
  }
  const schema: JsonSchema | undefined = schemaAt(settingsSchema(RULE_IDS), path.keys);
  const description = schema?.["description"];
  if (typeof description !== "string") return undefined;
  return hoverText(paragraphs(`**${code(String(path.keys.at(-1)))}**`, `${description}.`), path.node.at);
}
