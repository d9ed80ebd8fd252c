// Which variables a shell script reads, and which it sets itself: from its tree, so that quotes and here-documents count as
// the shell counts them.
import type {
  Redirect,
  ShellNode,
  ShellScript,
  SimpleCommand,
  TextRange,
  Word,
  WordPart,
} from "../../syntax/shell-nodes";

export interface VariableRead extends TextRange {
  readonly name: string;
  /** `${X:-y}`, `${X-y}`, `${X:+y}`, `${X:?}`: what an empty or missing value means was thought of. */
  readonly hasFallback: boolean;
}

export interface ScriptVariables {
  readonly reads: readonly VariableRead[];
  /** Names that get a value somewhere in the script: assignments, `for`, `read`, `export X=y`. */
  readonly sets: ReadonlySet<string>;
  /** The script reads another one or text made at run time (`. /etc/os-release`, `eval`), which may set anything. */
  readonly isOpen: boolean;
}

interface Found {
  readonly reads: VariableRead[];
  readonly sets: Set<string>;
  isOpen: boolean;
}

export function scriptVariables(script: ShellScript): ScriptVariables {
  const found: Found = { reads: [], sets: new Set(), isOpen: false };
  for (const node of script.nodes) visit(found, node);
  return found;
}

function visit(found: Found, node: ShellNode): void {
  switch (node.kind) {
    case "command":
      visitCommand(found, node);
      return;
    case "pipeline":
      node.commands.forEach((each) => visit(found, each));
      return;
    case "and-or":
      node.items.forEach((each) => visit(found, each));
      return;
    case "function":
      node.body.forEach((each) => visit(found, each));
      return;
    default:
      if (node.variable !== undefined) found.sets.add(node.variable);
      node.words.forEach((word) => visitWord(found, word));
      node.conditions.forEach((each) => visit(found, each));
      node.bodies.forEach((body) => body.forEach((each) => visit(found, each)));
      node.redirects.forEach((each) => visitRedirect(found, each));
  }
}

const DECLARERS: ReadonlySet<string> = new Set([
  "env",
  "export",
  "declare",
  "typeset",
  "local",
  "readonly",
  "read",
  "getopts",
  "mapfile",
  "readarray",
  "printf",
]);
const OPENERS: ReadonlySet<string> = new Set([".", "source", "eval"]);

function visitCommand(found: Found, { assignments, words, redirects }: SimpleCommand): void {
  for (const { name, value, elements } of assignments) {
    found.sets.add(name);
    for (const word of [value, ...(elements ?? [])]) if (word !== undefined) visitWord(found, word);
  }
  const name = words[0]?.text ?? "";
  if (OPENERS.has(name)) found.isOpen = true;
  if (DECLARERS.has(name)) words.slice(1).forEach((word) => declare(found, word));
  words.forEach((word) => visitWord(found, word));
  redirects.forEach((each) => visitRedirect(found, each));
}

/** `export X=y`, `read X`, `printf -v X`; `export X` alone sets nothing, and is taken for a setting all the same. */
function declare(found: Found, { text }: Word): void {
  const name = /^([A-Za-z_]\w*)(?:\+?=|$)/.exec(text)?.[1];
  if (name !== undefined) found.sets.add(name);
}

function visitRedirect(found: Found, { target, body }: Redirect): void {
  if (target !== undefined) visitWord(found, target);
  body?.parts?.forEach((part) => visitPart(found, part));
}

const visitWord = (found: Found, { parts }: Word): void => parts.forEach((part) => visitPart(found, part));

function visitPart(found: Found, part: WordPart): void {
  if (part.kind === "literal") return;
  if (part.kind === "command") {
    part.script.nodes.forEach((node) => visit(found, node));
    return;
  }
  if (part.kind === "variable") {
    const hasFallback = /^:?[-=+?]$/.test(part.operator ?? "");
    if (part.operator === ":=" || part.operator === "=") found.sets.add(part.name);
    found.reads.push({ name: part.name, hasFallback, start: part.start, end: part.end });
  }
  part.nested?.forEach(({ nodes }) => nodes.forEach((node) => visit(found, node)));
}
