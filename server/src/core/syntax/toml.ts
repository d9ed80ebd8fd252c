// Reads TOML into our tree: the only importer of `toml-eslint-parser`, which gives up at the first error. Statements
// that it refuses are then left out, and all others read one by one.
import { ParseError, parseTOML, type AST } from "toml-eslint-parser";
import { identityText, type MappedText } from "../text/mapped-text";
import type { SourceFile } from "../text/source-file";
import { errorOf, type ParserError, type TomlError } from "./toml-messages";
import type { TomlFile, TomlValue } from "./toml-nodes";
import { endOfLine, statementsOf, withoutTemplates, type TomlStatement } from "./toml-statements";
import {
  definedTwice,
  inlineTable,
  tablesOf,
  type TomlKeyPart,
  type TomlLine,
  type TomlRange,
} from "./toml-tables";

/** Problems that are listed one by one; a file with more of them is no TOML. */
const mostProblems = 50;

/** Brackets inside each other; what is deeper is left out before any parser recurses into it. */
const deepestNesting = 100;

/** Reads a TOML file, which becomes one chunk. */
export function parseTomlFile(file: SourceFile): TomlFile {
  const chunk = Object.freeze({ file: file.path, text: file.text });
  return parseToml(identityText(chunk, 0, file.text.length));
}

/**
 * Reads TOML text.
 *
 * @param mapped a whole file, or text inside another one: a block scalar of a Helm chart's values
 * @returns every statement that can be read, with places in the mapped text's chunk, and a problem for each other one.
 * Go template actions (`{{ … }}`) outside quotes are unknown text: a value that is one is left out without a problem.
 */
export function parseToml(mapped: MappedText): TomlFile {
  const { text, actions } = withoutTemplates(mapped.text);
  const { lines, errors } = readLines(mapped, text, actions);
  const clashes: TomlError[] = [];
  const root = tablesOf(mapped, lines, (error) => clashes.push(error));
  const found = inOrder([...errors.filter((error) => !isClash(error, clashes)), ...clashes]);
  const listed = found.length > mostProblems ? [...found.slice(0, mostProblems), moreOf(found)] : found;
  const problems = listed.map(({ message, start, end }) => ({ message, at: mapped.at(start, end) }));
  return Object.freeze({ chunk: mapped.chunk, root, problems });
}

/** The parser's word for what we found ourselves, with its place. */
const isClash = (error: TomlError, clashes: readonly TomlError[]): boolean =>
  error.message === definedTwice && clashes.length > 0;

const moreOf = (errors: readonly TomlError[]): TomlError => ({
  message: `${String(errors.length - mostProblems)} more lines could not be read`,
  start: errors[mostProblems]?.start ?? 0,
  end: errors[mostProblems]?.end ?? 0,
});

interface Read {
  readonly lines: readonly TomlLine[];
  readonly errors: readonly TomlError[];
}

/** The lines of a text that the parser takes as a whole; otherwise each statement is read alone. */
function readLines(mapped: MappedText, text: string, actions: readonly number[]): Read {
  const whole = parsed(text);
  if (whole.program !== undefined) return { lines: linesOf(mapped, whole.program, 0), errors: [] };
  const lines: TomlLine[] = [];
  const errors: TomlError[] = [];
  let isExplained = false;
  for (const statement of statementsOf(text)) {
    const { program, error } = parsed(text.slice(statement.start, statement.end));
    if (program !== undefined) lines.push(...linesOf(mapped, program, statement.start));
    else {
      isExplained = true;
      lines.push(...headerOf(text, statement));
      if (!holdsOne(actions, statement)) errors.push(errorOf(text, statement, error));
    }
  }
  // Statements that are right alone and wrong together: a key that is written twice.
  const { message, offset } = whole.error;
  if (!isExplained) errors.push({ message, start: offset, end: endOfLine(text, offset) });
  return { lines, errors };
}

const inOrder = (errors: readonly TomlError[]): readonly TomlError[] =>
  [...errors].sort((a, b) => a.start - b.start);

/** True where a template action stood in the statement: what it would have been is unknown. */
function holdsOne(actions: readonly number[], { start, end }: TomlStatement): boolean {
  return actions.some((offset) => offset >= start && offset <= end);
}

