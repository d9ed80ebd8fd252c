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
  const { start } = statement;
  const source = text.slice(start, statement.end);
  const place = (from: number, length: number, message: string): TomlError => ({
    message,
    start: start + from,
    end: start + from + Math.max(length, 0),
  });
  const line = firstLine(source);
  if (source.startsWith("["))
    return place(
      0,
      line.length,
      "the header is not closed or not well formed: expected `[name]` or `[[name]]`",
    );
  const match = assignment.exec(source);
  if (match === null) {
    const colon = /^[\w.-]+[ \t]*:/.exec(line);
    const message = colon === null ? "expected `key = value`" : "expected `=` between the key and its value";
    return place(0, line.length, message);
  }
  const value = withoutComment(match[2] ?? "");
  const valueStart = match[0].length - (match[2] ?? "").length;
  if (value === "") return place(0, line.length, "no value behind `=`");
  const isOpenString = statement.open === "string" && /^["']/.test(value);
  const known = isOpenString ? undefined : valueError(value);
  if (known !== undefined) return place(valueStart + known.from, known.length, known.message);
  if (statement.open === "string") return place(valueStart, value.length, "the quote is not closed");
  if (statement.open === "bracket")
    return place(0, line.length, `expected \`${value.startsWith("{") ? "}" : "]"}\` at the end of the value`);
  const at = Math.min(Math.max(error.offset, 0), Math.max(source.length - 1, 0));
  return place(at, Math.max(firstLine(source.slice(at)).length, 1), inOurWords(error.message));
}

/** Longer values are not looked into. */
const longestValue = 10_000;

interface ValueError {
  readonly from: number;
  readonly length: number;
  readonly message: string;
}

function valueError(value: string): ValueError | undefined {
  if (value.length > longestValue) return undefined;
  const whole = { from: 0, length: value.length };
  const finished = finishedValue.exec(value);
  if (finished !== null && !/^[\d+-]/.test(finished[1] ?? "")) {
    const rest = finished[2] ?? "";
    return {
      from: value.length - rest.length,
      length: rest.length,
      message: "text behind the value: put it into a comment with `#`",
    };
  }
  if (/^[“”„‘’]/.test(value))
    return { ...whole, message: `\`${value.charAt(0)}\` is no quote of TOML: write \`"\`` };
  const word = /^(true|false|yes|no|on|off)$/i.exec(value)?.[1]?.toLowerCase();
  if (word !== undefined) {
    const meant = word === "true" || word === "yes" || word === "on" ? "true" : "false";
    return { ...whole, message: `\`${value}\` is no value of TOML: write \`${meant}\`` };
  }
  if (/^["'[{]/.test(value) || /^[+-]?\d[\d_.eE+-]*$/.test(value)) return undefined;
  if (/^\d{4}-\d\d-\d\d/.test(value)) return undefined;
  return { ...whole, message: `\`${value}\` must be quoted: a text value stands in quotes` };
}

/** A `#` behind a blank begins a comment; values that are not quoted hold none of their own. */
const withoutComment = (value: string): string =>
  /^["']/.test(value) ? value.trimEnd() : value.replace(/(?:^|[ \t])#.*$/, "").trimEnd();

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";

/** The library's sentences begin with a capital and end with a full stop. */
const inOurWords = (message: string): string =>
  message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, "");
