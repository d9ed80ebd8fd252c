// Writes single values as YAML that every reader understands alike: GitLab's Psych, YAML 1.1 and YAML 1.2. Layout and
// comments are the caller's.
import { psychValue } from "./yaml-values";

/**
 * A value as YAML. The first line stands behind a key or dash; further lines (of a text of several lines, which becomes a
 * literal block) are indented by two blanks against the column of that key or dash.
 */
export function scalarLines(value: string | number | boolean | null): readonly [string, ...string[]] {
  if (typeof value !== "string") return [String(value)];
  if (!isBlock(value)) return [isPlain(value) ? value : quoted(value)];
  const lines = value.replace(/\n$/, "").split("\n");
  return [value.endsWith("\n") ? "|" : "|-", ...lines.map((line) => (line === "" ? "" : `  ${line}`))];
}

/** A text as a key: always on one line. */
export const keySource = (text: string): string => (isPlain(text) ? text : quoted(text));

/**
 * Characters that YAML forbids, that break lines in YAML 1.1, or that turn the writing direction: escaped, so that a file
 * can't hide text. https://yaml.org/spec/1.2.2/#51-character-set , https://trojansource.codes/
 */
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\p{Cs}/u;

/** Whether a text can be a literal block without an indentation indicator and without counting blank lines at its end. */
const isBlock = (text: string): boolean =>
  /^\S[^]*\n/.test(text) && !text.endsWith("\n\n") && !UNSEEN.test(text);

/** Narrower than YAML allows: when in doubt, quotes. */
function isPlain(text: string): boolean {
  if (!/^(?:[\p{L}\p{N}_$./(\\]|-(?=[\p{L}\p{N}-]))/u.test(text)) return false;
  if (/: |:$| #|[\t\n]| $|^---|^\.\.\./.test(text) || UNSEEN.test(text)) return false;
  return psychValue(text) === text && !OTHER_TYPES.test(text);
}

/** What a reader of YAML 1.1 or 1.2 may take for something else than text, where Psych does not. */
const OTHER_TYPES =
  /^(?:y|n|yes|no|on|off|true|false|null|[-+]?(?:\d[\d_,]*)?\.?\d*(?:e[-+]?\d+)?|0[box][\da-f_]+|\d[\d_]*(?::\d+)+(?:\.\d*)?|[-+]?\.inf|\.nan|\d{4}-\d\d?-\d\d?(?:[Tt\s].*)?)$/i;

/** Single quotes where they spare backslashes. */
function quoted(text: string): string {
  const isSimple = !UNSEEN.test(text) && !/[\t\n]/.test(text);
  if (isSimple && /["\\]/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return JSON.stringify(text).replace(new RegExp(UNSEEN, "gu"), escaped);
}

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
