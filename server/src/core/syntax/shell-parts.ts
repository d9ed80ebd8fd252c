// Words of the shell tree: literals, quotes, variables, substitutions and globs with their places.
import { rangeOf, sourceOf, type Bash, type Reading, type Substitution } from "./shell-reading";
import type { ShellScript, TextRange, Word, WordPart } from "./shell-nodes";
import { literalParts, plainWord, wordFrom } from "./shell-words";

/** `globs` is false where the shell does not expand file names: the value of an assignment, a here-string. */
export function wordOf(reading: Reading, word: Bash.Word, globs = true): Word {
  const range = rangeOf(reading, word);
  const plain = word.parts === undefined ? plainWord(sourceOf(reading, word), word.value, range) : undefined;
  if (plain !== undefined) return plain;
  const parts =
    word.parts?.flatMap((part) => partsOf(reading, part, { quoted: false, globs })) ??
    literalParts({ ...range, written: sourceOf(reading, word), text: word.value, quoted: false });
  return wordFrom(reading.text, range, parts);
}

interface PartContext {
  readonly quoted: boolean;
  readonly globs: boolean;
}

export function partsOf(reading: Reading, part: Bash.WordPart, context: PartContext): readonly WordPart[] {
  const range = rangeOf(reading, part);
  const quoted = context.quoted;
  switch (part.type) {
    case "Literal":
      return literalParts({ ...range, written: sourceOf(reading, part), text: part.value, quoted });
    case "SingleQuoted":
    case "AnsiCQuoted":
      return quotedLiteral(reading, range, part);
    case "DoubleQuoted":
    case "LocaleString":
      return doubleQuoted(reading, range, part.parts, context);
    case "CommandExpansion":
    case "ProcessSubstitution": {
      const process = part.type === "ProcessSubstitution";
      return [{ kind: "command", ...range, script: reading.readScript(reading, part), quoted, process }];
    }
    case "Glob":
    case "ExtendedGlob":
    case "BraceExpansion":
      return globOf(reading, range, part, context);
    default:
      return [expansionOf(reading, part, quoted)];
  }
}

function doubleQuoted(
  reading: Reading,
  range: TextRange,
  parts: readonly Bash.DoubleQuotedChild[],
  context: PartContext,
): readonly WordPart[] {
  if (parts.length === 0) return [{ kind: "literal", ...range, text: "", quoted: true }];
  return parts.flatMap((part) => partsOf(reading, part, { ...context, quoted: true }));
}

type GlobLike = Bash.GlobPart | Bash.ExtendedGlobPart | Bash.BraceExpansionPart;

function globOf(
  reading: Reading,
  range: TextRange,
  part: GlobLike,
  context: PartContext,
): readonly WordPart[] {
  const text = sourceOf(reading, part);
  const nested = nestedIn(reading, part);
  if (context.globs || nested.nested !== undefined) return [{ kind: "glob", ...range, text, ...nested }];
  return literalParts({ ...range, written: text, text, quoted: context.quoted });
}

/** `'…'` and `$'…'`: the place is that of the text between the quotes. */
function quotedLiteral(
  reading: Reading,
  range: TextRange,
  part: Bash.SingleQuotedPart | Bash.AnsiCQuotedPart,
): readonly WordPart[] {
  const opening = part.type === "SingleQuoted" ? 1 : 2;
  const closing = part.text.length > opening && part.text.endsWith("'") ? 1 : 0;
  const start = Math.min(range.start + opening, range.end);
  const end = Math.max(start, range.end - closing);
  return literalParts({
    start,
    end,
    written: reading.text.slice(start, end),
    text: part.value,
    quoted: true,
  });
}

type Expansion = Bash.SimpleExpansionPart | Bash.ParameterExpansionPart | Bash.ArithmeticExpansionPart;

function expansionOf(reading: Reading, part: Expansion, quoted: boolean): WordPart {
  const range = rangeOf(reading, part);
  if (part.type === "SimpleExpansion") {
    return {
      kind: "variable",
      ...range,
      name: part.text.slice(1),
      operator: undefined,
      argument: undefined,
      quoted,
    };
  }
  if (part.type === "ArithmeticExpansion") return arithmeticOf(reading, part, range, quoted);
  return {
    kind: "variable",
    ...range,
    name: part.parameter,
    quoted,
    ...operationOf(reading, part),
    ...nestedIn(reading, part),
  };
}

function arithmeticOf(
  reading: Reading,
  part: Bash.ArithmeticExpansionPart,
  range: TextRange,
  quoted: boolean,
): WordPart {
  if (/^\$\[\[[^]*\]\]$/.test(part.text)) {
    return {
      kind: "variable",
      ...range,
      name: part.text.slice(1),
      operator: undefined,
      argument: undefined,
      quoted,
    };
  }
  const text = part.text.startsWith("$((") ? part.text.slice(3, -2) : part.text.slice(2, -1);
  return { kind: "arithmetic", ...range, text, quoted, ...nestedIn(reading, part) };
}

interface Operation {
  readonly operator: string | undefined;
  readonly argument: string | undefined;
}

function operationOf(reading: Reading, part: Bash.ParameterExpansionPart): Operation {
  const { operation, index } = part;
  if (operation?.type === "Unknown" || operation?.type === "Names") {
    return { operator: operation.operator, argument: undefined };
  }
  if (operation !== undefined) {
    const argument = reading.text.slice(reading.at(operation.operatorEnd), reading.at(operation.end));
    return { operator: operation.operator, argument };
  }
  if (index !== undefined) return { operator: "[", argument: sourceOf(reading, index) };
  return { operator: part.prefix, argument: undefined };
}

/** The scripts of the substitutions below a node that has no place for them in our tree, as a field where there are any. */
export function nestedIn(reading: Reading, top: Bash.SyntaxNode): { nested?: readonly ShellScript[] } {
  const source = sourceOf(reading, top);
  if (!source.includes("`") && !source.includes("(")) return {};
  const nested: ShellScript[] = [];
  const stack: Bash.SyntaxNode[] = [top];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isSubstitution(node)) nested.push(reading.readScript(reading, node));
    else reading.eachChild(node, (child) => stack.push(child));
  }
  return nested.length === 0 ? {} : { nested: nested.sort((a, b) => a.start - b.start) };
}

const isSubstitution = (node: Bash.SyntaxNode): node is Substitution =>
  node.type === "CommandExpansion" ||
  node.type === "ProcessSubstitution" ||
  node.type === "ArithmeticCommandExpansion";
