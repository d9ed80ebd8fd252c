// What stands behind the keyword of a Dockerfile instruction: flags, words, JSON strings, assignments.
import type { Origin } from "../text/located";
import { sliceText, type MappedText } from "../text/mapped-text";
import type { EscapeCharacter } from "./dockerfile-lines";
import type {
  DockerfileAssignment,
  DockerfileFlag,
  DockerfileHeredoc,
  DockerfileInstruction,
  DockerfileWord,
} from "./dockerfile-nodes";
import {
  endOfWord,
  insideQuotes,
  removeQuotes,
  skipBlanks,
  splitBlanks,
  splitWords,
  type WordRange,
} from "./dockerfile-words";

const takesJson = new Set(["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME"]);
const splitAtEveryBlank = new Set(["ADD", "COPY", "EXPOSE", "FROM", "VOLUME"]);
const takesAssignments = new Set(["ARG", "ENV", "LABEL"]);

/**
 * Reads an instruction from its logical line.
 *
 * @param line the keyword and everything behind it, here-documents left out
 * @param at the whole instruction
 */
export function readInstruction(
  line: MappedText,
  at: Origin,
  heredocs: readonly DockerfileHeredoc[],
  escape: EscapeCharacter,
): DockerfileInstruction {
  const text = line.text;
  const written = /^\S*/.exec(text)?.[0] ?? "";
  const keyword = written.toUpperCase();
  const { flags, end } = readFlags(line, written.length, escape);
  const trailing = text.trimEnd().length;
  const rest = sliceText(line, Math.min(end, trailing), trailing);
  const operands = readOperands(keyword, rest, escape);
  const isTrigger = keyword === "ONBUILD" && rest.text !== "";
  const trigger = isTrigger ? readTrigger(rest, heredocs, escape) : undefined;
  return Object.freeze({
    keyword,
    keywordAt: line.at(0, written.length),
    at,
    rest,
    flags,
    ...operands,
    heredocs,
    trigger,
  });
}

/** `ONBUILD ONBUILD` is refused by BuildKit: the second one stays a word. */
function readTrigger(
  rest: MappedText,
  heredocs: readonly DockerfileHeredoc[],
  escape: EscapeCharacter,
): DockerfileInstruction | undefined {
  if (/^ONBUILD\b/i.test(rest.text)) return undefined;
  return readInstruction(rest, rest.at(0, rest.text.length), heredocs, escape);
}

/** `--name=value` words in front of the operands; `--` alone ends them. */
function readFlags(
  line: MappedText,
  from: number,
  escape: EscapeCharacter,
): { readonly flags: readonly DockerfileFlag[]; readonly end: number } {
  const text = line.text;
  const flags: DockerfileFlag[] = [];
  let at = skipBlanks(text, from);
  while (text.startsWith("--", at)) {
    const end = endOfWord(text, at, escape);
    const word = text.slice(at, end);
    if (word === "--") return { flags, end: skipBlanks(text, end) };
    const equals = word.indexOf("=");
    const hasValue = equals !== -1;
    flags.push({
      name: word.slice(2, hasValue ? equals : undefined),
      value: hasValue ? removeQuotes(word.slice(equals + 1), escape) : undefined,
      at: line.at(at, end),
      valueAt: hasValue ? line.at(at + equals + 1, end) : undefined,
    });
    at = skipBlanks(text, end);
  }
  return { flags, end: at };
}

type Operands = Pick<DockerfileInstruction, "words" | "json" | "assignments">;

function readOperands(keyword: string, rest: MappedText, escape: EscapeCharacter): Operands {
  if (keyword === "HEALTHCHECK") return readHealthcheck(rest, escape);
  const json = takesJson.has(keyword) ? readJson(rest) : undefined;
  if (json !== undefined) return { words: [], json, assignments: [] };
  const ranges = splitAtEveryBlank.has(keyword) ? splitBlanks(rest.text) : splitWords(rest.text, escape);
  const assignments = takesAssignments.has(keyword) ? readAssignments(keyword, rest, ranges, escape) : [];
  return { words: ranges.map((range) => wordOf(rest, range)), json: undefined, assignments };
}

function readHealthcheck(rest: MappedText, escape: EscapeCharacter): Operands {
  const ranges = splitWords(rest.text, escape);
  const command = ranges[0];
  const arrayStart = skipBlanks(rest.text, command?.end ?? 0);
  const json = command === undefined ? undefined : readJson(sliceText(rest, arrayStart, rest.text.length));
  const words = json === undefined ? ranges : ranges.slice(0, 1);
  return { words: words.map((range) => wordOf(rest, range)), json, assignments: [] };
}

const wordOf = (rest: MappedText, { start, end }: WordRange): DockerfileWord => ({
  text: rest.text.slice(start, end),
  at: rest.at(start, end),
});

/** The strings of a JSON array of strings; undefined for everything else, which BuildKit takes as the shell form. */
function readJson(rest: MappedText): readonly DockerfileWord[] | undefined {
  if (!rest.text.startsWith("[")) return undefined;
  const values = jsonOf(rest.text);
  if (!Array.isArray(values) || !values.every((value) => typeof value === "string")) return undefined;
  const places = stringsIn(rest.text);
  return values.map((text: string, index) => {
    const place = places[index] ?? { start: 0, end: 0 };
    return { text, at: rest.at(place.start, place.end) };
  });
}

/** The strings of valid JSON, quotes included; a pattern would run out of stack on those of a generated file. */
function stringsIn(json: string): readonly WordRange[] {
  const strings: WordRange[] = [];
  for (let start = json.indexOf('"'); start !== -1;) {
    let end = start + 1;
    while (end < json.length && json[end] !== '"') end += json[end] === "\\" ? 2 : 1;
    strings.push({ start, end: end + 1 });
    start = json.indexOf('"', end + 1);
  }
  return strings;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The library has no other way to say that the text is no JSON.
    return undefined;
  }
}

function readAssignments(
  keyword: string,
  rest: MappedText,
  words: readonly WordRange[],
  escape: EscapeCharacter,
): readonly DockerfileAssignment[] {
  const [first] = words;
  if (first === undefined) return [];
  const isOldForm = keyword !== "ARG" && !rest.text.slice(first.start, first.end).includes("=");
  if (isOldForm) {
    // `ENV NAME some value`: the name ends at the first blank, quotes or not.
    const nameEnd = first.start + (/^\S*/.exec(rest.text.slice(first.start))?.[0].length ?? 0);
    const value = { start: skipBlanks(rest.text, nameEnd), end: rest.text.length };
    return [
      assignmentOf(
        rest,
        { start: first.start, end: nameEnd },
        value.start < value.end ? value : undefined,
        escape,
      ),
    ];
  }
  return words.map((word) => {
    const equals = rest.text.indexOf("=", word.start);
    if (equals === -1 || equals >= word.end) return assignmentOf(rest, word, undefined, escape);
    return assignmentOf(
      rest,
      { start: word.start, end: equals },
      { start: equals + 1, end: word.end },
      escape,
    );
  });
}

function assignmentOf(
  rest: MappedText,
  name: WordRange,
  value: WordRange | undefined,
  escape: EscapeCharacter,
): DockerfileAssignment {
  const inside = value === undefined ? undefined : insideQuotes(rest.text, value, escape);
  return {
    name: removeQuotes(rest.text.slice(name.start, name.end), escape),
    nameAt: rest.at(name.start, name.end),
    value: value === undefined ? undefined : removeQuotes(rest.text.slice(value.start, value.end), escape),
    valueAt: inside === undefined ? undefined : rest.at(inside.start, inside.end),
  };
}
