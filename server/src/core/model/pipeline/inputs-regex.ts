// `spec:inputs:regex` is RE2, which runs in linear time; JavaScript's expressions are nearly the same language, but can
// run for ever. So an expression is only tried where its form or the length of the text bounds the time.
// https://github.com/google/re2/wiki/Syntax

/** A text up to this length is tried with any expression. */
const SHORT = 16;
/** A text up to this length is tried with an expression that repeats few things, and nothing inside a repetition. */
const LONG = 256;
const MOST_REPETITIONS = 3;

/** Whether an RE2 expression matches somewhere in a text; undefined where it can't be tried here. */
export function matchesRegex(regex: string, text: string): boolean | undefined {
  if (text.length > (isPlain(regex) ? LONG : SHORT)) return undefined;
  const compiled = compile(regex);
  return compiled?.test(text);
}

/** No group is repeated, and few characters are repeated without bound. */
const isPlain = (regex: string): boolean =>
  !/\)[*+{?]/.test(regex) && (regex.match(/[*+}]/g)?.length ?? 0) <= MOST_REPETITIONS;

function compile(regex: string): RegExp | undefined {
  const [, flags = "", rest = ""] = /^\(\?([is]*)\)([^]*)$/.exec(regex) ?? ["", "", regex];
  const source = rest
    .replace(/\\A/g, "^")
    .replace(/\\z/g, "$")
    .replace(/\(\?P</g, "(?<");
  // What reads differently in the two languages: flags inside, `\Q`, `\C`, classes by name, look-around (an error in RE2).
  if (/\(\?(?![:<])|\(\?<[=!]|\\[QECpPxk1-9]|\[\[:/.test(source)) return undefined;
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}
