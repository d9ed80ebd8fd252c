// The places beside a finding: few enough to be read, where a template brings it into many jobs.
import type { Place } from "../text/located";
import type { RelatedPlace } from "./place";

/** More related places than this say no more: the rest is counted in the last one. */
const RELATED_LIMIT = 10;

export interface Related {
  readonly at: Place;
  readonly message: string;
}

/** At most ten places. Where there are more, the jobs that take the same way are told in one line, with the first place. */
export function fewRelated(all: readonly RelatedPlace[]): readonly Related[] {
  const related = all.length <= RELATED_LIMIT ? all : byWay(all);
  const shown = related.slice(0, RELATED_LIMIT).map(({ at, message }) => ({ at, message }));
  const last = related.length > RELATED_LIMIT ? shown.pop() : undefined;
  if (last === undefined) return shown;
  return [...shown, { ...last, message: `${last.message} and ${related.length - RELATED_LIMIT} more` }];
}

/** One line for all jobs of a way; a way that one job takes keeps its words, at the step nearest to the job. */
function byWay(all: readonly RelatedPlace[]): readonly RelatedPlace[] {
  const jobsByWay = new Map<string, Set<string>>();
  for (const { step } of all)
    if (step !== undefined) jobsByWay.set(step.way, (jobsByWay.get(step.way) ?? new Set()).add(step.job));
  const told = new Set<string>();
  return all.flatMap((each) => {
    const { at, step } = each;
    if (step === undefined) return [each];
    if (told.has(step.way)) return [];
    told.add(step.way);
    const count = jobsByWay.get(step.way)?.size ?? 0;
    return count > 1 ? [{ at, message: `used by ${count} jobs${step.way}` }] : [each];
  });
}
