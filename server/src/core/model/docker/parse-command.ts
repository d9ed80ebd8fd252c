// Takes a container command apart: tool, verb, flags with their values, operands, by the flag tables in core/data.
import {
  canonicalVerb,
  composeFlags,
  flagsOf,
  globalFlagsOf,
  isVerbGroup,
  type FlagSpec,
  type FlagTable,
} from "../../data/docker-flags";
import { partOf, spanning, type Origin } from "../../text/located";
import type { Argument, Flag, Tool } from "./command";
import { wordBehind } from "./command-words";
import { baseName } from "./wrappers";

const TOOLS: readonly Tool[] = [
  "docker",
  "docker-compose",
  "podman",
  "buildah",
  "buildctl",
  "nerdctl",
  "skopeo",
  "crane",
];

/** The tool that a command's name (or path) means; undefined for any other command. */
export function toolNamed(name: string): Tool | undefined {
  const base = baseName(name);
  if (base === "executor") return name === base || name.endsWith("kaniko/executor") ? "kaniko" : undefined;
  if (base === "buildctl-daemonless.sh") return "buildctl";
  return TOOLS.find((tool) => tool === base);
}

export interface ParsedCommand {
  readonly verb: string;
  readonly verbAt: Origin;
  readonly globalFlags: readonly Flag[];
  readonly flags: readonly Flag[];
  readonly operands: readonly Argument[];
}

const BUILDX_GLOBAL: FlagTable = {
  byName: new Map<string, FlagSpec>([
    ["builder", { name: "builder", short: undefined, arity: "value" }],
    ["debug", { name: "debug", short: "D", arity: "boolean" }],
    ["D", { name: "debug", short: "D", arity: "boolean" }],
  ]),
  stopsAtOperand: true,
};

const NO_FLAGS: FlagTable = { byName: new Map(), stopsAtOperand: false };

/** Reads the words behind a tool's name. */
export function parseCommand(tool: Tool, name: Argument, words: readonly Argument[]): ParsedCommand {
  const global: Flag[] = [];
  if (tool === "kaniko") {
    const { flags, operands } = readFlags(globalFlagsOf(tool), words, 0);
    return { verb: "", verbAt: name.at, globalFlags: [], flags, operands };
  }
  const verb: Argument[] = [];
  let at = 0;
  for (;;) {
    const read = readFlags({ ...groupFlags(tool, verb), stopsAtOperand: true }, words, at);
    global.push(...read.flags);
    at = read.next;
    const word = words[at];
    if (word === undefined || !word.isStatic) break;
    verb.push(word);
    at += 1;
    if (!isVerbGroup(tool, written(verb))) break;
  }
  const canonical = canonicalVerb(
    tool,
    tool === "docker-compose" && verb.length > 0 ? `compose ${written(verb)}` : written(verb),
  );
  const { flags, operands } = readFlags(flagsOf(tool, canonical) ?? NO_FLAGS, words, at);
  const [first] = verb;
  const last = verb.at(-1);
  const verbAt = first === undefined || last === undefined ? name.at : spanning(first.at, last.at);
  return { verb: canonical, verbAt, globalFlags: global, flags, operands };
}

const written = (verb: readonly Argument[]): string => verb.map((word) => word.text).join(" ");

function groupFlags(tool: Tool, verb: readonly Argument[]): FlagTable {
  if (verb.length === 0) return globalFlagsOf(tool);
  if (verb[0]?.text === "compose") return composeFlags;
  return verb[0]?.text === "buildx" ? BUILDX_GLOBAL : NO_FLAGS;
}

interface ReadFlags {
  readonly flags: readonly Flag[];
  readonly operands: readonly Argument[];
  /** Index behind what was read: where the first operand stands for a table that stops there. */
  readonly next: number;
}

/** Reads flags and operands from an index on, as pflag does. https://pkg.go.dev/github.com/spf13/pflag */
function readFlags(table: FlagTable, words: readonly Argument[], from: number): ReadFlags {
  const flags: Flag[] = [];
  const operands: Argument[] = [];
  let at = from;
  for (let word = words[at]; word !== undefined; word = words[at]) {
    if (word.text === "--") return { flags, operands: [...operands, ...words.slice(at + 1)], next: at };
    if (!word.text.startsWith("-") || word.text === "-") {
      if (table.stopsAtOperand) return { flags, operands: words.slice(at), next: at };
      operands.push(word);
      at += 1;
      continue;
    }
    const read = word.text.startsWith("--")
      ? [readLong(table, word, words[at + 1])]
      : readShort(table, word, words[at + 1]);
    flags.push(...read);
    at += read.at(-1)?.form === "separate" ? 2 : 1;
  }
  return { flags, operands, next: at };
}

