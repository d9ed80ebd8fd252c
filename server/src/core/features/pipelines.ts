// Which jobs a repository's own pipelines have, and where a file writes some of them.
import { pipelineFilesOf } from "../model/pipeline/include";
import { isJob, jobNamesOf, rootKey } from "../model/pipeline/resolve";
import { childPipelinesOf, rootsOf } from "../model/pipeline/roots";
import { definitionsOf } from "../model/pipeline/root-table";
import { settingsOf } from "../model/settings-of";
import type { QueryContext } from "../query/query";
import type { Origin } from "../text/located";
import type { FilePath } from "../text/source-file";

type Ask = Pick<QueryContext, "get">;

/** A job by its name; `label` is what it is listed under. */
export interface JobName {
  readonly root: FilePath;
  readonly name: string;
  /** The name; of a job in a second pipeline whose name is taken, the name behind its file: `other.yml:build`. */
  readonly label: string;
  readonly isHidden: boolean;
}

const ENTRY_FILE = ".gitlab-ci.yml";

/**
 * The pipelines that a push starts: the configured ones, else `.gitlab-ci.yml`. Where there is neither, all that are
 * started by no other pipeline.
 */
export function entriesOf(ask: Ask, roots: readonly FilePath[]): readonly FilePath[] {
  const { entry } = ask.get(settingsOf, null).settings;
  const named = (entry.length > 0 ? entry : [ENTRY_FILE]).filter((path) => roots.includes(path));
  if (named.length > 0) return named;
  const children = new Set(ask.get(rootsOf, null).flatMap((root) => ask.get(childPipelinesOf, root)));
  return roots.filter((root) => !children.has(root));
}

/** The jobs and templates of pipelines, in order. */
export function jobNames(ask: Ask, roots: readonly FilePath[]): readonly JobName[] {
  const taken = new Set<string>();
  return roots.flatMap((root) => {
    const names = ask.get(jobNamesOf, root).filter((name) => isJob(ask, rootKey(root, name)));
    return names.map((name) => {
      const label = taken.has(name) ? `${root}:${name}` : name;
      taken.add(label);
      return { root, name, label, isHidden: name.startsWith(".") };
    });
  });
}

/** A job of a pipeline that a file is part of. */
export interface JobInFile<P> {
  readonly root: FilePath;
  readonly name: string;
  readonly isHidden: boolean;
  /** Key and value in that file; undefined where only other files write the job. */
  readonly written: { readonly at: P; readonly nameAt: P } | undefined;
}

/** The jobs of the pipelines that a file is part of, those of the first pipeline first, each name once. */
export function jobsAround(
  ask: Ask,
  roots: readonly FilePath[],
  file: FilePath,
): readonly JobInFile<Origin>[] {
  const found = new Map<string, JobInFile<Origin>>();
  for (const root of roots.filter((each) => ask.get(pipelineFilesOf, each).files.includes(file))) {
    for (const name of ask.get(jobNamesOf, root)) {
      if (found.has(name)) continue;
      const pair = ask
        .get(definitionsOf, rootKey(root, name))
        .findLast((each) => each.at.chunk.file === file);
      const written = pair && { at: pair.at, nameAt: pair.key.at };
      found.set(name, { root, name, isHidden: name.startsWith("."), written });
    }
  }
  return [...found.values()];
}
