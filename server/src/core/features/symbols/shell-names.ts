// The variables that a script names: what it reads, what it sets, and where it hands a variable on by its name. From the
// script's tree, so that quotes, here-documents and comments count as the shell counts them.
import { scriptText } from "../../model/docker/command-words";
import { baseName, unwrap } from "../../model/docker/wrappers";
import { toolNamed } from "../../model/docker/parse-command";
import { parseShell } from "../../syntax/shell";
import type {
  Redirect,
  ShellNode,
  ShellScript,
  SimpleCommand,
  Word,
  WordPart,
} from "../../syntax/shell-nodes";
import type { Role } from "./symbol";

export interface ShellName {
  readonly name: string;
  readonly role: Role;
  /** Offsets into the script's text, of the name alone. */
  readonly start: number;
  readonly end: number;
  readonly obstacle?: string;
}

interface Search {
  readonly text: string;
  /** Added to offsets: a script in a word of another one. */
  readonly shift: number;
  readonly depth: number;
  readonly found: Map<number, ShellName>;
}

const DEEPEST = 3;

/** The variables in a script, in order of the text. `text` is what the script's offsets are into. */
export function namesInShell(script: ShellScript, text: string): readonly ShellName[] {
  const search: Search = { text, shift: 0, depth: 0, found: new Map() };
  if (script.dialect === "powershell") inPowerShell(search);
  else script.nodes.forEach((node) => visit(search, node));
  return [...search.found.values()].sort((a, b) => a.start - b.start);
}

function add(search: Search, name: string, role: Role, start: number, obstacle?: string): void {
  if (!/^[A-Za-z_]\w*$/.test(name) || !search.text.startsWith(name, start)) return;
  const at = start + search.shift;
  if (search.found.get(at)?.role === "write") return;
  const own = { name, role, start: at, end: at + name.length };
  search.found.set(at, obstacle === undefined ? own : { ...own, obstacle });
}

