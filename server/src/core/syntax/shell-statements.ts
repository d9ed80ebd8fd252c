// Commands of the shell tree: lists, pipes, compound commands, functions, assignments and redirections.
import { backquoteMap } from "./shell-backquote";
import { nestedIn, partsOf, wordOf } from "./shell-parts";
import { tooDeep } from "./shell-problems";
import {
  rangeOf,
  sourceOf,
  type Bash,
  type Positioned,
  type Reading,
  type Substitution,
} from "./shell-reading";
import type {
  Assignment,
  Compound,
  FunctionDefinition,
  Redirect,
  ShellNode,
  ShellScript,
  SimpleCommand,
  Word,
  WordPart,
} from "./shell-nodes";
import { joinedWords, wordFrom } from "./shell-words";

/** Compound commands and substitutions inside each other; deeper ones are left out with a problem. */
const deepestNesting = 100;

/** The commands of a script; its errors are added to the reading's. */
export function scriptNodes(reading: Reading, script: Bash.ParsedScript): readonly ShellNode[] {
  for (const error of script.errors ?? []) {
    reading.errors.push({ message: error.message, offset: reading.at(error.pos) });
  }
  return nodesOf(reading, script.commands);
}

function nodesOf(outer: Reading, statements: readonly Bash.Statement[]): readonly ShellNode[] {
  const reading = { ...outer, depth: outer.depth + 1 };
  const first = statements[0];
  if (first !== undefined && reading.depth > deepestNesting) {
    reading.errors.push({ message: tooDeep, offset: reading.at(first.pos) });
    return [];
  }
  return statements.map((statement) => {
    const node = nodeOf(reading, statement.command);
    return statement.background === true ? { ...node, background: true } : node;
  });
}

function nodeOf(reading: Reading, node: Bash.PipelineNode | Bash.AndOr): ShellNode {
  switch (node.type) {
    case "AndOr":
      return {
        kind: "and-or",
        ...rangeOf(reading, node),
        items: node.commands.map((command) => nodeOf(reading, command)),
        operators: node.operators,
      };
    case "Pipeline":
      return pipelineOf(reading, node);
    case "Command":
      return commandOf(reading, node);
    case "Function":
      return functionOf(reading, node);
    case "Coproc":
      return {
        ...compound(reading, node, "group", { bodies: [bodyNodes(reading, node.body)] }),
        background: true,
      };
    case "Redirected":
      return {
        ...compoundOf(reading, node.command),
        ...rangeOf(reading, node),
        redirects: node.redirects.map((redirect) => redirectOf(reading, redirect)),
      };
    default:
      return compoundOf(reading, node);
  }
}

/** `time` in front says nothing about the command: only `!` makes a pipeline of a single one. */
function pipelineOf(reading: Reading, node: Bash.Pipeline): ShellNode {
  const commands = node.commands.map((command) => nodeOf(reading, command));
  const negated = node.prefixes.some((prefix) => prefix.type === "Negation");
  const [only, ...others] = commands;
  if (only !== undefined && others.length === 0 && !negated) return only;
  return { kind: "pipeline", ...rangeOf(reading, node), negated, commands };
}

function commandOf(reading: Reading, node: Bash.Command): SimpleCommand {
  const assignments: Assignment[] = [];
  const words: Word[] = node.name === undefined ? [] : [wordOf(reading, node.name)];
  const redirects: Redirect[] = [];
  for (const item of node.prefix) {
    if (item.type === "Assignment") assignments.push(assignmentOf(reading, item));
    else redirects.push(redirectOf(reading, item));
  }
  for (const item of node.suffix) {
    if (item.type === "Word") words.push(wordOf(reading, item));
    else if (item.type === "Assignment") words.push(assignmentWord(reading, item));
    else redirects.push(redirectOf(reading, item));
  }
  return { kind: "command", ...rangeOf(reading, node), assignments, words: joinedWords(words), redirects };
}

function functionOf(reading: Reading, node: Bash.Function): FunctionDefinition {
  return {
    kind: "function",
    ...rangeOf(reading, node),
    name: node.name.value,
    body: bodyNodes(reading, node.body),
  };
}

function bodyNodes(
  reading: Reading,
  body: Bash.Command | Bash.CompoundCommand | Bash.Redirected | Bash.CompoundList,
): readonly ShellNode[] {
  if (body.type === "CompoundList") return nodesOf(reading, body.commands);
  if (body.type === "BraceGroup") return nodesOf(reading, body.body.commands);
  return [nodeOf(reading, body)];
}

function compoundOf(reading: Reading, node: Bash.CompoundCommand): Compound {
  const list = (commands: Bash.CompoundList): readonly ShellNode[] => nodesOf(reading, commands.commands);
  switch (node.type) {
    case "If":
      return ifOf(reading, node);
    case "While":
      return compound(reading, node, node.kind, { conditions: list(node.clause), bodies: [list(node.body)] });
    case "For":
    case "Select":
      return loopOf(reading, node);
    case "ArithmeticFor": {
      const words = [node.initialize, node.test, node.update].flatMap((part) =>
        arithmeticWords(reading, part),
      );
      return compound(reading, node, "for", { words, bodies: [list(node.body)] });
    }
    case "Case":
      return compound(reading, node, "case", {
        words: [wordOf(reading, node.word)],
        bodies: node.items.map((item) => list(item.body)),
      });
    case "Subshell":
      return compound(reading, node, "subshell", { bodies: [list(node.body)] });
    case "BraceGroup":
      return compound(reading, node, "group", { bodies: [list(node.body)] });
    case "TestCommand":
      return compound(reading, node, "test", { words: testWords(reading, node.expression) });
    case "ArithmeticCommand":
      return compound(reading, node, "arithmetic", { words: arithmeticWords(reading, node.expression) });
  }
}

