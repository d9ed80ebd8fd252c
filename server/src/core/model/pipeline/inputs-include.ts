// Inputs that a header takes from other files: `spec:include`, each file with a list of `inputs` at its root.
// https://docs.gitlab.com/ci/inputs/#define-pipeline-inputs-in-external-files
import type { QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { expandNode } from "./expand";
import { folderOfProjectFile } from "./include-project";
import { readStatement, type Statement } from "./include-statement";
import { localTarget, projectTarget, type Target } from "./include-target";
import type { ModelProblem } from "./problem";
import type { Entry, Value } from "./value";
import { rootPairOf } from "./yaml-of";

export interface TakenInputs {
  /** The declarations, in the order of the files. */
  readonly declared: readonly Entry[];
  readonly problems: readonly ModelProblem[];
  /** False where a file could not be read, so that there may be more. */
  readonly isWhole: boolean;
}

/** What `spec:include` of the file at `path` brings; nothing where the header has none. */
export function takenInputs(ctx: QueryContext, include: Value | undefined, path: FilePath): TakenInputs {
  const statements = include === undefined ? [] : readStatement(include);
  const targets = statements.flatMap((statement) => targetsOf(ctx, statement, path));
  return {
    declared: targets.flatMap(({ files }) => files.flatMap((file) => declaredIn(ctx, file))),
    problems: targets.flatMap(({ problem }) => problem ?? []),
    isWhole: targets.every(({ isRead }) => isRead) && statements.every(isFollowed),
  };
}

/** Rules of such an include are not worked out: what it brings may then be missing. */
const isFollowed = (statement: Statement): boolean =>
  (statement.kind === "local" || statement.kind === "project") && statement.rules === undefined;

function targetsOf(ctx: QueryContext, statement: Statement, path: FilePath): readonly Target[] {
  if (statement.kind === "local") return [localTarget(ctx, statement.target, folderOfProjectFile(ctx, path))];
  if (statement.kind === "project")
    return statement.files.map((file) => projectTarget(ctx, statement.target, file));
  return [];
}

function declaredIn(ctx: QueryContext, file: FilePath): readonly Entry[] {
  const pair = rootPairOf(ctx, file, "inputs");
  return pair === undefined ? [] : entriesOf(expandNode(ctx, pair.value));
}

/** The entries of a mapping; none for anything else. */
export const entriesOf = (value: Value | undefined): readonly Entry[] =>
  value?.kind === "map" ? [...value.entries.values()] : [];
