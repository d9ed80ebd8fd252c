// Everything that can be folded in a pipeline's file and in a Dockerfile. Other files keep the editor's own folds, and those of
// their extensions: for them there is no answer, which an editor tells from an empty one.
import { dockerfileOf } from "../../model/docker/dockerfile";
import { shellScriptOf } from "../../model/docker/job-shells";
import { yamlOf } from "../../model/pipeline/yaml-of";
import { defineQuery, type QueryContext } from "../../query/query";
import type { YamlBlock } from "../../syntax/yaml-nodes";
import { createLineIndex } from "../../text/line-index";
import type { Origin } from "../../text/located";
import type { FilePath, SourceFile } from "../../text/source-file";
import { blocksOf, rootsOfFile } from "../symbols/pipelines-around";
import { nested, type Fold } from "./fold";
import { lineFolds } from "./line-folds";
import { scriptTextsIn } from "./script-texts";
import { shellFolds, type ShellFold } from "./shell-folds";

/** Undefined for files whose folds are not ours to give. */
export function foldsOf(ctx: QueryContext, path: FilePath): readonly Fold[] | undefined {
  const file = ctx.file(path);
  if (file?.kind === "dockerfile") return dockerfileFolds(ctx, file);
  return file?.kind === "gitlab-ci" && rootsOfFile(ctx, path).length > 0
    ? pipelineFolds(ctx, file)
    : undefined;
}

function pipelineFolds(ctx: QueryContext, { path, text, lines }: SourceFile): readonly Fold[] {
  const chunks = ctx.get(yamlOf, path)?.chunks;
  const scripts = blocksOf(ctx, path).map((block) => {
    const offset = chunks?.get(block.chunk);
    const line = offset === undefined ? 0 : lines.positionAt(offset).line;
    const { heredocs, commands } = ctx.get(foldsOfBlock, block);
    return { heredocs: shifted(heredocs, line), commands: shifted(commands, line) };
  });
  const { indentation, comments, regions } = lineFolds(text);
  return nested([
    regions,
    scripts.flatMap(({ heredocs }) => heredocs),
    indentation,
    scripts.flatMap(({ commands }) => commands),
    comments,
  ]);
}

const shifted = (folds: readonly Fold[], by: number): readonly Fold[] =>
  folds.map((fold) => ({ ...fold, start: fold.start + by, end: fold.end + by }));

/** Folds in the scripts of one block, in lines of the block: an edit elsewhere leaves them as they are. */
const foldsOfBlock = defineQuery<
  YamlBlock,
  { readonly heredocs: readonly Fold[]; readonly commands: readonly Fold[] }
>({
  name: "foldsOfBlock",
  compute: (ctx, block) => {
    const lines = createLineIndex(block.chunk.text);
    const heredocs: Fold[] = [];
    const commands: Fold[] = [];
    for (const { mapped, text } of scriptTextsIn(block).filter(({ text }) => mayFold(text))) {
      const inBlock = ({ start, end }: ShellFold): Fold => ({
        start: lines.positionAt(mapped.at(start, start).start).line,
        end: lines.positionAt(mapped.at(end, end).start).line,
      });
      const found = shellFolds(ctx.get(shellScriptOf, text), text);
      heredocs.push(...found.heredocs.map(inBlock));
      commands.push(...found.commands.map(inBlock));
    }
    return { heredocs, commands };
  },
});

/**
 * Whether a script may have more to fold than its indentation shows: a here-document, a line that goes on, a block or a quoted
 * text whose next line is not indented. Most have not, and are not read.
 */
const mayFold = (text: string): boolean =>
  text.includes("\n") && (text.includes("<<") || text.includes("\\\n") || UNINDENTED.test(text));

const UNINDENTED =
  /^([ \t]*)(?:(?:if|for|while|until|case|select)\b.*|.*(?:[{(|&]|["'][^"'\n]*))\n\1(?![ \t\n])/m;

// ---- Dockerfiles

function dockerfileFolds(ctx: QueryContext, { path, text, lines }: SourceFile): readonly Fold[] {
  const dockerfile = dockerfileOf(ctx, path);
  const foldOf = ({ start, end }: Origin): Fold => ({
    start: lines.positionAt(start).line,
    end: lines.positionAt(end).line,
  });
  const stages = dockerfile?.stages ?? [];
  const { indentation, comments, regions } = lineFolds(text);
  return nested([
    regions,
    // A single stage is the whole file.
    stages.length > 1 ? stages.map(({ at }) => foldOf(at)) : [],
    (dockerfile?.tree.instructions ?? []).map(({ at }) => foldOf(at)),
    indentation,
    comments,
  ]);
}
