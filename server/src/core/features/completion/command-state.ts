// What is being typed of a container command: a verb, an option, an option's value or an operand, by the tool's flag tables.
import {
  canonicalVerb,
  composeFlags,
  flagsOf,
  globalFlagsOf,
  isVerbGroup,
  type FlagTable,
} from "../../data/docker-flags";
import type { Tool } from "../../model/docker/command";
import { toolNamed } from "../../model/docker/parse-command";
import type { ShellLine } from "../position/shell-line";

export interface CommandState {
  readonly tool: Tool;
  /** Canonical, as far as it is typed: "buildx build", "compose". */
  readonly verb: string;
  /** The words of the verb as written. */
  readonly verbWords: readonly string[];
  readonly typing: "verb" | "flag" | "value" | "operand";
  /** The option whose value is being typed. */
  readonly flag: string | undefined;
  /** What is typed of the word, or of the value behind `=`. */
  readonly typed: string;
  /** How much of the word stands in front of it: `--tag=`. */
  readonly skipped: number;
  /** Values of the command's other options, by long name. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];
}

/** Undefined where no container command is being typed. */
export function commandState(line: ShellLine): CommandState | undefined {
  const [name, ...words] = line.words;
  const tool = name === undefined ? undefined : toolNamed(name);
  if (tool === undefined) return undefined;
  const read = readWords(tool, words);
  if (read.verbOpen && !line.typed.startsWith("-"))
    return { ...read, tool, typing: "verb", flag: undefined, typed: line.typed, skipped: 0 };
  const table = tableOf(tool, read.verbWords, read.verb);
  const values = new Map([...read.values, ...readFlags(table, line.after).values]);
  const base = {
    ...read,
    tool,
    values,
    operands: [...read.operands, ...readFlags(table, line.after).operands],
  };
  if (read.waiting !== undefined)
    return { ...base, typing: "value", flag: read.waiting, typed: line.typed, skipped: 0 };
  const equals = /^--?([\w-]+)=/.exec(line.typed);
  const own = equals === null ? undefined : table.byName.get(equals[1] ?? "");
  if (equals !== null && own !== undefined) {
    const [written] = equals;
    return {
      ...base,
      typing: "value",
      flag: own.name,
      typed: line.typed.slice(written.length),
      skipped: written.length,
    };
  }
  const typing = line.typed.startsWith("-") ? "flag" : "operand";
  return { ...base, typing, flag: undefined, typed: line.typed, skipped: 0 };
}

/** The options that may stand where the verb is known, or in front of it. */
export function tableOf(tool: Tool, verbWords: readonly string[], verb: string): FlagTable {
  if (tool === "kaniko" || verbWords.length === 0) return globalFlagsOf(tool);
  return flagsOf(tool, verb) ?? (verbWords[0] === "compose" ? composeFlags : NO_FLAGS);
}

const NO_FLAGS: FlagTable = { byName: new Map(), stopsAtOperand: false };

interface Read {
  readonly verb: string;
  readonly verbWords: readonly string[];
  /** True where one more word of the verb is to come. */
  readonly verbOpen: boolean;
  readonly waiting: string | undefined;
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];
}

function readWords(tool: Tool, words: readonly string[]): Read {
  const verbWords: string[] = [];
  let at = 0;
  let waiting: string | undefined;
  const isOpen = (): boolean =>
    tool !== "kaniko" && (verbWords.length === 0 || isVerbGroup(tool, verbWords.join(" ")));
  while (at < words.length && isOpen()) {
    const word = words[at] ?? "";
    at += 1;
    if (!word.startsWith("-")) verbWords.push(word);
    else if (takesNext(tableOf(tool, verbWords, ""), word)) {
      waiting = at === words.length ? nameOf(tableOf(tool, verbWords, ""), word) : undefined;
      at += 1;
    }
  }
  const written = verbWords.join(" ");
  const verb = canonicalVerb(
    tool,
    tool === "docker-compose" && written !== "" ? `compose ${written}` : written,
  );
  const verbOpen = isOpen() && waiting === undefined;
  const rest = readFlags(tableOf(tool, verbWords, verb), words.slice(at));
  return { ...rest, verb, verbWords, verbOpen, waiting: waiting ?? rest.waiting };
}

const nameOf = (table: FlagTable, word: string): string =>
  table.byName.get(word.replace(/^-+/, ""))?.name ?? word.replace(/^-+/, "");

/** `--flag` and `-f` whose value is the next word. */
const takesNext = (table: FlagTable, word: string): boolean =>
  !word.includes("=") && table.byName.get(word.replace(/^-+/, ""))?.arity === "value";

type Flags = Pick<Read, "waiting" | "values" | "operands">;

function readFlags(table: FlagTable, words: readonly string[]): Flags {
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  const add = (name: string, value: string): void => {
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  };
  let waiting: string | undefined;
  for (const word of words) {
    if (waiting !== undefined) {
      add(waiting, word);
      waiting = undefined;
    } else if (!word.startsWith("-") || word === "-") operands.push(word);
    else if (word.includes("="))
      add(nameOf(table, word.slice(0, word.indexOf("="))), word.slice(word.indexOf("=") + 1));
    else if (takesNext(table, word)) waiting = nameOf(table, word);
    else add(nameOf(table, word), "");
  }
  return { waiting, values, operands };
}
