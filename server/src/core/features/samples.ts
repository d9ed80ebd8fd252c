// Texts with variables, filled in for example pipelines: a branch, the default branch, a Git tag and a merge request.
import {
  SAMPLE_PIPELINES,
  SAMPLE_PROJECT,
  sampleValue,
  type SamplePipeline,
  type SampleProject,
} from "../data/sample-pipelines";
import { changeParts } from "../model/docker/parameter-change";
import { literal, type SymbolicPart, type SymbolicText, type VariablePart } from "../model/docker/symbolic";
import { ownProjectOf } from "../model/own-project";
import type { Job } from "../model/pipeline/job";
import { runsIn, type NameCondition, type Way } from "../model/pipeline/when";
import type { QueryContext } from "../query/query";
import { slugOf } from "../data/sample-pipelines";

/** A text as it is in one example. What no example says stays `$NAME`. */
export interface Filled {
  readonly text: string;
  /** True where nothing stayed a variable. */
  readonly isWhole: boolean;
  /** Names that are set in other pipelines, and are empty in this one. */
  readonly empty: readonly string[];
}

export const sampleProjectOf = (ctx: QueryContext): SampleProject =>
  ctx.get(ownProjectOf, null) ?? SAMPLE_PROJECT;

/** Fills in a text. */
export function fill({ parts }: SymbolicText, sample: SamplePipeline, project: SampleProject): Filled {
  const pieces = parts.map((part) => fillPart(part, sample, project));
  const empty = parts.flatMap((part, index) =>
    part.kind === "variable" && pieces[index]?.text === "" ? [part.name] : [],
  );
  return {
    text: pieces.map(({ text }) => text).join(""),
    isWhole: pieces.every(({ isKnown }) => isKnown),
    empty,
  };
}

interface Piece {
  readonly text: string;
  readonly isKnown: boolean;
}

function fillPart(part: SymbolicPart, sample: SamplePipeline, project: SampleProject): Piece {
  if (part.kind === "literal") return { text: part.text, isKnown: true };
  const value = part.reason === "predefined" ? sampleValue(sample, part.name, project) : undefined;
  const text = value === undefined ? undefined : changed(value, part);
  return text === undefined ? { text: shown(part), isKnown: false } : { text, isKnown: true };
}

const shown = ({ name, change }: VariablePart): string =>
  change === undefined ? `$${name}` : `\${${name}${change}}`;

/** A value behind `${X//\//-}`, `${X,,}`, `${X:0:8}`; undefined where the change is not understood. */
function changed(value: string, { name, change }: VariablePart): string | undefined {
  if (change === undefined) return value;
  const [, operator, argument] = /^(,,|\^\^|##?|%%?|\/\/?|:)([^]*)$/.exec(change) ?? [];
  if (operator === undefined || argument === undefined) return undefined;
  const [part] = changeParts([literal(value)], { name, operator, argument });
  return part?.kind === "literal" ? part.text : undefined;
}

/** The examples in which a job can run. */
export function samplesOf(ctx: QueryContext, job: Job): readonly SamplePipeline[] {
  const { ways } = runsIn(ctx, job);
  return SAMPLE_PIPELINES.filter((sample) => ways.some((way) => admits(way, sample)));
}

const admits = ({ refs, name }: Way, sample: SamplePipeline): boolean =>
  refs.includes(sample.ref) && name.every((condition) => holds(condition, sample));

/** A regular expression of the user is not run: it may take forever. It is taken to match. */
function holds(condition: NameCondition, { refName, isDefault }: SamplePipeline): boolean {
  switch (condition.kind) {
    case "is":
      return condition.name === refName;
    case "is-not":
      return condition.name !== refName;
    case "is-default":
      return isDefault;
    case "is-not-default":
      return !isDefault;
    case "slug-is":
      return condition.slug === slugOf(refName);
    case "matches":
    case "matches-not":
      return true;
  }
}
