// Reads a plain scalar as Ruby's Psych does, which is what GitLab loads its configuration with: YAML 1.1 booleans,
// octal and sexagesimal numbers, commas and underscores inside numbers. Anything else is text.
//
// Follows Psych::ScalarScanner#tokenize with its default (not strict) integers:
// https://github.com/ruby/psych/blob/master/lib/psych/scalar_scanner.rb
// Ruby's `^` and `$` are line anchors, hence the `m` flags.

const TEXT = /^[^\d.:-]?[\p{Alphabetic}_\s!@#$%^&*(){}<>|/\\~;=]+/mu;
const SEXAGESIMAL_INTEGER = /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9]){1,2}$/;
const SEXAGESIMAL_FLOAT = /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9]){1,2}\.[0-9_]*$/;
const FLOAT = /^[-+]?([0-9][0-9_,]*)?\.[0-9]*([eE][-+][0-9]+)?$/;
const INTEGER =
  /^(?:[-+]?0b[01_,]+|[-+]?0[0-7_,]+|[-+]?(?:0|[1-9](?:[0-9]|,[0-9]|_[0-9])*)|[-+]?0x[0-9a-fA-F_,]+)$/;

/**
 * The value of an untagged plain scalar. Dates, times and symbols stay text: GitLab's loader does not turn them into
 * anything that a pipeline could use.
 */
export function psychValue(text: string): string | number | boolean | null {
  if (text === "") return null;
  if (text.includes("\n") || TEXT.test(text)) return text.length > 5 ? text : wordValue(text);
  if (/^\+?\.inf$/i.test(text)) return Infinity;
  if (/^-\.inf$/i.test(text)) return -Infinity;
  if (/^\.nan$/i.test(text)) return NaN;
  if (SEXAGESIMAL_INTEGER.test(text) || SEXAGESIMAL_FLOAT.test(text)) return sexagesimal(text);
  if (FLOAT.test(text)) return float(text);
  if (INTEGER.test(text)) return integer(text);
  return text;
}

/**
 * The value under a tag as it is written ("!!str", "!reference"), of a plain or a quoted scalar alike: to Psych a
 * quoted scalar with a tag counts as unquoted. Psych's cases:
 * https://github.com/ruby/psych/blob/master/lib/psych/visitors/to_ruby.rb
 */
export function taggedValue(text: string, tag: string): string | number | boolean | null {
  switch (tag) {
    case "!!str":
    case "!str":
    case "!!binary":
    case "!binary":
      return text;
    case "!!float":
    case "!float": {
      const value = psychValue(text);
      return typeof value === "number" ? value : text;
    }
    default:
      return psychValue(text);
  }
}

function wordValue(text: string): string | boolean | null {
  if (text === "~" || /^null$/im.test(text)) return null;
  if (/^(?:yes|true|on)$/im.test(text)) return true;
  if (/^(?:no|false|off)$/im.test(text)) return false;
  return text;
}

/** Psych weighs the first part with 60², whatever the number of parts: `1:30` is 5400. */
function sexagesimal(text: string): number {
  return text
    .split(":")
    .reduce((sum, part, index) => sum + Number(part.replaceAll("_", "")) * 60 ** Math.abs(index - 2), 0);
}

function float(text: string): number | string {
  if (/^[-+]?\.$/.test(text)) return text;
  const value = Number(text.replace(/[,_]/g, "").replace(/\.([Ee]|$)/, "$1"));
  return Number.isNaN(value) ? text : value;
}

function integer(text: string): number | string {
  const digits = text.replace(/[,_]/g, "");
  const negative = digits.startsWith("-");
  const unsigned = digits.replace(/^[-+]/, "");
  const value = /^0[0-7]+$/.test(unsigned) ? parseInt(unsigned, 8) : Number(unsigned);
  if (Number.isNaN(value)) return text;
  return negative ? -value : value;
}
