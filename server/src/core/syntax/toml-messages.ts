// What is wrong with a TOML statement that could not be read, in words that say what to write.
import type { TomlStatement } from "./toml-statements";

/** A problem with offsets into the text. */
export interface TomlError {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** What the parser says about the statement alone; the offset is into the statement. */
export interface ParserError {
  readonly message: string;
  readonly offset: number;
}

const assignment = /^([^=\n]*?)[ \t]*=[ \t]*([^\n]*)/;
const finishedValue = /^(true|false|[+-]?\d[\w.:+-]*|"(?:[^"\\]|\\.)*"|'[^']*')[ \t]*([^\s#][^\n]*)$/;

/** Names the fault of one statement. */
export function errorOf(text: string, statement: TomlStatement, error: ParserError): TomlError {
  const source = text.slice(statement.start, statement.end);
  const match = source.startsWith("[") ? null : assignment.exec(source);
  const fault = match === null ? shapeFault(source) : valueFault(source, match, statement, error);
  const start = statement.start + fault.from;
  return { message: fault.message, start, end: start + fault.length };
}

/** A range relative to what was looked at, and what is wrong with it. */
interface Fault {
  readonly from: number;
  readonly length: number;
  readonly message: string;
}

function shapeFault(source: string): Fault {
  const line = firstLine(source);
  const whole = { from: 0, length: line.length };
  if (source.startsWith("[")) {
    return {
      ...whole,
      message: "the header is not closed or not well formed: expected `[name]` or `[[name]]`",
    };
  }
  const hasColon = /^[\w.-]+[ \t]*:/.test(line);
  return {
    ...whole,
    message: hasColon ? "expected `=` between the key and its value" : "expected `key = value`",
  };
}

function valueFault(
  source: string,
  match: RegExpExecArray,
  statement: TomlStatement,
  error: ParserError,
): Fault {
  const written = match[2] ?? "";
  const value = withoutComment(written);
  const whole = { from: 0, length: firstLine(source).length };
  const from = match[0].length - written.length;
  if (value === "") return { ...whole, message: "no value behind `=`" };
  if (statement.open === "string" && /^["']/.test(value)) {
    return { from, length: value.length, message: "the quote is not closed" };
  }
  const known = value.length > longestValue ? undefined : knownFault(value);
  if (known !== undefined) return { ...known, from: from + known.from };
  if (statement.open === "bracket") {
    return { ...whole, message: `expected \`${value.startsWith("{") ? "}" : "]"}\` at the end of the value` };
  }
  const at = Math.min(Math.max(error.offset, 0), Math.max(source.length - 1, 0));
  return {
    from: at,
    length: Math.max(firstLine(source.slice(at)).length, 1),
    message: inOurWords(error.message),
  };
}

/** Longer values are not looked into. */
const longestValue = 10_000;

/** The faults that people make; undefined where the parser's words must do. */
function knownFault(value: string): Fault | undefined {
  const whole = { from: 0, length: value.length };
  const rest = textBehind(value);
  if (rest !== undefined) {
    const from = value.length - rest.length;
    return { from, length: rest.length, message: "text behind the value: put it into a comment with `#`" };
  }
  if (/^[“”„‘’]/.test(value))
    return { ...whole, message: `\`${value.charAt(0)}\` is no quote of TOML: write \`"\`` };
  const word = booleanWords.get(value.toLowerCase());
  if (word !== undefined) return { ...whole, message: `\`${value}\` is no value of TOML: write \`${word}\`` };
  if (isOtherwiseWrong.test(value)) return undefined;
  return { ...whole, message: `\`${value}\` must be quoted: a text value stands in quotes` };
}

const booleanWords: ReadonlyMap<string, string> = new Map([
  ["true", "true"],
  ["yes", "true"],
  ["on", "true"],
  ["false", "false"],
  ["no", "false"],
  ["off", "false"],
]);

/** A string, array, table, number or date that has a fault of its own. */
const isOtherwiseWrong = /^(?:["'[{]|[+-]?\d[\d_.eE+-]*$|\d{4}-\d\d-\d\d)/;

/** What stands behind a whole value; a number with a unit (`5m`) is taken for a text that lacks its quotes. */
function textBehind(value: string): string | undefined {
  const finished = finishedValue.exec(value);
  return finished === null || /^[\d+-]/.test(value) ? undefined : finished[2];
}

/** A `#` behind a blank begins a comment; values that are not quoted hold none of their own. */
const withoutComment = (value: string): string =>
  /^["']/.test(value) ? value.trimEnd() : value.replace(/(?:^|[ \t])#.*$/, "").trimEnd();

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";

/** The library's sentences begin with a capital and end with a full stop. */
const inOurWords = (message: string): string =>
  message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, "");
