// The simple commands of a script, each with what surrounds it: may it run, does its failure matter, who feeds it.
import type {
  AndOr,
  CommandUse,
  Compound,
  FunctionDefinition,
  ShellNode,
  ShellScript,
  SimpleCommand,
  Word,
  WordPart,
} from "./shell-nodes";

type Surroundings = Omit<CommandUse, "command">;

interface Walk {
  readonly found: CommandUse[];
  /** Functions of this script that end it with a failure: `die() { echo "$1"; exit 1; }`. */
  readonly exiting: Set<string>;
  /** Behind `set +e`, in order of the text: failures do not stop the script until `set -e`. */
  goesOn: boolean;
}

/**
 * All simple commands of a script in order of their place in the text, those in functions, here-documents and
 * substitutions included; a command without words (a bare assignment) too. A function's body counts once, where it is
 * written.
 */
export function commandsOf(script: ShellScript): readonly CommandUse[] {
  const walk: Walk = { found: [], exiting: new Set(), goesOn: false };
  const outside: Surroundings = {
    conditional: false,
    tolerated: false,
    beforeAnd: false,
    pipedFrom: undefined,
    subshell: false,
    inFunction: undefined,
    inSubstitution: false,
  };
  for (const node of script.nodes) visit(walk, node, outside);
  return walk.found.sort((a, b) => placeOf(a.command) - placeOf(b.command));
}

/** Where the command's name stands: `X=$(a) b` is b, behind a. */
const placeOf = (command: SimpleCommand): number => command.words[0]?.start ?? command.start;

function visit(walk: Walk, node: ShellNode, outer: Surroundings): void {
  const around = node.background === true ? { ...outer, tolerated: true, subshell: true } : outer;
  switch (node.kind) {
    case "command":
      visitCommand(walk, node, around);
      return;
    case "pipeline":
      visitPipeline(walk, node.commands, { ...around, tolerated: around.tolerated || node.negated });
      return;
    case "and-or":
      visitAndOr(walk, node, around);
      return;
    case "function":
      if (node.body.some((child) => endsScript(walk, child))) walk.exiting.add(node.name);
      visitFunction(walk, node, around);
      return;
    default:
      visitCompound(walk, node, around);
      return;
  }
}

/** What a body switches with `set +e` holds where the function is called, which is not followed. */
function visitFunction(walk: Walk, { name, body }: FunctionDefinition, around: Surroundings): void {
  const inside = { ...around, pipedFrom: undefined, inFunction: name, beforeAnd: false };
  keepingErrexit(walk, () => body.forEach((child) => visit(walk, child, inside)));
}

/** What a subshell switches with `set +e` ends with it. */
function keepingErrexit(walk: Walk, visitInside: () => void): void {
  const before = walk.goesOn;
  visitInside();
  walk.goesOn = before;
}

/**
 * What a command does to `set -e`: "off" for `set +e`, `set +xe` and `set +o errexit`, "on" for their opposites; undefined for
 * all others. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#set
 */
export function errexitChange(words: readonly { readonly text: string }[]): "on" | "off" | undefined {
  const [name, ...options] = words.map(({ text }) => text);
  if (name !== "set") return undefined;
  let change: "on" | "off" | undefined;
  options.some((option, index) => {
    const isSwitch = /^[-+][A-Za-z]+$/.test(option);
    const isErrexit = /^[-+][A-Za-z]*e/.test(option);
    const isNamed = option === "errexit" && /^[-+][A-Za-z]*o$/.test(options[index - 1] ?? "");
    const sign = isNamed ? options[index - 1] : option;
    if (isNamed || (isSwitch && isErrexit)) change = sign?.startsWith("-") === true ? "on" : "off";
    return option === "--" || option === "-";
  });
  return change;
}

function visitCommand(walk: Walk, command: SimpleCommand, around: Surroundings): void {
  walk.found.push({ command, ...around, tolerated: around.tolerated || walk.goesOn });
  const change = errexitChange(command.words);
  if (change !== undefined) walk.goesOn = change === "off";
  // `X=$(a)` alone has the status of `a`; everywhere else the status of a substitution is lost.
  const isBare = command.words.length === 0;
  for (const { value, elements } of command.assignments) {
    for (const word of [value, ...(elements ?? [])]) {
      if (word !== undefined) visitParts(walk, word.parts, isBare ? around : { ...around, tolerated: true });
    }
  }
  visitWords(walk, command.words, around);
  visitRedirects(walk, command.redirects, around);
}

function visitPipeline(walk: Walk, commands: readonly ShellNode[], around: Surroundings): void {
  commands.forEach((command, index) => {
    const inPipe = {
      ...around,
      subshell: around.subshell || commands.length > 1,
      tolerated: around.tolerated || index < commands.length - 1,
      pipedFrom: index === 0 ? around.pipedFrom : writerOf(commands[index - 1]),
    };
    if (commands.length > 1) keepingErrexit(walk, () => visit(walk, command, inPipe));
    else visit(walk, command, inPipe);
  });
}

