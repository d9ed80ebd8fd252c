// Our own requests: which jobs there are around a document, and one of them as GitLab sees it.
import type { Location, Range } from "vscode-languageserver";
import { createLineIndex, effectiveYaml } from "../../core/index";
import { locationOf, rangeOf, toRange } from "../convert";
import type { Placed } from "../folders";

/** Jobs of the pipelines that a document is part of. */
export const JOBS_REQUEST = "gitlabCiDocker/jobs";
export interface JobsParams {
  readonly uri: string;
}

/** A job by its pipeline and name. */
export interface JobReference {
  /** The pipeline's entry file, below the folder's root. */
  readonly root: string;
  readonly name: string;
}

export interface JobItem extends JobReference {
  readonly isHidden: boolean;
  /** Key and value in the document; null where only other files write the job. */
  readonly range: Range | null;
}

/** One effective job, as YAML whose comments say where each value is written. */
export const EFFECTIVE_JOB_REQUEST = "gitlabCiDocker/effectiveJob";
export interface EffectiveJobParams extends JobReference {
  /** A document of the folder. */
  readonly uri: string;
}

export interface EffectiveJobAnswer {
  readonly text: string;
  /** Ranges of the text that name places, in order, and these places. */
  readonly links: readonly { readonly range: Range; readonly target: Location }[];
}

export function jobItems({ session, path }: Placed): readonly JobItem[] {
  const { speech } = session;
  return session.ask((analysis) =>
    analysis.jobsAround(path).map(({ root, name, isHidden, written }) => {
      return { root, name, isHidden, range: written === undefined ? null : rangeOf(written.at, speech) };
    }),
  );
}

/** Null where there is no such job (any more). */
export function effectiveJobAnswer(
  { session }: Placed,
  { root, name }: JobReference,
): EffectiveJobAnswer | null {
  const { speech } = session;
  const job = session.ask((analysis) => analysis.effectiveJob(root, name));
  if (job === undefined) return null;
  const { text, links } = effectiveYaml([job], speech.file);
  const lines = createLineIndex(text);
  return {
    text,
    links: links.map(({ start, end, to }) => ({
      range: toRange(lines, start, end, speech.encoding),
      target: locationOf(to, speech),
    })),
  };
}
