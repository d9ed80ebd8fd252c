// Which files make a pipeline, in which order, and with which inputs. https://docs.gitlab.com/ci/yaml/includes/
import { defineQuery } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { childStartsOf } from "./child-pipelines";
import { walkFile, walkStatements, type FileUse, type Walked } from "./include-walk";

export interface PipelineFiles extends Walked {
  /** In the order in which they are merged, each once: nested includes first, the root last and winning. */
  readonly files: readonly FilePath[];
}

/** Every file of the pipeline that starts at a path: an entry, or the first file of a child pipeline. */
export const pipelineFilesOf = defineQuery<FilePath, PipelineFiles>({
  name: "pipelineFilesOf",
  compute: (ctx, root, previous) => {
    const statements = ctx.get(childStartsOf, null).get(root);
    const before = previous?.uses ?? [];
    const { uses, includes, problems, isClosed } =
      statements === undefined ? walkFile(ctx, root, before) : walkStatements(ctx, statements, before);
    return { files: filesOf(uses), uses, includes, problems, isClosed };
  },
});

/** Each file once, where it is merged last. */
function filesOf(uses: readonly FileUse[]): readonly FilePath[] {
  const files = new Set<FilePath>();
  for (const { file } of [...uses].reverse()) files.add(file);
  return [...files].reverse();
}
