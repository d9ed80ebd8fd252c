// Whether one variable's name is another's with a slip of the pen in it. Names that differ by a word, a number or a plural are
// two names; so are short words: `API_IMAGE` is not a misspelt `APP_IMAGE`.
import { editDistance } from "../../settings/nearest";

/** Words shorter than this have too many neighbours that are words themselves. */
const SHORTEST_WORD = 5;

/** The first of the candidates that a name is a misspelling of; undefined where there is none. */
export function misspeltName(name: string, candidates: Iterable<string>): string | undefined {
  for (const candidate of candidates) if (isMisspelling(name, candidate)) return candidate;
  return undefined;
}

function isMisspelling(name: string, other: string): boolean {
  if (name === other) return false;
  const [a, b] = [name.toUpperCase(), other.toUpperCase()];
  if (a.replaceAll("_", "") === b.replaceAll("_", "")) return true;
  const [first, second] = [a.split("_"), b.split("_")];
  if (first.length !== second.length) return false;
  if ([...first].sort().join() === [...second].sort().join()) return first.length > 1;
  const different = [...first.keys()].filter((index) => first[index] !== second[index]);
  const [only, ...others] = different;
  return only !== undefined && others.length === 0 && isSlip(first[only] ?? "", second[only] ?? "");
}

function isSlip(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < SHORTEST_WORD || a.replace(/\D/g, "") !== b.replace(/\D/g, ""))
    return false;
  if (`${a}S` === b || `${b}S` === a) return false;
  return editDistance(a, b) === 1 || (Math.min(a.length, b.length) >= 8 && editDistance(a, b) === 2);
}
