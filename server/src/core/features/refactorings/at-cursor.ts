// What stands at a cursor, in the words of the model, and offers that hold for all jobs that share a line.
import type { ContainerCommand } from "../../model/docker/command";
import { dialectOf } from "../../model/docker/find-commands";
import type { Job } from "../../model/pipeline/job";
import type { QueryContext } from "../../query/query";
import type { ChunkEdit } from "../../text/edit";
import { commandIn, jobsAt } from "../position/jobs-at";
import { yamlPathAt } from "../position/yaml-path";
import type { Cursor, RefactoringDraft } from "./refactoring";

/** The jobs that what stands at a cursor may be a part of; none outside of pipeline files. */
export function jobsAtCursor(ctx: QueryContext, { spot }: Cursor): readonly Job[] {
  if (spot.kind !== "gitlab-ci") return [];
  const path = yamlPathAt(ctx, spot);
  return path === undefined ? [] : jobsAt(ctx, spot, path);
}

/** The container command at a cursor, once for each visible job that runs it: an anchor or a template goes into several. */
export function commandsAtCursor(ctx: QueryContext, cursor: Cursor): readonly ContainerCommand[] {
  return jobsAtCursor(ctx, cursor).flatMap((job) => {
    const command = job.isHidden ? undefined : commandIn(ctx, job, cursor.spot);
    return command !== undefined && canBeEdited(ctx, command) ? [command] : [];
  });
}

/** In a script item that is written in a pipeline file, and not in a called script, `sh -c`, a function or a substitution. */
const canBeEdited = (
  ctx: QueryContext,
  { job, item, at, caller, isNested, use }: ContainerCommand,
): boolean =>
  item.at.chunk === at.chunk &&
  caller === undefined &&
  !isNested &&
  !use.inSubstitution &&
  use.inFunction === undefined &&
  dialectOf(ctx, job) === "posix";

/** The one draft of several jobs; undefined where it would not be the same for each of them. */
export function forAllJobs<T extends { readonly job: Job }>(
  subjects: readonly T[],
  make: (subject: T) => RefactoringDraft | undefined,
): RefactoringDraft | undefined {
  const [first, ...others] = subjects.map(make);
  if (first === undefined || others.some((other) => other === undefined || !isSame(first, other)))
    return undefined;
  return {
    ...first,
    changes: [...new Set([...(first.changes ?? []), ...subjects.map(({ job }) => job.name)])],
  };
}

const isSame = (a: RefactoringDraft, b: RefactoringDraft): boolean =>
  a.title === b.title &&
  a.edits.length === b.edits.length &&
  a.edits.every((edit, index) => isSameEdit(edit, b.edits[index]));

const isSameEdit = (a: ChunkEdit, b: ChunkEdit | undefined): boolean =>
  a.chunk === b?.chunk && a.start === b.start && a.end === b.end && a.newText === b.newText;
