// Links in `.gitlab-ci-docker.yml`: the pages of rules, and the pipelines that it names.
import { yamlOf } from "../../model/pipeline/yaml-of";
import type { QueryContext } from "../../query/query";
import { RULE_IDS } from "../../settings/rule-ids";
import { keyText, type YamlNode, type YamlScalar } from "../../syntax/yaml-nodes";
import type { Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { fileLink, withoutQuotes, type Link } from "./link";

export function configurationLinks(ctx: QueryContext, path: FilePath): readonly Link<Origin>[] {
  const documents = ctx.get(yamlOf, path)?.documents ?? [];
  const pairs = documents.flatMap(({ blocks }) => blocks.flatMap((block) => block.pairs));
  return pairs.flatMap((pair) => {
    switch (keyText(pair)) {
      case "rules":
        return ruleLinks(pair.value);
      case "entry":
        return entryLinks(ctx, pair.value);
      default:
        return [];
    }
  });
}

const ruleLinks = (node: YamlNode): readonly Link<Origin>[] =>
  (node.kind === "map" ? node.pairs : []).flatMap((pair): readonly Link<Origin>[] => {
    const id = keyText(pair);
    if (id === undefined || !RULE_IDS.includes(id)) return [];
    return [{ at: withoutQuotes(pair.key.at), target: { kind: "rule", id } }];
  });

function entryLinks(ctx: QueryContext, node: YamlNode): readonly Link<Origin>[] {
  const items = node.kind === "seq" ? node.items : [node];
  return items
    .filter((item): item is YamlScalar => item.kind === "scalar")
    .flatMap(({ text, at }) => (ctx.exists(text) === true ? [fileLink(at, text)] : []));
}
