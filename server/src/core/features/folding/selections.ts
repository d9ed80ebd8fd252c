// What a selection grows to, step by step: in a script from the word to its command, the item, the section, the job; elsewhere in
// YAML from a value to its entry; in a Dockerfile from the word to its instruction and its stage.
import { dockerfileOf } from "../../model/docker/dockerfile";
import { runReadingOf } from "../../model/docker/dockerfile-run";
import { shellScriptOf } from "../../model/docker/job-shells";
import type { QueryContext } from "../../query/query";
import type { DockerfileInstruction } from "../../syntax/dockerfile-nodes";
import type { ShellNode, ShellScript, Word } from "../../syntax/shell-nodes";
import type { YamlBlock, YamlNode, YamlPair, YamlScalar } from "../../syntax/yaml-nodes";
import type { Origin, Place } from "../../text/located";
import type { MappedText } from "../../text/mapped-text";
import type { FilePath } from "../../text/source-file";
import { withoutQuotes } from "../links/link";
import { isIn, spotAt, type Spot } from "../position/spot";
import { blocksOf, rootsOfFile } from "../symbols/pipelines-around";
import { scriptTextsIn } from "./script-texts";
import { childrenOf } from "./shell-folds";

/** Places that hold an offset, the innermost first, each inside of the next; undefined where the file is none of ours. */
export function selectionsAt(
  ctx: QueryContext,
  path: FilePath,
  offset: number,
): readonly Place[] | undefined {
  const file = ctx.file(path);
  const isOurs =
    file?.kind === "dockerfile" || (file?.kind === "gitlab-ci" && rootsOfFile(ctx, path).length > 0);
  const spot = isOurs ? spotAt(ctx, path, offset) : undefined;
  if (file === undefined || spot === undefined) return undefined;
  const origins = file.kind === "dockerfile" ? inDockerfile(ctx, spot) : inPipeline(ctx, spot);
  const start = spot.offset - spot.at;
  const whole: Place = { file: path, start: 0, end: file.text.length };
  const places = origins.map((at): Place => ({ file: path, start: start + at.start, end: start + at.end }));
  // A cursor may stand on the quote of a text.
  return growing([...places.filter((each) => each.start <= offset && offset <= each.end), whole]);
}

/** Only what holds the one before it and more. */
function growing(places: readonly Place[]): readonly Place[] {
  const kept: Place[] = [];
  for (const place of places) {
    const before = kept.at(-1);
    const isLarger =
      before === undefined ||
      (place.start <= before.start &&
        place.end >= before.end &&
        place.end - place.start > before.end - before.start);
    if (isLarger) kept.push(place);
  }
  return kept;
}

// ---- Pipelines

function inPipeline(ctx: QueryContext, spot: Spot): readonly Origin[] {
  const block = blocksOf(ctx, spot.file.path).find(({ chunk }) => chunk === spot.chunk);
  if (block === undefined) return [];
  const around: Origin[] = [];
  const scalar = descend(block, spot, around);
  const inside = scalar === undefined ? [] : inScalar(ctx, block, scalar, spot);
  return [...inside, ...around.reverse()];
}

/** Collects what holds the spot, outermost first; the scalar that holds it comes back. */
function descend(block: YamlBlock, spot: Spot, around: Origin[]): YamlScalar | undefined {
  const ofPairs = (pairs: readonly YamlPair[]): YamlScalar | undefined => {
    const pair = pairs.find(({ at }) => isIn(spot, at));
    if (pair === undefined) return undefined;
    around.push(pair.at);
    return ofNode(isIn(spot, pair.key.at) ? pair.key : pair.value);
  };
  const ofNode = (node: YamlNode | undefined): YamlScalar | undefined => {
    if (node === undefined || !isIn(spot, node.at)) return undefined;
    around.push(node.at);
    if (node.kind === "map") return ofPairs(node.pairs);
    if (node.kind === "seq") return ofNode(node.items.find((item) => isIn(spot, item.at)));
    return node.kind === "scalar" ? node : undefined;
  };
  return block.root === undefined ? ofPairs(block.pairs) : ofNode(block.root);
}

function inScalar(ctx: QueryContext, block: YamlBlock, scalar: YamlScalar, spot: Spot): readonly Origin[] {
  const text = withoutQuotes(scalar.at);
  if (!scriptTextsIn(block).includes(scalar)) return [text];
  const { mapped } = scalar;
  return [
    ...inShell(ctx.get(shellScriptOf, scalar.text), mapped, spot),
    mapped.at(0, mapped.text.trimEnd().length),
    text,
  ];
}

// ---- Shell

/** The word, its command, and what the command is part of, the innermost first. */
function inShell(script: ShellScript, text: MappedText, spot: Spot): readonly Origin[] {
  const around: Origin[] = [];
  const holds = ({ start, end }: { readonly start: number; readonly end: number }): boolean =>
    isIn(spot, text.at(start, end));
  const visit = (nodes: readonly ShellNode[]): void => {
    const node = nodes.find(holds);
    if (node === undefined) return;
    around.push(text.at(node.start, node.end));
    const word = wordsOf(node).find(holds);
    if (word !== undefined) {
      around.push(text.at(word.start, word.end), withoutQuotes(text.at(word.start, word.end)));
      const part = word.parts.find(holds);
      if (part?.kind === "variable") around.push(text.at(part.start, part.end));
    }
    visit(childrenOf(node));
  };
  visit(script.nodes);
  return around.reverse();
}

const wordsOf = (node: ShellNode): readonly Word[] => {
  if (node.kind !== "command") return "words" in node ? node.words : [];
  const values = node.assignments.flatMap(({ value }) => value ?? []);
  return [...node.words, ...values, ...node.redirects.flatMap(({ target }) => target ?? [])];
};

// ---- Dockerfiles

function inDockerfile(ctx: QueryContext, spot: Spot): readonly Origin[] {
  const dockerfile = dockerfileOf(ctx, spot.file.path);
  const instruction = dockerfile?.tree.instructions.find(({ at }) => isIn(spot, at));
  const stage = dockerfile?.stages.find(({ at }) => isIn(spot, at));
  return [
    ...(instruction === undefined ? [] : inInstruction(ctx, instruction, spot)),
    ...(stage ? [stage.at] : []),
  ];
}

function inInstruction(ctx: QueryContext, instruction: DockerfileInstruction, spot: Spot): readonly Origin[] {
  const { rest, words, json, flags, at } = instruction;
  const written = [...words, ...(json ?? []), ...flags].map((word) => word.at);
  const word = instruction.keyword === "RUN" ? undefined : written.find((each) => isIn(spot, each));
  const inside =
    instruction.keyword === "RUN"
      ? runReadingOf(ctx, instruction).scripts.flatMap(({ tree, text }) => inShell(tree, text, spot))
      : word === undefined
        ? []
        : [withoutQuotes(word), word];
  const operands = rest.at(0, rest.text.length);
  return [...inside, ...(isIn(spot, operands) ? [operands] : []), at];
}
