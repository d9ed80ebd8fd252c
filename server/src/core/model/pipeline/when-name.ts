// What a ref's name can hold under conditions on it. Regular expressions are judged by their text: running those of a
// user could take forever.
import type { Answer } from "./answer";
import type { NameCondition } from "./when-way";

/** Whether a name that meets all conditions can hold a slash. The default branch is taken for one without. */
export function canHaveSlash(conditions: readonly NameCondition[]): Answer {
  const answers = conditions.map(slashUnder);
  if (answers.includes("no")) return "no";
  return answers.includes("unknown") ? "unknown" : "yes";
}

function slashUnder(condition: NameCondition): Answer {
  switch (condition.kind) {
    case "is":
      return condition.name.includes("/") ? "yes" : "no";
    case "is-default":
      return "no";
    case "slug-is":
      return condition.slug.includes("-") ? "yes" : "no";
    case "matches":
      return patternCanHaveSlash(condition.pattern);
    case "matches-not":
      return slashUnlessMatch(condition.pattern.replaceAll("\\", ""));
    case "is-not":
    case "is-not-default":
      return "yes";
  }
}

/** Whether names with a slash are left when those that match are taken away. */
function slashUnlessMatch(pattern: string): Answer {
  if (["/", "[/]", ".*/.*", ".*/", "/.*", ".*", "."].includes(pattern)) return "no";
  // What begins with letters of its own leaves all names that begin otherwise.
  return alternativesOf(pattern).every((each) => /^\^\(?\w/.test(each)) ? "yes" : "unknown";
}

/** Whether a text that a regular expression matches can hold a slash, judged by the expression's text. */
export function patternCanHaveSlash(pattern: string): Answer {
  const anchored = pattern.replaceAll("\\A", "^").replace(/\\[zZ]/g, "$");
  const answers = alternativesOf(anchored).map(alternativeCanHaveSlash);
  if (answers.includes("yes")) return "yes";
  return answers.includes("unknown") ? "unknown" : "no";
}

function alternativeCanHaveSlash(pattern: string): Answer {
  // Without an anchor at both ends anything may stand around what matches.
  if (!pattern.startsWith("^") || !/(?:^|[^\\])(?:\\\\)*\$$/.test(pattern)) return "yes";
  const plain = pattern
    .slice(1, -1)
    .replace(/\\[dwbtn]/g, "0")
    .replace(/\\[^A-Za-z0-9/]/g, "_")
    // Everything but a slash, among others.
    .replace(/\[\^[^\]]*\/[^\]]*\]/g, "_");
  if (plain.includes("/")) return "yes";
  if (/\\|\[\^|\[[^\]]*\[|\(\?(?!:)/.test(plain)) return "unknown";
  const ranges = [...plain.matchAll(/\[([^\]]*)\]/g)].some(([, range = ""]) => rangeHoldsSlash(range));
  return ranges || plain.replace(/\[[^\]]*\]/g, "").includes(".") ? "yes" : "no";
}

const rangeHoldsSlash = (range: string): boolean =>
  [...range.matchAll(/([^])-([^])/g)].some(([, from = "", to = ""]) => from <= "/" && "/" <= to);

/** The parts of a regular expression between `|` outside parentheses and brackets; `^(?:…)$` around all is kept on each. */
export function alternativesOf(pattern: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  let inClass = false;
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index];
    if (character === "\\") index += 1;
    else if (inClass) inClass = character !== "]";
    else if (character === "[") inClass = true;
    else if (character === "(") depth += 1;
    else if (character === ")") depth -= 1;
    else if (character === "|" && depth === 0) {
      parts.push(pattern.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, pattern.slice(start)];
}

/** Whether a regular expression can match the empty text, which GitLab takes for a variable that is not set. */
export const canMatchEmpty = (pattern: string): boolean =>
  alternativesOf(pattern).some(
    (each) => !/[\w/]/.test(each.replace(/\(\?:|\\[bBAzZ]|(?:\[[^\]]*\]|\\?[^()])(?:[*?]|\{0?,\d*\})/g, "")),
  );
