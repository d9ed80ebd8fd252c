// Puts inputs where `$[[ inputs.x ]]` stands. Every character keeps its place: those of the template their own, those of
// an input the block that they replace. What is not known stays as it is written, which the shell layer reads as a
// variable. https://docs.gitlab.com/ci/inputs/ , lib/gitlab/ci/config/interpolation/template.rb
import type { YamlScalar, YamlSeq } from "../../syntax/yaml-nodes";
import type { Hop, Origin } from "../../text/located";
import type { MappedText } from "../../text/mapped-text";
import { applyFunctions } from "./inputs-functions";
import { embeddedText, type InputType, type InputValue } from "./inputs-value";
import { throughHops } from "./merge";
import type { ListValue, ScalarValue, Value } from "./value";

/** An input of one use of a file. */
export interface Input {
  readonly type: InputType | undefined;
  readonly value: InputValue;
  /** Where whoever includes the file sets it; undefined for a default. */
  readonly givenAt: Origin | undefined;
}

/** The inputs of one use of a file, by name. A file without header has none of these, and its text stays as it is. */
export type Inputs = ReadonlyMap<string, Input>;

/** `$[[ access | function | … ]]` in a text. */
export interface Block {
  readonly start: number;
  readonly end: number;
  /** `inputs.x` */
  readonly access: string;
  readonly functions: readonly string[];
}

/** No line break inside, as `.` of GitLab's pattern. */
const BLOCK = /\$\[\[\s*(\S.*?\S)\s*\]\]/g;

/** The blocks of a text, in order. */
export function blocksIn(text: string): readonly Block[] {
  if (!text.includes("$[[")) return [];
  return [...text.matchAll(BLOCK)].map((match) => {
    const [access = "", ...functions] = (match[1] ?? "").split("|").map((part) => part.trim());
    return { start: match.index, end: match.index + match[0].length, access, functions };
  });
}

/** The name of the input that a block takes; undefined for anything else that can stand there (`component.version`). */
export const inputNameOf = (block: Block): string | undefined => /^inputs\.([^.]+)$/.exec(block.access)?.[1];

interface Insertion {
  readonly block: Block;
  readonly input: Input;
  readonly value: InputValue;
}

function insertionsIn(text: string, inputs: Inputs): readonly Insertion[] {
  return blocksIn(text).flatMap((block) => {
    const input = inputs.get(inputNameOf(block) ?? "");
    return input === undefined ? [] : [{ block, input, value: applyFunctions(input.value, block.functions) }];
  });
}

/** A text with inputs put in: the name of a job, a key. */
export function interpolateText(text: string, inputs: Inputs): string {
  return piecesOf(text, insertionsIn(text, inputs))
    .map((piece) => piece.text)
    .join("");
}

/** A scalar with inputs put in. Where an input is the whole scalar, it keeps its type: a list, a number, a boolean. */
export function interpolateScalar(node: YamlScalar, via: readonly Hop[], inputs: Inputs): Value {
  const plain: ScalarValue = { kind: "scalar", node, at: node.at, via };
  if (typeof node.value !== "string") return plain;
  const insertions = insertionsIn(node.text, inputs);
  const [first] = insertions;
  if (first === undefined) return plain;
  const isWhole = first.block.start === 0 && first.block.end === node.text.length;
  // The items of a list have places of their own, which say where it was given.
  if (isWhole && first.value.kind === "list") return insertedList(node, via, first.block, first.value.list);
  const hops = [...via, ...insertions.flatMap(hopOf)];
  if (isWhole) return wholeValue(node, hops, first);
  const pieces = piecesOf(node.text, insertions);
  const text = pieces.map((piece) => piece.text).join("");
  return { ...plain, via: hops, node: replaced(node, text, text, pieces) };
}

/** An input that was given leads to where it was given. */
function hopOf({ block, input }: Insertion): readonly Hop[] {
  return input.givenAt === undefined ? [] : [{ kind: "include", name: block.access, at: input.givenAt }];
}

function wholeValue(node: YamlScalar, via: readonly Hop[], { block, input, value }: Insertion): Value {
  switch (value.kind) {
    case "scalar": {
      const pieces = [{ text: value.text, start: block.start, end: block.end, isInserted: true }];
      return { kind: "scalar", at: node.at, via, node: replaced(node, value.text, value.value, pieces) };
    }
    case "list":
      return insertedList(node, via, block, value.list);
    case "texts":
      return textList(node, via, value.texts);
    case "unknown":
      if (input.type === "string") return { kind: "scalar", node, at: node.at, via };
      return {
        kind: "unknown",
        at: node.at,
        via,
        because: `\`${block.access}\` is not known here`,
        isOpen: true,
      };
  }
}

const insertedList = (node: YamlScalar, via: readonly Hop[], block: Block, list: ListValue): Value =>
  throughHops(list, [...via, { kind: "include", name: block.access, at: node.at }]);

function textList(node: YamlScalar, via: readonly Hop[], texts: readonly string[]): ListValue {
  const nodes = texts.map((text) =>
    replaced(node, text, text, [{ text, start: 0, end: node.text.length, isInserted: true }]),
  );
  const list: YamlSeq = {
    kind: "seq",
    flow: true,
    items: nodes,
    at: node.at,
    tag: undefined,
    anchor: undefined,
  };
  return {
    kind: "list",
    node: list,
    at: node.at,
    via,
    items: nodes.map((item) => ({ kind: "scalar", node: item, at: item.at, via })),
  };
}

/** A stretch of the new text, and the stretch of the old one that it comes from. */
interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly isInserted: boolean;
}

function piecesOf(text: string, insertions: readonly Insertion[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  const keep = (to: number): void => {
    if (to > end) pieces.push({ text: text.slice(end, to), start: end, end: to, isInserted: false });
  };
  for (const { block, value } of insertions) {
    const inserted = embeddedText(value);
    if (inserted === undefined) continue;
    keep(block.start);
    pieces.push({ text: inserted, start: block.start, end: block.end, isInserted: true });
    end = block.end;
  }
  keep(text.length);
  return pieces;
}

/** The node with another text and value. Its places are worked out when they are asked for, like those of any scalar. */
function replaced(
  node: YamlScalar,
  text: string,
  value: YamlScalar["value"],
  pieces: readonly Piece[],
): YamlScalar {
  const { at, tag, anchor, style } = node;
  return {
    kind: "scalar",
    at,
    tag,
    anchor,
    style,
    text,
    value,
    get mapped() {
      return replacedText(node.mapped, text, pieces);
    },
  };
}

/** A text of pieces of another, each character at its place there, those of an inserted piece at what it replaces. */
function replacedText(original: MappedText, text: string, pieces: readonly Piece[]): MappedText {
  const starts: number[] = [];
  let length = 0;
  for (const piece of pieces) {
    starts.push(length);
    length += piece.text.length;
  }
  const placeOf = (offset: number): Origin => {
    const index = starts.findLastIndex((start) => start <= offset);
    const piece = pieces[index];
    const within = offset - (starts[index] ?? 0);
    // Behind the last character, and in an empty text: where the original ends.
    if (piece === undefined || within >= piece.text.length)
      return original.at(original.text.length, original.text.length);
    return piece.isInserted
      ? original.at(piece.start, piece.end)
      : original.at(piece.start + within, piece.start + within + 1);
  };
  return {
    text,
    chunk: original.chunk,
    at(from, to) {
      const first = Math.min(Math.max(from, 0), text.length);
      const last = Math.min(Math.max(from, to, 0), text.length);
      const { chunk, start } = placeOf(first);
      return { chunk, start, end: last > first ? placeOf(last - 1).end : start };
    },
  };
}
