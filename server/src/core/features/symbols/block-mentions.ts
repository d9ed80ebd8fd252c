// Everything that one block of a pipeline's file names, worked out once for the block: an edit elsewhere in the file leaves it
// as it is.
import { blocksIn, inputNameOf } from "../../model/pipeline/inputs-interpolate";
import { defineQuery } from "../../query/query";
import type { YamlAlias, YamlBlock, YamlNode, YamlScalar } from "../../syntax/yaml-nodes";
import { partOf, type Origin } from "../../text/located";
import { jobMentions } from "./job-mentions";
import { uniqueMentions, type Mention } from "./symbol";
import { variableMentions } from "./variable-mentions";

/** Jobs, stages, variables, anchors, and uses of inputs. */
export const mentionsOfBlock = defineQuery<YamlBlock, readonly Mention[]>({
  name: "mentionsOfBlock",
  compute: (ctx, block) => {
    const owner = block.chunk.file;
    return [
      ...block.pairs.flatMap(jobMentions),
      ...uniqueMentions([
        ...block.pairs.flatMap((pair) => variableMentions(ctx, pair)),
        ...block.anchors.flatMap(possibleVariables),
      ]),
      ...block.anchors.flatMap((node) => anchorMention(node, owner)),
      ...block.aliases.map((alias) => aliasMention(alias, owner)),
      ...(block.chunk.text.includes("$[[") ? inputUses(block, owner) : []),
    ];
  },
});

/** `.vars: &vars { A: b }`, which `variables: { <<: *vars }` takes in: only who knows the jobs can tell. */
function possibleVariables(node: YamlNode): readonly Mention[] {
  return (node.kind === "map" ? node.pairs : []).flatMap(({ key }): readonly Mention[] => {
    if (key.kind !== "scalar" || !/^[A-Za-z_]\w*$/.test(key.text)) return [];
    const at = key.mapped.at(0, key.text.length);
    return [{ kind: "variable", name: key.text, owner: "", role: "definition", at, isPossible: true }];
  });
}

/** `&name` stands in front of its node, with blanks, line breaks, a tag or a comment between them. */
function anchorMention(node: YamlNode, owner: string): readonly Mention[] {
  const name = node.anchor ?? "";
  const { text } = node.at.chunk;
  for (let start = node.at.start; start >= 0;) {
    start = text.lastIndexOf(`&${name}`, start - 1);
    if (start === -1) return [];
    const end = start + 1 + name.length;
    // A longer name that begins with this one is another anchor.
    if (/^(?:\s|$)/.test(text.slice(end, end + 1)) || end === node.at.start) {
      const at: Origin = { chunk: node.at.chunk, start: start + 1, end };
      return [{ kind: "anchor", name, owner, role: "definition", at }];
    }
    if (start === 0) return [];
  }
  return [];
}

const aliasMention = ({ name, at }: YamlAlias, owner: string): Mention => ({
  kind: "anchor",
  name,
  owner,
  role: "reference",
  at: partOf(at, 1, 1 + name.length),
});

/** `$[[ inputs.x ]]` in any text of the block, keys too. */
function inputUses(block: YamlBlock, owner: string): readonly Mention[] {
  const roots =
    block.root === undefined ? block.pairs.flatMap(({ key, value }) => [key, value]) : [block.root];
  return roots.flatMap(scalarsBelow).flatMap((node) =>
    blocksIn(node.text).flatMap((each): readonly Mention[] => {
      const name = inputNameOf(each);
      if (name === undefined) return [];
      const start = node.text.indexOf(`inputs.${name}`, each.start) + "inputs.".length;
      const at = node.mapped.at(start, start + name.length);
      return [{ kind: "input", name, owner, role: "reference", at }];
    }),
  );
}

function scalarsBelow(node: YamlNode): readonly YamlScalar[] {
  switch (node.kind) {
    case "scalar":
      return [node];
    case "seq":
      return node.items.flatMap(scalarsBelow);
    case "map":
      return node.pairs.flatMap(({ key, value }) => [...scalarsBelow(key), ...scalarsBelow(value)]);
    case "alias":
      return [];
  }
}