function readLong(table: FlagTable, word: Argument, next: Argument | undefined): Flag {
  const equals = word.text.indexOf("=");
  const written = equals === -1 ? word.text : word.text.slice(0, equals);
  const spec = table.byName.get(written.slice(2));
  const shape = {
    name: spec?.name ?? written.slice(2),
    written,
    isKnown: spec !== undefined,
    nameAt: headOf(word, written.length),
  };
  if (equals !== -1) return flag(shape, word, behind(word, equals + 1), "equals");
  return spec?.arity === "value" ? separate(shape, word, next) : flag(shape, word, undefined, "none");
}

type FlagShape = Pick<Flag, "name" | "written" | "isKnown" | "nameAt">;

const flag = (shape: FlagShape, word: Argument, value: Argument | undefined, form: Flag["form"]): Flag => ({
  ...shape,
  value,
  form,
  at: form === "separate" && value !== undefined ? spanning(word.at, value.at) : word.at,
});

const separate = (shape: FlagShape, word: Argument, value: Argument | undefined): Flag =>
  flag(shape, word, value, value === undefined ? "none" : "separate");

/** `-it`, `-tname`, `-t=name`: a cluster ends with the first flag that takes a value. */
function readShort(table: FlagTable, word: Argument, next: Argument | undefined): readonly Flag[] {
  const plain = plainLength(word);
  const flags: Flag[] = [];
  for (let at = 1; at < word.text.length; at += 1) {
    const read = readLetter(table, { word, at, plain }, next);
    flags.push(read);
    // What is behind an unknown letter may be its value.
    if (read.form !== "none" || !read.isKnown) break;
  }
  return flags;
}

interface Letter {
  readonly word: Argument;
  readonly at: number;
  /** How many characters of the word stand as they are. */
  readonly plain: number;
}

function readLetter(table: FlagTable, letter: Letter, next: Argument | undefined): Flag {
  const { word, at } = letter;
  const name = word.text.charAt(at);
  const spec = table.byName.get(name);
  const shape = {
    name: spec?.name ?? name,
    written: `-${name}`,
    isKnown: spec !== undefined,
    nameAt: letterPlace(letter),
  };
  const isLast = at + 1 === word.text.length;
  if (word.text.charAt(at + 1) === "=") return flag(shape, word, behind(word, at + 2), "equals");
  if (spec?.arity !== "value") return flag(shape, word, undefined, "none");
  return isLast ? separate(shape, word, next) : flag(shape, word, behind(word, at + 1), "attached");
}

/** The part of a word behind its first characters, as an argument of its own. */
function behind(word: Argument, length: number): Argument {
  const value = wordBehind(word.word, length);
  const offset = value.start - word.word.start;
  const at = isPlain(word) ? partOf(word.at, offset, offset + (value.end - value.start)) : word.at;
  return { word: value, text: value.text, isStatic: value.isStatic, at };
}

/** Whether the word's place holds its characters one by one: not for words out of variables or folded lines. */
const isPlain = ({ word, at }: Argument): boolean => at.end - at.start === word.end - word.start;

/** How many characters at the beginning of a word stand in the file as they are: without quotes and backslashes. */
function plainLength(argument: Argument): number {
  if (!isPlain(argument)) return 0;
  const { text, word } = argument;
  if (word.source.startsWith(text)) return text.length;
  let length = 0;
  while (length < text.length && text[length] === word.source[length]) length += 1;
  return length;
}

const headOf = (word: Argument, length: number): Origin =>
  length <= plainLength(word) ? partOf(word.at, 0, length) : word.at;

/** The place of a letter of a cluster; of the first one with its dash. */
const letterPlace = ({ word, at, plain }: Letter): Origin =>
  at < plain ? partOf(word.at, at === 1 ? 0 : at, at + 1) : word.at;
