// Dashes and quotes that a word processor put in place of those that a shell knows, where they stand for options and
// quoting. Texts that are printed or stored (`echo`, `-m`, `--label`) may hold them.
import type { SimpleCommand, Word } from "../../syntax/shell-nodes";
import { baseName } from "./wrappers";

export interface TypographicFault {
  readonly kind: "dash" | "quotes";
  /** Offsets as in the command. */
  readonly start: number;
  readonly end: number;
  readonly written: string;
  /** What may be meant, the likeliest first; several where a short name leaves it open. */
  readonly meant: readonly [string, ...string[]];
}

/** En dash, em dash, horizontal bar, minus sign; the double quotes and the single ones of several languages. */
const MARKS = /[\u2012-\u2015\u2212\u2018-\u201f]/;

/** Whether a text holds any of them: nearly none does. */
export const hasTypography = (text: string): boolean => MARKS.test(text);

/** Commands that print their arguments, or whose arguments are patterns. */
const TEXT_COMMANDS: ReadonlySet<string> = new Set(
  "echo printf : figlet cowsay toilet banner say logger notify-send tr sed awk gawk perl grep egrep rg jq yq".split(
    " ",
  ),
);

/** Options whose value is prose. */
const PROSE = /^(?:-m|-b|--(?:message|notes?|label|title|description|body|text|subject|comment|name))$/;

/** What of a command's words looks like an option or a quoted text, and is none to the shell. */
export function typographicFaults({ words }: SimpleCommand): readonly TypographicFault[] {
  if (!words.some(({ source }) => hasTypography(source))) return [];
  if (words.some(({ text }) => TEXT_COMMANDS.has(baseName(text)))) return [];
  const faults: TypographicFault[] = [];
  for (let index = 1; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) break;
    const isProse = PROSE.test(words[index - 1]?.text ?? "");
    const dash = isProse ? undefined : dashFault(word);
    const quotes = quoteFault(words, index);
    if (dash !== undefined) faults.push(dash);
    if (quotes === undefined) continue;
    if (!isProse) faults.push(quotes.fault);
    index = quotes.last;
  }
  return faults;
}

/** `–no-cache`: a letter behind the dash, so that a lone dash between words is none. */
function dashFault({ source, start, end }: Word): TypographicFault | undefined {
  const match = /^[\u2012-\u2015\u2212][\u2012-\u2015\u2212-]*([A-Za-z][\w-]*)/.exec(source);
  if (match?.[1] === undefined) return undefined;
  const name = match[1];
  const rest = source.slice(match[0].length);
  const long = `--${name}${rest}`;
  const short = `-${name}${rest}`;
  const meant: TypographicFault["meant"] =
    name.length === 1 ? [short] : name.length > 3 ? [long] : [long, short];
  return { kind: "dash", start, end, written: source, meant };
}

const PAIRS: readonly (readonly [opening: string, closing: string, plain: string])[] = [
  ["“”„‟", "“”", '"'],
  ["‘‛‚", "’‘", "'"],
];

/** `“a b”`, `NAME=“a”`: from the opening mark to the closing one, which may stand in a later word. */
function quoteFault(
  words: readonly Word[],
  index: number,
): { readonly fault: TypographicFault; readonly last: number } | undefined {
  const word = words[index];
  const match = word === undefined ? null : /^([\w.-]*[=:])?([“”„‟‘‛‚])/.exec(word.source);
  if (word === undefined || match?.[2] === undefined) return undefined;
  const [, closing, plain] = PAIRS.find(([opening]) => opening.includes(match[2] ?? "")) ?? [];
  if (closing === undefined || plain === undefined) return undefined;
  const start = word.start + match[0].length - 1;
  const last = words.findIndex(
    ({ source, end }, at) => at >= index && end - start > 2 && closing.includes(source.at(-1) ?? " "),
  );
  const end = words[last]?.end;
  const between = words.slice(index, last + 1);
  if (end === undefined || between.some(({ source }) => /["'\\`]/.test(source))) return undefined;
  const written = textOf(between).slice(match[0].length - 1);
  const meant: TypographicFault["meant"] = [`${plain}${written.slice(1, -1)}${plain}`];
  return { fault: { kind: "quotes", start, end, written, meant }, last };
}

/** The words as written, with as many blanks between them as there are characters. */
const textOf = (words: readonly Word[]): string =>
  words
    .map(({ source, start }, index) => {
      const before = words[index - 1];
      return (before === undefined ? "" : " ".repeat(start - before.end)) + source;
    })
    .join("");
