// "Move the Docker set-up to `default:`": where all jobs of a pipeline have the same image, services and DOCKER_* variables, these stand
// once, in `default` and in the pipeline's `variables`. Offered only where no job becomes another. https://docs.gitlab.com/ci/yaml/#default
import { isClosedOf } from "../../model/pipeline/resolve";
import { RESERVED_ROOT_KEYS, SOFT_ROOT_KEYS } from "../../model/pipeline/keywords";
import { definitionsOf, rootKey } from "../../model/pipeline/root-table";
import { rootPairsOf } from "../../model/pipeline/yaml-of";
import type { QueryContext } from "../../query/query";
import { columnOf } from "../../syntax/yaml-layout";
import { keyText, pairOf, type YamlPair } from "../../syntax/yaml-nodes";
import { insertAt, type ChunkEdit } from "../../text/edit";
import {
  countComments,
  isNothingElse,
  setupAtCursor,
  takenLines,
  withoutSetup,
  type DockerSetup,
  type SharedSetup,
} from "./docker-setup";
import {
  aboveEntry,
  blockColumn,
  linesOf,
  textAtColumn,
  withCommentsAbove,
  type EntryLines,
} from "./entry-lines";
import { defineRefactoring } from "./refactoring";

export const moveSetupToDefault = defineRefactoring({
  id: "move-setup-to-default",
  kind: "refactor.extract",
  offer(ctx, cursor) {
    const shared = setupAtCursor(ctx, cursor);
    if (shared === undefined || !ctx.get(isClosedOf, shared.root)) return [];
    const edits = editsFor(ctx, shared);
    return edits === undefined ? [] : [{ title: "Move the Docker set-up to `default:`", edits }];
  },
});

function editsFor(ctx: QueryContext, shared: SharedSetup): readonly ChunkEdit[] | undefined {
  const { setup, all } = shared;
  const width = blockColumn(setup.body);
  if (width === undefined) return undefined;
  const keywords = [setup.image, setup.services].filter((lines) => lines !== undefined);
  const set = [
    intoRoot(ctx, shared, "default", keywords, width),
    ...(setup.docker.length === 0 ? [] : [intoRoot(ctx, shared, "variables", setup.docker, width)]),
  ];
  if (set.includes(undefined)) return undefined;
  // A job of which nothing is left is no job any more, and what extends it is refused.
  if (all.some(losesComments) || all.some(isNothingElse)) return undefined;
  return [
    ...set.flatMap((edits) => edits ?? []),
    ...all.flatMap((each) => withoutSetup(each, each === setup)),
  ];
}

/** What stands in `variables` beside the entries goes with it where it goes as a whole. */
const losesComments = (setup: DockerSetup): boolean => {
  const taken = takenLines(setup).find((lines) => lines === setup.variablesLines);
  return taken !== undefined && countComments([taken]) > countComments(setup.docker.map(withCommentsAbove));
};

/** Puts entries below a root key: behind what it holds, or below a new one above the first job. */
function intoRoot(
  ctx: QueryContext,
  { root, yaml }: SharedSetup,
  key: string,
  entries: readonly EntryLines[],
  width: number,
): readonly ChunkEdit[] | undefined {
  const pairs = rootPairsOf(yaml);
  const own = pairs.find((pair) => keyText(pair) === key);
  // Another file that says something there would be merged with it.
  if (ctx.get(definitionsOf, rootKey(root, key)).some((pair) => pair !== own)) return undefined;
  const text = (column: number): string =>
    entries.map((lines) => textAtColumn(withCommentsAbove(lines), column)).join("");
  if (own === undefined) {
    const first = pairs.find(isJobEntry);
    if (first === undefined) return undefined;
    const { chunk, offset } = aboveEntry(yaml, first);
    const column = columnOf(first.at.chunk.text, first.at.start);
    return [insertAt(chunk, offset, `${" ".repeat(column)}${key}:\n${text(width)}\n`)];
  }
  const lines = linesOf(own);
  const column = own.value.kind === "map" ? blockColumn(own.value) : undefined;
  if (own.value.kind !== "map" || lines === undefined || column === undefined) return undefined;
  const names = entries.map(
    ({ chunk, start, end }) => /^\s*(\w+)/.exec(chunk.text.slice(start, end))?.[1] ?? "",
  );
  if (names.some((name) => own.value.kind !== "map" || pairOf(own.value, name) !== undefined))
    return undefined;
  return [insertAt(lines.chunk, lines.end, `\n${text(column).trimEnd()}`)];
}

const isJobEntry = (pair: YamlPair): boolean => {
  const name = keyText(pair);
  return name !== undefined && !RESERVED_ROOT_KEYS.has(name) && !SOFT_ROOT_KEYS.has(name);
};