/** A header that is not closed still says whose the following keys are. */
function headerOf(text: string, { start, end }: TomlStatement): readonly TomlLine[] {
  const match = /^(\[{1,2}[ \t]*)([\w-]+(?:\.[\w-]+)*)([^\n]*)/.exec(text.slice(start, end));
  if (match === null) return [];
  const [whole, opening = "", path = "", rest = ""] = match;
  const keys: TomlKeyPart[] = [];
  let at = start + opening.length;
  for (const name of path.split(".")) {
    keys.push({ name, start: at, end: at + name.length });
    at += name.length + 1;
  }
  return [
    {
      kind: "header",
      start,
      end: start + whole.length,
      isArray: opening.startsWith("[[") || rest.includes("]]"),
      keys,
    },
  ];
}

type Parsed =
  | { readonly program: AST.TOMLProgram; readonly error?: never }
  | { readonly program?: never; readonly error: ParserError };

/** The library throws its errors; a `RangeError` is its stack running out. */
function parsed(text: string): Parsed {
  if (nestsTooDeeply(text)) return { error: { message: tooDeep, offset: 0 } };
  try {
    return { program: parseTOML(text, { tomlVersion: "1.0" }) };
  } catch (error) {
    if (error instanceof ParseError)
      return { error: { message: inOurWords(error.message), offset: error.index } };
    if (error instanceof RangeError) return { error: { message: tooDeep, offset: 0 } };
    throw error;
  }
}

const tooDeep = "too long or nested too deeply to be read";

const inOurWords = (message: string): string =>
  message.startsWith("Defining a key multiple times") ? definedTwice : message;

function nestsTooDeeply(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/\n[ \t]*[\w.-]+[ \t]*=|[[\]{}]/g)) {
    if (token.startsWith("\n")) depth = 0;
    else depth += token === "[" || token === "{" ? 1 : -1;
    if (depth > deepestNesting) return true;
  }
  return false;
}

/** @param base offset into the text at which the program begins */
function linesOf(mapped: MappedText, program: AST.TOMLProgram, base: number): readonly TomlLine[] {
  return program.body[0].body.flatMap((node) =>
    node.type === "TOMLKeyValue"
      ? [entryOf(mapped, node, base)]
      : [headerLine(mapped, node, base), ...node.body.map((entry) => entryOf(mapped, entry, base))],
  );
}

function headerLine(mapped: MappedText, node: AST.TOMLTable, base: number): TomlLine {
  const isArray = node.kind === "array";
  const keysEnd = base + node.key.range[1];
  // The table's range includes its entries: the header ends with its brackets, which may have blanks in front.
  const closing = mapped.text.indexOf(isArray ? "]]" : "]", keysEnd);
  const end = closing === -1 ? keysEnd : closing + (isArray ? 2 : 1);
  return { kind: "header", start: base + node.range[0], end, isArray, keys: keysOf(node.key, base) };
}

function entryOf(mapped: MappedText, node: AST.TOMLKeyValue, base: number): TomlLine & { kind: "entry" } {
  const { start, end } = rangeOf(node, base);
  return {
    kind: "entry",
    start,
    end,
    keys: keysOf(node.key, base),
    value: valueOf(mapped, node.value, base),
  };
}

const rangeOf = (node: { readonly range: readonly [number, number] }, base: number): TomlRange => ({
  start: base + node.range[0],
  end: base + node.range[1],
});

const keysOf = (key: AST.TOMLKey, base: number): readonly TomlKeyPart[] =>
  key.keys.map((part) => ({
    name: part.type === "TOMLBare" ? part.name : part.value,
    ...rangeOf(part, base),
  }));

function valueOf(mapped: MappedText, node: AST.TOMLContentNode, base: number): TomlValue {
  const range = rangeOf(node, base);
  const at = mapped.at(range.start, range.end);
  if (node.type === "TOMLArray") {
    return { kind: "array", items: node.elements.map((element) => valueOf(mapped, element, base)), at };
  }
  if (node.type === "TOMLInlineTable") {
    const lines = node.body.map((entry) => entryOf(mapped, entry, base));
    return { kind: "table", table: inlineTable(mapped, range, lines), at };
  }
  switch (node.kind) {
    case "string":
      return { kind: "string", value: node.value, at };
    case "boolean":
      return { kind: "boolean", value: node.value, at };
    case "integer":
    case "float":
      return { kind: "number", value: node.value, at };
    default:
      return { kind: "date", value: node.datetime, at };
  }
}
