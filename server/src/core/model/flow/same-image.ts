// Whether two references can name one image when the pipeline runs, although their texts differ: `:$CI_COMMIT_REF_SLUG` is `:main`
// on that branch, and a variable that nobody knows may hold anything.
import { normaliseName, type ImageReference } from "../docker/image-reference";
import type { Answer } from "../pipeline/answer";
import { literal, type SymbolicPart, type SymbolicText, type VariablePart } from "../docker/symbolic";

/** "yes" where the texts are the same, "unknown" where values could make them so, "no" where none can. */
export function mayBeSame(a: ImageReference, b: ImageReference): Answer {
  if (a.key === b.key) return "yes";
  return mayBeSameName(normaliseName(a), normaliseName(b)) === "no" || !mayHaveSameTag(a, b)
    ? "no"
    : "unknown";
}

/** The same for registry and path alone, in their canonical form. */
export const mayBeSameName = (a: SymbolicText, b: SymbolicText): Answer => equals(a, b, NAME);

/** Whether tag and digest do not tell two images of one name apart. `$IMAGE` alone may hold the tag too. */
export function mayHaveSameTag(a: ImageReference, b: ImageReference): boolean {
  if (a.digest !== undefined || b.digest !== undefined) return a.key === b.key;
  return !a.tag.known || !b.tag.known || equals(tagOf(a), tagOf(b), TAG) !== "no";
}

const tagOf = ({ tag }: ImageReference): SymbolicText =>
  (tag.known ? tag.value : undefined) ?? { parts: [literal("latest")] };

/** Whether a reference holds a variable whose value nobody in sight knows. */
export const isOpenReference = ({ text }: ImageReference): boolean => text.parts.some(isOpenToken);

/** The same for two references of one job, in which what GitLab sets has one value: only unknown variables leave room. */
export function mayBeSameInJob(a: ImageReference, b: ImageReference): Answer {
  if (a.key === b.key) return "yes";
  return isOpenReference(a) || isOpenReference(b) ? mayBeSame(a, b) : "no";
}

/** What a variable that GitLab sets can hold, as a regular expression. */
interface Alphabet {
  readonly of: (variable: VariablePart) => string;
  /** Texts that no variable holds on its own. */
  readonly never: RegExp | undefined;
}

/** A commit, a pipeline and a job have numbers; a branch is called neither `latest` nor after a cache. */
const TAG: Alphabet = {
  of: (variable) => (variable.properties.uniquePerCommit ? "[0-9a-f]+" : "[\\w.-]+"),
  never: /latest|cache/,
};
const NAME: Alphabet = { of: () => ".+", never: undefined };

function equals(a: SymbolicText, b: SymbolicText, alphabet: Alphabet): Answer {
  const variables: VariablePart[] = [];
  const [flatA, flatB] = [flatText(a, variables), flatText(b, variables)];
  if (flatA === flatB) return "yes";
  const [restA, restB] = withoutCommon(flatA, flatB);
  const [inA, inB] = [standIns(restA, variables), standIns(restB, variables)];
  if (inA.length + inB.length === 0) return "no";
  if ([...inA, ...inB].some(isOpenToken)) return "unknown";
  if (inA.length === 0) return canBe(restB, inB, restA, alphabet);
  if (inB.length === 0) return canBe(restA, inA, restB, alphabet);
  return agree(inA, inB) ? "unknown" : "no";
}

/** A part whose value nobody in sight knows. */
const isOpenToken = (part: SymbolicPart): boolean => part.kind === "variable" && part.reason !== "predefined";

/** Two variables of one kind may hold the same; what is new in each commit is no name, but may be another variable's commit. */
function agree(a: readonly VariablePart[], b: readonly VariablePart[]): boolean {
  const isUnique = (all: readonly VariablePart[]): boolean =>
    all.some(({ properties }) => properties.uniquePerCommit);
  const isCommit = (all: readonly VariablePart[]): boolean => all.some(({ name }) => name.endsWith("_SHA"));
  if (isUnique(a) && isUnique(b)) return false;
  return isUnique(a) === isUnique(b) || (isCommit(a) && isCommit(b));
}

/** Where more variables meet, their values could be cut in too many ways to try. */
const MOST_VARIABLES = 4;

function canBe(
  flat: string,
  variables: readonly VariablePart[],
  text: string,
  { of, never }: Alphabet,
): Answer {
  if (never?.test(text) === true) return "no";
  if (variables.length > MOST_VARIABLES) return "unknown";
  let next = 0;
  const pattern = flat.replace(/[.*+?^${}()|[\]\\]|[\uE000-\uF8FF]/g, (character) => {
    const variable = character >= FIRST ? variables[next++] : undefined;
    return variable === undefined ? `\\${character}` : of(variable);
  });
  return new RegExp(`^${pattern}$`).test(text) ? "unknown" : "no";
}

// ---- Flat texts, in which one character of Unicode's private area stands for each variable

const FIRST = "\uE000";
const LAST = "\uF8FF";

/** @param variables those met so far, by the position that their character tells; new ones are added */
function flatText({ parts }: SymbolicText, variables: VariablePart[]): string {
  let text = "";
  for (const part of parts) text += part.kind === "literal" ? part.text : standInOf(part, variables);
  return text;
}

function standInOf(part: VariablePart, variables: VariablePart[]): string {
  const known = variables.findIndex(({ name, change }) => name === part.name && change === part.change);
  if (known === -1) variables.push(part);
  return String.fromCharCode(FIRST.charCodeAt(0) + (known === -1 ? variables.length - 1 : known));
}

/** The variables that a flat text holds, in order, as often as they stand in it. */
function standIns(flat: string, variables: readonly VariablePart[]): readonly VariablePart[] {
  const found: VariablePart[] = [];
  for (const character of flat) {
    if (character < FIRST || character > LAST) continue;
    const variable = variables[character.charCodeAt(0) - FIRST.charCodeAt(0)];
    if (variable !== undefined) found.push(variable);
  }
  return found;
}

function withoutCommon(a: string, b: string): readonly [string, string] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}
