// What is gathered while one YAML block is read, and what is wrong with it.
import type { Chunk } from "../text/located";
import { duplicateKeyMessage } from "./yaml-checks";
import type { SyntaxProblem, YamlAlias, YamlNode, YamlPair } from "./yaml-nodes";
import { explain, type ParserComplaint } from "./yaml-problems";

/** What is gathered while one block is read. */
export interface Reading {
  readonly chunk: Chunk;
  readonly text: string;
  readonly anchors: YamlNode[];
  readonly aliases: YamlAlias[];
  readonly problems: SyntaxProblem[];
  /** Starts of keys that run over several lines: a half-typed key in front of a whole one. */
  readonly runOnKeys: Set<number>;
}

export const tooDeep = (chunk: Chunk, at: number): SyntaxProblem => ({
  message: "this is nested too deep to be read",
  isOurLimit: true,
  at: { chunk, start: at, end: Math.min(at + 1, chunk.text.length) },
});

/** So many complaints of the parser are read in one block. More come from text that is no YAML at all. */
export const MOST_COMPLAINTS = 100;

/** One problem per line: what follows the first one on a line is its consequence. */
export function noteComplaints(complaints: readonly ParserComplaint[], reading: Reading): void {
  const lines = new Set<number>();
  const inOrder = [...complaints].sort((a, b) => a.start - b.start);
  for (const complaint of inOrder) {
    const { code, message, start } = complaint;
    if (code === "MULTILINE_IMPLICIT_KEY") reading.runOnKeys.add(start);
    if (message.includes("in YAML stream") && reading.problems.length > 0) continue;
    const explained = explain(complaint, reading.text);
    if (explained === undefined) continue;
    const line = reading.text.lastIndexOf("\n", explained.start - 1);
    if (lines.has(line)) continue;
    lines.add(line);
    note(reading, explained.message, explained.start, explained.end);
  }
}

export function note(reading: Reading, message: string, start: number, end: number): void {
  reading.problems.push(Object.freeze({ message, at: { chunk: reading.chunk, start, end } }));
}

/** The last of equal keys wins in Psych, silently. */
export function checkUnique(pairs: readonly YamlPair[], reading: Reading): void {
  const seen = new Set<string>();
  for (const { key } of pairs) {
    // Several merge keys in one mapping are all merged.
    if (key.kind !== "scalar" || key.text === "<<") continue;
    if (!seen.has(key.text)) seen.add(key.text);
    else reading.problems.push({ message: duplicateKeyMessage(key.text), at: key.at, isHarmless: true });
  }
}

/** A flow collection whose last bracket is missing: said where it opens. */
export function checkClosed(reading: Reading, start: number, end: number): void {
  const opening = reading.text[start];
  if (opening !== "[" && opening !== "{") return;
  const closing = opening === "[" ? "]" : "}";
  if (reading.text[end - 1] === closing) return;
  note(
    reading,
    `\`${opening}\` is not closed: \`${closing}\` is missing, or stands too far left`,
    start,
    start + 1,
  );
}

/** A quoted scalar whose last quote is missing: said where it opens. */
export function checkQuoteClosed(reading: Reading, start: number, end: number): void {
  const quote = reading.text[start];
  if (end - start > 1 && reading.text[end - 1] === quote) return;
  note(
    reading,
    `the quote \`${quote ?? ""}\` is not closed: what follows it is read as text`,
    start,
    start + 1,
  );
}

/** Back over the blanks in front of `at`. */
export function behindIndicator(text: string, at: number): number {
  let start = at;
  while (start > 0 && (text[start - 1] === " " || text[start - 1] === "\t")) start -= 1;
  return start;
}

/** End of the last line of a block scalar that is not blank; of its header where all are. */
export function endOfBlockText(text: string, start: number, end: number): number {
  const headerEnd = text.indexOf("\n", start);
  let last = end;
  while (headerEnd !== -1 && last > headerEnd) {
    const line = text.lastIndexOf("\n", last - 1);
    if (text.slice(line + 1, last).trim() !== "") break;
    last = Math.max(line, start);
  }
  return last;
}

const CORE_TAG = "tag:yaml.org,2002:";

/** The tag as one writes it: `!!str`, not its long form. */
export const writtenTag = (tag: string | undefined): string | undefined =>
  tag?.startsWith(CORE_TAG) === true ? `!!${tag.slice(CORE_TAG.length)}` : tag;
