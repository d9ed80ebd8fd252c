// How many levels of a path stand below the project's own in GitLab's registry, which takes two.
// https://docs.gitlab.com/user/packages/container_registry/#naming-convention-for-your-container-images ;
// lib/container_registry/path.rb of GitLab (LEVELS_SUPPORTED: the project's own path counts as one)
import type { ImageReference } from "./image-reference";
import { plainPlace } from "./reference-grammar";
import { showText, type LiteralPart, type SymbolicPart } from "./symbolic";
import type { Origin } from "../../text/located";

export const MOST_LEVELS = 2;

export interface Levels {
  /** Components that are surely there: one that is nothing but an unknown variable may be empty. */
  readonly count: number;
  /** The part that goes beyond what is taken. */
  readonly part: LiteralPart | undefined;
  /** The slashes behind the last level that is taken; undefined where one of them has no place of its own. */
  readonly surplus: readonly Origin[] | undefined;
}

/** The levels below the project's path; undefined where a reference does not begin with it. */
export function levelsOf(reference: ImageReference): Levels | undefined {
  const rest = behindProject(reference);
  if (rest === undefined) return undefined;
  let count = 0;
  let isCounted = true;
  const surplus: Slash[] = [];
  for (const mark of rest.flatMap(marksOf)) {
    if (mark === "text" && !isCounted) count += 1;
    if (mark === "text") isCounted = true;
    if (typeof mark === "string") continue;
    if (count >= MOST_LEVELS) surplus.push(mark);
    isCounted = false;
  }
  const places = surplus
    .map(({ part, offset }) => placeOf(part, offset))
    .filter((place) => place !== undefined);
  return { count, part: surplus[0]?.part, surplus: places.length < surplus.length ? undefined : places };
}

interface Slash {
  readonly part: LiteralPart;
  readonly offset: number;
}

/** The slashes of a part, and what is surely there beside them. */
function marksOf(part: SymbolicPart): readonly (Slash | "text" | "maybe")[] {
  if (part.kind === "variable")
    return [part.reason === "predefined" && !part.properties.mayBeEmpty ? "text" : "maybe"];
  return [...part.text.matchAll(/\/|[^/]+/g)].map(({ 0: text, index }) =>
    text === "/" ? { part, offset: index } : "text",
  );
}

function placeOf(part: LiteralPart, offset: number): Origin | undefined {
  const whole = plainPlace(part);
  return whole && { chunk: whole.chunk, start: whole.start + offset, end: whole.start + offset + 1 };
}

/** What stands behind `$CI_REGISTRY_IMAGE`, `$CI_REGISTRY/$CI_PROJECT_PATH` or the same in two parts. */
function behindProject(reference: ImageReference): readonly SymbolicPart[] | undefined {
  const { registry, repository } = reference;
  const [first, ...rest] = repository.parts;
  if (isPredefined(first, "CI_REGISTRY_IMAGE")) return startsWithSlash(rest);
  if (!registry.known || registry.value === undefined || showText(registry.value) !== "$CI_REGISTRY")
    return undefined;
  if (isPredefined(first, "CI_PROJECT_PATH")) return startsWithSlash(rest);
  const [slash, name, ...more] = rest;
  const isInTwo =
    isPredefined(first, "CI_PROJECT_NAMESPACE") &&
    slash?.kind === "literal" &&
    slash.text === "/" &&
    isPredefined(name, "CI_PROJECT_NAME");
  return isInTwo ? startsWithSlash(more) : undefined;
}

const isPredefined = (part: SymbolicPart | undefined, name: string): boolean =>
  part?.kind === "variable" &&
  part.reason === "predefined" &&
  part.name === name &&
  part.change === undefined;

/** `$CI_REGISTRY_IMAGE-cache` is the image of another project. */
const startsWithSlash = (parts: readonly SymbolicPart[]): readonly SymbolicPart[] | undefined => {
  const [first] = parts;
  return first === undefined || (first.kind === "literal" && first.text.startsWith("/")) ? parts : undefined;
};

/** `$CI_REGISTRY/app`: a path of one component, in which no project can lie. */
export function hasNoProject({ registry, repository }: ImageReference): boolean {
  const isOwn = registry.known && registry.value !== undefined && showText(registry.value) === "$CI_REGISTRY";
  return isOwn && repository.parts.every((part) => part.kind === "literal" && !part.text.includes("/"));
}

/** A first look: whether a reference begins with one of the registry's own variables. */
export function mayBeOwnRegistry({ text: { parts } }: ImageReference): boolean {
  const [first] = parts;
  return first?.kind === "variable" && /^CI_REGISTRY(?:_IMAGE)?$/.test(first.name);
}
