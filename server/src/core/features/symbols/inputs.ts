// Inputs: the header that declares them, their uses in the file, and whoever includes the file and sets them.
// https://docs.gitlab.com/ci/inputs/
import { childStartsOf } from "../../model/pipeline/child-pipelines";
import { expandNode } from "../../model/pipeline/expand";
import { pipelineFilesOf } from "../../model/pipeline/include";
import { readStatement, type Statement } from "../../model/pipeline/include-statement";
import { inputHeaderOf } from "../../model/pipeline/inputs-spec";
import { rootsOf } from "../../model/pipeline/roots";
import { rootPairOf } from "../../model/pipeline/yaml-of";
import { defineQuery, type QueryContext } from "../../query/query";
import { sameOrigin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { mentionsOfBlock } from "./block-mentions";
import { blocksAt, blocksNaming } from "./pipelines-around";
import { nameWithin, uniqueMentions, type Mention, type SymbolProvider } from "./symbol";

export const inputs: SymbolProvider = {
  kinds: ["input"],
  around: (ctx, spot) => {
    const blocks = blocksAt(ctx, spot);
    if (blocks.length === 0) return [];
    const mentions = blocks.flatMap((block) => ctx.get(mentionsOfBlock, block));
    const uses = mentions.filter(({ kind }) => kind === "input");
    return [...uses, ...declaredBy(ctx, spot.file), ...ctx.get(givenInputs, null)];
  },
  all: (ctx, { name, owner }) => {
    const uses = blocksNaming(ctx, owner, name).flatMap((block) => ctx.get(mentionsOfBlock, block));
    const all = [...declaredBy(ctx, owner), ...uses, ...ctx.get(givenInputs, null)];
    return uniqueMentions(
      all.filter((each) => each.kind === "input" && each.name === name && each.owner === owner),
    );
  },
};

const declaredBy = (ctx: QueryContext, owner: FilePath): readonly Mention[] =>
  [...(ctx.get(inputHeaderOf, owner)?.inputs.values() ?? [])].map(({ name, nameAt }) =>
    keyMention(name, nameAt, owner, "definition"),
  );

function keyMention(name: string, at: Mention["at"], owner: FilePath, role: Mention["role"]): Mention {
  return { kind: "input", name, owner, role, at: nameWithin(at, name) ?? at };
}

/** The keys of `inputs:` of all includes and triggers, each for the files that it reaches. */
const givenInputs = defineQuery<null, readonly Mention[]>({
  name: "givenInputs",
  compute: (ctx) => {
    const roots = ctx.get(rootsOf, null);
    const files = new Set(roots.flatMap((root) => ctx.get(pipelineFilesOf, root).files));
    const includes = roots.flatMap((root) => ctx.get(pipelineFilesOf, root).includes);
    const ofIncludes = [...files].flatMap((file) => {
      const pair = rootPairOf(ctx, file, "include");
      const statements = pair === undefined ? [] : readStatement(expandNode(ctx, pair.value));
      return statements.flatMap((statement) => {
        const reached = includes.filter(
          ({ target }) => statement.kind !== "unreadable" && sameOrigin(target.at, statement.target.at),
        );
        return keysOf(statement, [...new Set(reached.flatMap((each) => each.files))]);
      });
    });
    const ofTriggers = [...ctx.get(childStartsOf, null)].flatMap(([root, statements]) =>
      statements.flatMap((statement) => keysOf(statement, [root])),
    );
    return [...ofIncludes, ...ofTriggers];
  },
});

function keysOf(statement: Statement, files: readonly FilePath[]): readonly Mention[] {
  if (statement.kind === "unreadable" || statement.inputs?.kind !== "map") return [];
  const keys = [...statement.inputs.entries.values()];
  return files.flatMap((file) => keys.map(({ key, keyAt }) => keyMention(key, keyAt, file, "reference")));
}
