// What is wrong with the `$[[ … ]]` of a file, whoever includes it: inputs that the header does not declare, functions
// that GitLab does not have. The words are GitLab's. lib/gitlab/ci/config/interpolation/{access,block,functions_stack}.rb
import { defineQuery } from "../../query/query";
import type { YamlNode, YamlScalar } from "../../syntax/yaml-nodes";
import type { FilePath } from "../../text/source-file";
import { functionError } from "./inputs-functions";
import { blocksIn, inputNameOf, type Block } from "./inputs-interpolate";
import { inputHeaderOf, type InputHeader } from "./inputs-spec";
import type { ModelProblem } from "./problem";
import { rootPairsOf, yamlOf } from "./yaml-of";

/** Problems of a file's header and of its interpolation blocks, each at its place; none for a file without header. */
export const inputProblemsOf = defineQuery<FilePath, readonly ModelProblem[]>({
  name: "inputProblemsOf",
  compute: (ctx, path) => {
    const header = ctx.get(inputHeaderOf, path);
    const yaml = header === undefined ? undefined : ctx.get(yamlOf, path);
    if (header === undefined || yaml === undefined) return [];
    const found = rootPairsOf(yaml).flatMap((pair) => [
      ...problemsIn(header, pair.key),
      ...problemsIn(header, pair.value),
    ]);
    return [...header.problems, ...found];
  },
});

function problemsIn(header: InputHeader, node: YamlNode): readonly ModelProblem[] {
  switch (node.kind) {
    case "scalar":
      return problemsOfScalar(header, node);
    case "seq":
      // GitLab does not interpolate inside `!reference`.
      return node.tag === "!reference" ? [] : node.items.flatMap((item) => problemsIn(header, item));
    case "map":
      return node.pairs.flatMap((pair) => [
        ...problemsIn(header, pair.key),
        ...problemsIn(header, pair.value),
      ]);
    case "alias":
      return [];
  }
}

const problemsOfScalar = (header: InputHeader, node: YamlScalar): readonly ModelProblem[] =>
  blocksIn(node.text).flatMap((block): readonly ModelProblem[] => {
    const message = blockError(header, block);
    return message === undefined
      ? []
      : [{ at: node.mapped.at(block.start, block.end), message, severity: "error" }];
  });

function blockError(header: InputHeader, block: Block): string | undefined {
  const [context = "", ...rest] = block.access.split(".");
  // `matrix` is for a later step; `component` and what GitLab may add hold values that are not known here.
  if (context === "matrix") return undefined;
  if (rest.length === 0) return "invalid interpolation access pattern";
  if (context === "input" && header.inputs.has(rest.join("."))) return "unknown interpolation key: `input`";
  if (context !== "inputs") return undefined;
  const name = inputNameOf(block);
  const spec = header.inputs.get(name ?? "");
  if (spec === undefined)
    return header.isWhole && name !== undefined ? `unknown interpolation key: \`${name}\`` : undefined;
  return functionError(block.functions, spec.type);
}
