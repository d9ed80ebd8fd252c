// Whether two references can name one image when the pipeline runs, although their texts differ: `:$CI_COMMIT_REF_SLUG` is `:main`
// on that branch, and a variable that nobody knows may hold anything.
import { normaliseName, type ImageReference } from "../docker/image-reference";
import type { Answer } from "../pipeline/answer";
import { literal, variablesIn, type SymbolicPart, type SymbolicText, type VariablePart } from "../docker/symbolic";

/** "yes" where the texts are the same, "unknown" where values could make them so, "no" where none can. */
export function mayBeSame(a: ImageReference, b: ImageReference): Answer {
  if (a.key === b.key) return "yes";
  return mayBeSameName(normaliseName(a), normaliseName(b)) === "no" || !mayHaveSameTag(a, b) ? "no" : "unknown";
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

/** Whether one is among the others, or may be. */
export function mayBeAmong(references: readonly ImageReference[], others: readonly ImageReference[]): Answer {
  const answers = references.flatMap((each) => others.map((other) => mayBeSame(each, other)));
  return answers.includes("yes") ? "yes" : answers.includes("unknown") ? "unknown" : "no";
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
  const [restA, restB] = withoutCommon(tokensOf(a), tokensOf(b));
  if (restA.length === 0 && restB.length === 0) return "yes";
  if ([...restA, ...restB].some(isOpenToken)) return "unknown";
  const variablesA = variablesIn({ parts: restA });
  const variablesB = variablesIn({ parts: restB });
  if (variablesA.length === 0) return canBe(restB, textOf(restA), alphabet);
  if (variablesB.length === 0) return canBe(restA, textOf(restB), alphabet);
  return agree(variablesA, variablesB) ? "unknown" : "no";
}

/** A part whose value nobody in sight knows. */
const isOpenToken = (part: SymbolicPart): boolean =>
  part.kind === "variable" && part.reason !== "predefined";

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

function canBe(parts: readonly SymbolicPart[], text: string, { of, never }: Alphabet): Answer {
  if (never?.test(text) === true) return "no";
  if (variablesIn({ parts }).length > MOST_VARIABLES) return "unknown";
  const pattern = parts.map((part) => (part.kind === "literal" ? escaped(part.text) : of(part))).join("");
  return new RegExp(`^${pattern}$`).test(text) ? "unknown" : "no";
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// ---- Tokens: single characters and variables

const tokensOf = ({ parts }: SymbolicText): readonly SymbolicPart[] =>
  parts.flatMap((part) => (part.kind === "literal" ? [...part.text].map((each) => literal(each)) : [part]));

const textOf = (parts: readonly SymbolicPart[]): string =>
  parts.map((part) => (part.kind === "literal" ? part.text : "")).join("");

function withoutCommon(
  a: readonly SymbolicPart[],
  b: readonly SymbolicPart[],
): readonly [readonly SymbolicPart[], readonly SymbolicPart[]] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && isSame(a[start], b[start])) start++;
  let end = 0;
  while (end < shorter - start && isSame(a[a.length - 1 - end], b[b.length - 1 - end])) end++;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

function isSame(a: SymbolicPart | undefined, b: SymbolicPart | undefined): boolean {
  if (a?.kind === "literal") return b?.kind === "literal" && a.text === b.text;
  return a !== undefined && b?.kind === "variable" && a.name === b.name && a.change === b.change;
}