function visitAndOr(walk: Walk, list: AndOr, around: Surroundings): void {
  const caught = caughtItems(walk, list);
  list.items.forEach((item, index) => {
    visit(walk, item, {
      ...around,
      conditional: around.conditional || index > 0,
      tolerated: around.tolerated || caught.has(index),
      beforeAnd: around.beforeAnd || list.operators[index] === "&&",
    });
  });
}

/** The items whose failure the next `||` takes, where what follows it does not end the script itself. */
function caughtItems(walk: Walk, list: AndOr): ReadonlySet<number> {
  const caught = new Set<number>();
  let catches = false;
  let ends = false;
  for (let index = list.operators.length - 1; index >= 0; index -= 1) {
    const alternative = list.items[index + 1];
    ends ||= alternative !== undefined && endsScript(walk, alternative);
    if (list.operators[index] === "||") {
      catches = !ends;
      ends = false;
    }
    if (catches) caught.add(index);
  }
  return caught;
}

function visitCompound(walk: Walk, node: Compound, around: Surroundings): void {
  const decides = { ...around, tolerated: true };
  const firstBody = node.bodies[0]?.[0]?.start ?? Infinity;
  for (const condition of node.conditions) {
    const isElif = node.kind === "if" && condition.start > firstBody;
    visit(walk, condition, { ...decides, conditional: around.conditional || isElif });
  }
  const runsOnce = node.kind === "group" || node.kind === "subshell";
  const inBody = {
    ...around,
    conditional: around.conditional || !runsOnce,
    subshell: around.subshell || node.kind === "subshell",
  };
  const visitBodies = (): void =>
    node.bodies.forEach((body) => body.forEach((child) => visit(walk, child, inBody)));
  if (node.kind === "subshell") keepingErrexit(walk, visitBodies);
  else visitBodies();
  visitWords(walk, node.words, around);
  visitRedirects(walk, node.redirects, around);
}

function visitRedirects(walk: Walk, redirects: SimpleCommand["redirects"], around: Surroundings): void {
  for (const { target, body } of redirects) {
    if (target !== undefined) visitWords(walk, [target], around);
    if (body?.parts !== undefined) visitParts(walk, body.parts, { ...around, tolerated: true });
  }
}

function visitWords(walk: Walk, words: readonly Word[], around: Surroundings): void {
  for (const word of words) visitParts(walk, word.parts, { ...around, tolerated: true });
}

const usesDefault = /^:?[-=+?]$/;

function visitParts(walk: Walk, parts: readonly WordPart[], around: Surroundings): void {
  const inside = { ...around, subshell: true, inSubstitution: true, pipedFrom: undefined };
  for (const part of parts) {
    if (part.kind === "literal") continue;
    const isDefault = part.kind === "variable" && usesDefault.test(part.operator ?? "");
    const scripts = part.kind === "command" ? [part.script] : (part.nested ?? []);
    const context = isDefault ? { ...inside, conditional: true } : inside;
    keepingErrexit(walk, () =>
      scripts.forEach(({ nodes }) => nodes.forEach((node) => visit(walk, node, context))),
    );
  }
}

/** The command whose output the next one in a pipe reads; of a compound command the last one written. */
function writerOf(node: ShellNode | undefined): SimpleCommand | undefined {
  if (node === undefined) return undefined;
  switch (node.kind) {
    case "function":
      return undefined;
    case "command":
      return node;
    case "pipeline":
      return writerOf(node.commands.at(-1));
    case "and-or":
      return writerOf(node.items.at(-1));
    default:
      return writerOf(node.bodies.at(-1)?.at(-1));
  }
}

/** True where the node, once it runs, surely ends the script (or its list) with a failure. */
function endsScript(walk: Walk, node: ShellNode): boolean {
  switch (node.kind) {
    case "command":
      return isFailing(walk, node);
    case "and-or":
      return endsList(walk, node);
    case "pipeline":
      return !node.negated && node.commands.slice(-1).some((command) => endsScript(walk, command));
    case "group":
    case "subshell":
      return node.bodies.some((body) => body.some((child) => endsScript(walk, child)));
    default:
      return false;
  }
}

/** `echo failed && exit 1` fails whatever `echo` does; `a || exit 1` only where `a` fails. */
function endsList(walk: Walk, list: AndOr): boolean {
  const certain = list.operators.includes("||") ? list.items.slice(0, 1) : list.items;
  return certain.some((item) => endsScript(walk, item));
}

/** `exit`, `exit 1`, `return 1`, `false`, and functions that do so; `exit 0` ends the script as a success. */
function isFailing(walk: Walk, command: SimpleCommand): boolean {
  const [name, status] = command.words;
  if (name === undefined) return false;
  if (name.text === "exit" || name.text === "return") return status === undefined || status.text !== "0";
  return name.text === "false" || walk.exiting.has(name.text);
}
