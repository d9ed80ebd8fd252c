// The scalars of a block that hold shell text: the items of its script sections.
import type { YamlBlock, YamlNode, YamlScalar } from "../../syntax/yaml-nodes";
import { keyText } from "../../syntax/yaml-nodes";

/** https://docs.gitlab.com/ci/yaml/#script , `hooks:pre_get_sources_script` of https://docs.gitlab.com/ci/yaml/#hooks */
const SECTION = /^(?:(?:before_|after_)?script|pre_get_sources_script)$/;

/** Script items, wherever in a block they stand; aliases are not followed. */
export const scriptTextsIn = ({ pairs }: YamlBlock): readonly YamlScalar[] =>
  pairs.flatMap(({ key, value }) =>
    key.kind === "scalar" && SECTION.test(key.text) ? scalarsIn(value) : sectionsIn(value),
  );

const sectionsIn = (node: YamlNode): readonly YamlScalar[] =>
  node.kind === "map"
    ? node.pairs.flatMap((pair) =>
        SECTION.test(keyText(pair) ?? "") ? scalarsIn(pair.value) : sectionsIn(pair.value),
      )
    : [];

function scalarsIn(node: YamlNode): readonly YamlScalar[] {
  // The words of `!reference` are names.
  if (node.tag === "!reference") return [];
  if (node.kind === "scalar") return [node];
  return node.kind === "seq" ? node.items.flatMap(scalarsIn) : [];
}
