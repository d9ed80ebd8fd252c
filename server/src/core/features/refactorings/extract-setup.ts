// "Move the Docker set-up to a hidden job": image, services and DOCKER_* variables of a job, and of those that write the same, go into
// a template that they extend. Every job stays what it is. https://docs.gitlab.com/ci/yaml/#extends
import type { QueryContext } from "../../query/query";
import { appendItem } from "../../syntax/yaml-edit";
import { columnOf } from "../../syntax/yaml-layout";
import { pairOf } from "../../syntax/yaml-nodes";
import { insertAt, replace, type ChunkEdit } from "../../text/edit";
import { textAt } from "../../text/located";
import {
  firstWritten,
  freeTemplateName,
  setupAtCursor,
  takenLines,
  withoutSetup,
  type DockerSetup,
  type SharedSetup,
} from "./docker-setup";
import { aboveEntry, blockColumn, linesOf, textAtColumn, withCommentsAbove } from "./entry-lines";
import { defineRefactoring } from "./refactoring";

export const extractSetup = defineRefactoring({
  id: "extract-setup",
  kind: "refactor.extract",
  offer(ctx, cursor) {
    const shared = setupAtCursor(ctx, cursor);
    if (shared !== undefined && isSetupTemplate(shared)) return [];
    const name = shared && freeTemplateName(ctx, shared);
    const edits = shared && name !== undefined ? editsFor(ctx, shared, name) : undefined;
    return edits === undefined
      ? []
      : [{ title: `Move the Docker set-up to a hidden job \`${name ?? ""}\``, edits }];
  },
});

/** A hidden job that runs nothing is what this would make, unless others of the file write the same. */
const isSetupTemplate = ({ setup: { name, body }, all }: SharedSetup): boolean =>
  name.startsWith(".") && all.length === 1 && pairOf(body, "script") === undefined;

function editsFor(
  _ctx: QueryContext,
  { yaml, setup, all }: SharedSetup,
  name: string,
): readonly ChunkEdit[] | undefined {
  const first = firstWritten(yaml, all);
  const column = blockColumn(setup.body);
  if (first === undefined || column === undefined) return undefined;
  const extended = all.map((each) => extendBy(each, name));
  if (extended.includes(undefined)) return undefined;
  const { chunk, offset } = aboveEntry(yaml, first.pair);
  const rootColumn = columnOf(first.pair.at.chunk.text, first.pair.at.start);
  const template = `${" ".repeat(rootColumn)}${name}:\n${templateBody(setup, column)}\n`;
  return [
    insertAt(chunk, offset, template),
    ...extended.flatMap((edits) => edits ?? []),
    ...all.flatMap((each) => withoutSetup(each, each === setup)),
  ];
}

/** The entries as the job writes them, in its order. */
function templateBody(setup: DockerSetup, column: number): string {
  const isDocker = (lines: ReturnType<typeof takenLines>[number]): boolean => setup.docker.includes(lines);
  const taken = takenLines(setup);
  const entries = taken
    .filter((lines) => !isDocker(lines))
    .map((lines) => textAtColumn(withCommentsAbove(lines), column));
  const docker = taken.filter(isDocker);
  if (docker.length === 0) return entries.join("");
  const [line] = docker;
  const below = column + Math.max((line?.column ?? column + 2) - column, 1);
  const variables = docker.map((lines) => textAtColumn(withCommentsAbove(lines), below)).join("");
  return `${entries.join("")}${" ".repeat(column)}variables:\n${variables}`;
}

/** The template comes last: what the job said itself won over its other parents. Undefined where `extends` can't be written. */
function extendBy({ body }: DockerSetup, name: string): readonly ChunkEdit[] | undefined {
  const own = pairOf(body, "extends");
  const [first] = body.pairs;
  if (own === undefined) {
    const lines = first && linesOf(first);
    if (lines === undefined) return undefined;
    const { chunk, start, column } = withCommentsAbove(lines);
    return [insertAt(chunk, start, `${" ".repeat(column)}extends: ${name}\n`)];
  }
  if (own.value.kind === "seq") return appendItem(own.value, name);
  if (own.value.kind !== "scalar" || own.value.anchor !== undefined || own.value.tag !== undefined)
    return undefined;
  const written = textAt(own.value.at);
  return written === "" || written.includes("\n")
    ? undefined
    : [replace(own.value.at, `[${written}, ${name}]`)];
}