function loopOf(reading: Reading, node: Bash.For | Bash.Select): Compound {
  return compound(reading, node, node.type === "For" ? "for" : "select", {
    variable: node.name.value,
    words: (node.wordlist ?? []).map((word) => wordOf(reading, word)),
    bodies: [nodesOf(reading, node.body.commands)],
  });
}

function ifOf(reading: Reading, node: Bash.If): Compound {
  const branches = [node, ...node.elif];
  const bodies = [...branches.map((branch) => branch.then), ...(node.else === undefined ? [] : [node.else])];
  return compound(reading, node, "if", {
    conditions: branches.flatMap((branch) => nodesOf(reading, branch.clause.commands)),
    bodies: bodies.map((body) => nodesOf(reading, body.commands)),
  });
}

function compound(
  reading: Reading,
  node: Positioned,
  kind: Compound["kind"],
  filled: Partial<Omit<Compound, "kind">>,
): Compound {
  const range = rangeOf(reading, node);
  const inside = [...(filled.conditions ?? []), ...(filled.bodies ?? []).flat()];
  // An unclosed compound command ends where it begins, for the parser.
  const end = inside.reduce((last, child) => Math.max(last, child.end), range.end);
  const nothing = { conditions: [], bodies: [], variable: undefined, words: [], redirects: [] };
  return { ...nothing, ...filled, kind, start: range.start, end };
}

/** Operands of `[[ … ]]` in order; the walk keeps its own stack because `a && b && …` may be long. */
function testWords(reading: Reading, expression: Bash.TestExpression): readonly Word[] {
  const words: Word[] = [];
  const stack: Bash.SyntaxNode[] = [expression];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.type === "Word") words.push(wordOf(reading, node));
    else reading.eachChild(node, (child) => stack.push(child));
  }
  return words.sort((a, b) => a.start - b.start);
}

function arithmeticWords(
  reading: Reading,
  expression: Bash.ArithmeticExpression | undefined,
): readonly Word[] {
  if (expression === undefined) return [];
  const range = rangeOf(reading, expression);
  const text = reading.text.slice(range.start, range.end);
  return [
    wordFrom(reading.text, range, [
      { kind: "arithmetic", ...range, text, quoted: false, ...nestedIn(reading, expression) },
    ]),
  ];
}

function assignmentOf(reading: Reading, node: Bash.Assignment): Assignment {
  const shape = { ...rangeOf(reading, node), name: node.name, append: node.append === true };
  if (node.value.type === "Word") return { ...shape, value: wordOf(reading, node.value, false) };
  return {
    ...shape,
    value: undefined,
    elements: node.value.elements.map((element) => wordOf(reading, element)),
  };
}

/** `X=1` behind `export`, `declare`, `local`…: an argument like any other. */
function assignmentWord(reading: Reading, node: Bash.Assignment): Word {
  const range = rangeOf(reading, node);
  const valueRange = rangeOf(reading, node.value);
  const head = { start: range.start, end: Math.max(range.start, valueRange.start) };
  const name: WordPart = {
    kind: "literal",
    ...head,
    text: reading.text.slice(head.start, head.end),
    quoted: false,
  };
  const value: readonly WordPart[] =
    node.value.type === "Word"
      ? wordOf(reading, node.value, false).parts
      : [
          {
            kind: "glob",
            ...valueRange,
            text: reading.text.slice(valueRange.start, valueRange.end),
            ...nestedIn(reading, node.value),
          },
        ];
  return wordFrom(reading.text, range, [name, ...value]);
}

function redirectOf(reading: Reading, node: Bash.Redirection): Redirect {
  const range = rangeOf(reading, node);
  const descriptor = node.descriptor === undefined ? {} : { descriptor: sourceOf(reading, node.descriptor) };
  const shape = { ...range, operator: node.operator, ...descriptor };
  if (node.type === "HereDoc") {
    const body = rangeOf(reading, node.body);
    const parts = (node.body.parts ?? []).flatMap((part) =>
      partsOf(reading, part, { quoted: true, globs: false }),
    );
    const unclosed = node.closing === undefined ? ({ unclosed: true } as const) : {};
    const text = reading.text.slice(body.start, body.end);
    return { ...shape, target: undefined, body: { ...body, text, parts }, ...unclosed };
  }
  const target =
    node.target === undefined ? undefined : wordOf(reading, node.target, node.type === "Redirect");
  if (node.type === "Redirect" || target === undefined) return { ...shape, target, body: undefined };
  return { ...shape, target, body: { start: target.start, end: target.end, text: target.text } };
}

/** The script of a substitution; empty, with an error added, where it is nested too deeply. */
export function scriptOf(outer: Reading, part: Substitution): ShellScript {
  const depth = outer.depth + 1;
  const range = rangeOf(outer, part);
  const shape = { ...range, problems: [], dialect: "posix" } as const;
  outer.budget.left -= range.end - range.start;
  if (depth > deepestNesting || outer.budget.left < 0) {
    outer.errors.push({ message: tooDeep, offset: range.start });
    return { ...shape, nodes: [] };
  }
  const script = part.script;
  if (script === undefined) return { ...shape, nodes: [] };
  const decoded = script.source;
  if (decoded === undefined) return { ...shape, nodes: scriptNodes({ ...outer, depth }, script) };
  // A backquoted script with backslashes: its offsets are into the text without them.
  const inside = backquoteMap(part.text.slice(1, -1), decoded);
  const at = (offset: number): number => outer.at(part.pos + 1 + inside(offset));
  return { ...shape, nodes: scriptNodes({ ...outer, depth, at }, script) };
}
