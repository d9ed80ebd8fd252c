// What is gathered while one YAML block is read, and what is wrong with it.
import type { Chunk } from "../text/located";
import { duplicateKeyMessage } from "./yaml-checks";
import type { SyntaxProblem, YamlAlias, YamlNode, YamlPair } from "./yaml-nodes";
import { explain } from "./yaml-problems";

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
  at: { chunk, start: at, end: Math.min(at + 1, chunk.text.length) },
});

/** One problem per line: what follows the first one on a line is its consequence. */
export function noteErrors(
  errors: readonly { code: string; message: string; pos: [number, number] }[],
  reading: Reading,
): void {
  const lines = new Set<number>();
  for (const { code, message, pos } of errors) {
    if (code === "MULTILINE_IMPLICIT_KEY") reading.runOnKeys.add(pos[0]);
    if (message.includes("in YAML stream") && reading.problems.length > 0) continue;
    const explained = explain({ code, message, start: pos[0] }, reading.text);
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
    else note(reading, duplicateKeyMessage(key.text), key.at.start, key.at.end);
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