/** `$env:NAME` and `$NAME`: Runner makes both. What else PowerShell does with names is not read. */
function inPowerShell(search: Search): void {
  for (const match of search.text.matchAll(/\$(?:env:|\{)?([A-Za-z_]\w*)/gi)) {
    const name = match[1] ?? "";
    const start = match.index + match[0].length - name.length;
    add(
      search,
      name,
      "reference",
      start,
      "a PowerShell script reads it, which is not followed in all its ways",
    );
  }
}

function visit(search: Search, node: ShellNode): void {
  switch (node.kind) {
    case "command":
      visitCommand(search, node);
      return;
    case "pipeline":
      node.commands.forEach((each) => visit(search, each));
      return;
    case "and-or":
      node.items.forEach((each) => visit(search, each));
      return;
    case "function":
      node.body.forEach((each) => visit(search, each));
      return;
    default:
      visitCompound(search, node);
  }
}

function visitCompound(
  search: Search,
  node: Exclude<ShellNode, { kind: "command" | "pipeline" | "and-or" | "function" }>,
): void {
  const { kind, start, end, variable, words } = node;
  if (variable !== undefined) {
    const head = /^(?:for|select)\s+/.exec(search.text.slice(start, end));
    if (head !== null) add(search, variable, "write", start + head[0].length);
  }
  if (kind === "arithmetic") identifiersIn(search, start, end);
  words.forEach((word, index) => {
    if (words[index - 1]?.text === "-v") add(search, word.text, "reference", word.start);
    visitWord(search, word);
  });
  node.conditions.forEach((each) => visit(search, each));
  node.bodies.forEach((body) => body.forEach((each) => visit(search, each)));
  node.redirects.forEach((each) => visitRedirect(search, each));
}

/** Commands whose words are names of variables. */
const DECLARERS: ReadonlySet<string> = new Set(
  "export declare typeset local readonly read unset getopts mapfile readarray".split(" "),
);

function visitCommand(search: Search, command: SimpleCommand): void {
  const { assignments, words, redirects } = command;
  for (const { name, start, value, elements } of assignments) {
    add(search, name, "write", start);
    for (const word of [value, ...(elements ?? [])]) if (word !== undefined) visitWord(search, word);
  }
  const { first, assignments: inFront } = unwrap(words);
  for (const index of inFront) declare(search, words[index]);
  const name = words[first]?.text ?? "";
  const rest = words.slice(first + 1);
  if (DECLARERS.has(name)) rest.forEach((word) => declare(search, word));
  handedOn(search, name, rest);
  nestedScript(search, name, rest);
  words.forEach((word) => visitWord(search, word));
  redirects.forEach((each) => visitRedirect(search, each));
}

/** `export X=y`, `read X`. Names in quotes are named all the same, but stay where they are. */
function declare(search: Search, word: Word | undefined): void {
  const name = word === undefined ? undefined : /^([A-Za-z_]\w*)(?:\+?=|$)/.exec(word.text)?.[1];
  if (word !== undefined && name !== undefined) add(search, name, "write", word.start);
}

/** Words that name a variable for another program to take out of its environment. */
function handedOn(search: Search, name: string, words: readonly Word[]): void {
  const isTool = toolNamed(name) !== undefined;
  if (!isTool && !["printenv", "test", "["].includes(name)) return;
  words.forEach((word, index) => {
    const before = words[index - 1]?.text ?? "";
    if (isTool) handedToContainer(search, before, word);
    else if (name === "printenv" || before === "-v") add(search, word.text, "reference", word.start);
  });
}

/** `-e NAME`, `--env=NAME`, `--build-arg NAME`: the name inside the container is that of the variable. */
function handedToContainer(search: Search, before: string, word: Word): void {
  const inFlag = /^(--env|--build-arg)=/.exec(word.text);
  const flag = inFlag?.[1] ?? (/^(?:-e|--env|--build-arg)$/.test(before) ? before : undefined);
  if (flag === undefined) return;
  const start = word.start + (inFlag?.[0].length ?? 0);
  const name = search.text.slice(start, word.end);
  add(search, name, "reference", start, `\`${flag}\` hands it on under its name`);
}

/** `sh -c '…'` */
function nestedScript(search: Search, name: string, words: readonly Word[]): void {
  if (search.depth >= DEEPEST || !/^(?:ba|da|a|z|k)?sh$/.test(baseName(name))) return;
  const option = words.findIndex(({ text }) => /^-[a-z]*c$/.test(text));
  const word = option === -1 ? undefined : words[option + 1];
  const nested = word?.isStatic === true ? scriptText(word) : undefined;
  if (nested?.isExact !== true) return;
  const inner = { ...search, text: nested.text, shift: search.shift + nested.start, depth: search.depth + 1 };
  parseShell(nested.text).nodes.forEach((node) => visit(inner, node));
}

function visitRedirect(search: Search, { target, body }: Redirect): void {
  if (target !== undefined) visitWord(search, target);
  body?.parts?.forEach((part) => visitPart(search, part));
}

const visitWord = (search: Search, { parts }: Word): void => parts.forEach((part) => visitPart(search, part));

function visitPart(search: Search, part: WordPart): void {
  switch (part.kind) {
    case "literal":
      return;
    case "command":
      part.script.nodes.forEach((node) => visit(search, node));
      return;
    case "variable":
      visitExpansion(search, part);
      break;
    case "arithmetic":
      identifiersIn(search, part.start, part.end);
      break;
    case "glob":
  }
  part.nested?.forEach(({ nodes }) => nodes.forEach((node) => visit(search, node)));
}

function visitExpansion(search: Search, part: Extract<WordPart, { kind: "variable" }>): void {
  const { name, operator, argument, start, end } = part;
  const sigil = /^\$\{?[#!]?/.exec(search.text.slice(start, end))?.[0].length ?? 0;
  if (sigil > 0)
    add(search, name, operator === ":=" || operator === "=" ? "write" : "reference", start + sigil);
  if (argument?.includes("$") === true) dollarsIn(search, start + sigil + name.length, end);
}

/** `$((X + 1))`, `((X++))`: names without a dollar sign. */
function identifiersIn(search: Search, start: number, end: number): void {
  for (const match of search.text.slice(start, end).matchAll(/(?<![\w#])[A-Za-z_]\w*/g))
    add(search, match[0], "reference", start + match.index);
}

/** `${X:-$Y}`: the text behind the operator is no word of its own. */
function dollarsIn(search: Search, start: number, end: number): void {
  for (const match of search.text.slice(start, end).matchAll(/(?<!\\)\$\{?([A-Za-z_]\w*)/g)) {
    const name = match[1] ?? "";
    add(search, name, "reference", start + match.index + match[0].length - name.length);
  }
}
