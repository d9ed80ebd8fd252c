// Cuts a Dockerfile of one stage in two: a build, and an image that holds the program and what it reads. What is set for the program
// (WORKDIR, ENV, EXPOSE, USER, LABEL, ENTRYPOINT, CMD) goes to the second stage with its comments.
import { dockerfileOf } from "../../model/docker/dockerfile";
import type { Artifact } from "../../model/docker/split/plan";
import { isBuildOnly, splitStageOf, type SplitStage } from "../../model/docker/split/split-stage";
import { isTemplate } from "../../rules/dockerfile-template";
import { lineEndOf, lineStartOf } from "../../rules/edits";
import type { DockerfileInstruction } from "../../syntax/dockerfile-nodes";
import type { ChunkEdit } from "../../text/edit";
import { textAt, type Chunk, type Origin } from "../../text/located";
import { isIn } from "../position/spot";
import { defineRefactoring } from "./refactoring";

export const multiStage = defineRefactoring({
  id: "multi-stage",
  kind: "refactor.rewrite",
  offer: (ctx, { spot }) => {
    if (spot.kind !== "dockerfile") return [];
    const dockerfile = dockerfileOf(ctx, spot.file.path);
    const [stage, ...others] = dockerfile?.stages ?? [];
    if (dockerfile === undefined || stage === undefined || others.length > 0 || !isIn(spot, stage.at))
      return [];
    const split = isTemplate(dockerfile.tree) ? undefined : splitStageOf(ctx, dockerfile);
    if (split === undefined) return [];
    const title = `Build in a stage of its own, and run on \`${split.runtime.image}\``;
    return [{ title, edits: editsFor(split) }];
  },
});

function editsFor(split: SplitStage): readonly ChunkEdit[] {
  const { stage, steps, buildSteps } = split.single;
  const { chunk } = stage.from.at;
  const build = steps.slice(0, buildSteps).map(({ instruction }) => instruction);
  const end = build.at(-1)?.at.end ?? chunk.text.length;
  const moved = build.filter(({ keyword }) => MOVES.has(keyword)).map(({ at }) => wholeLines(at));
  const isNamed = stage.name !== undefined;
  const from = stage.from.at.end;
  return [
    ...(isNamed ? [] : [{ chunk, start: from, end: from, newText: like(split, " AS build") }]),
    ...split.plan.edits,
    ...moved.map(({ start, end: behind }) => ({ chunk, start, end: behind, newText: "" })),
    { chunk, start: end, end, newText: secondStage(split, moved.map(textAt)) },
  ];
}

/** Instructions that mean nothing to the build. */
const MOVES: ReadonlySet<string> = new Set(
  "CMD ENTRYPOINT EXPOSE LABEL MAINTAINER STOPSIGNAL VOLUME".split(" "),
);

/** What stands in front of the rest of the file, which was written for the program and follows as it is. */
function secondStage(split: SplitStage, moved: readonly string[]): string {
  const { single, plan, runtime, data, users, folders } = split;
  const { lastly } = plan;
  const run = (command: string): string => `${like(split, "RUN")} ${command}`;
  const stage = single.stage.name?.value ?? "build";
  const environment = single.steps
    .slice(0, single.buildSteps)
    .map(({ instruction }) => instruction)
    .filter((each) => each.keyword === "ENV" && !isBuildOnly(each, plan.sources.variables));
  const written = (each: DockerfileInstruction): string => textAt(each.at);
  const lines = [
    `${like(split, "FROM")} ${runtime.image}`,
    ...(runtime.setup === undefined ? [] : [run(runtime.setup)]),
    ...users.map(written),
    ...(single.buildDirectory === "/" ? [] : [`${like(split, "WORKDIR")} ${single.buildDirectory}`]),
    ...environment.map(written),
    ...moved.map((text) => text.replace(/\n$/, "")),
    ...plan.artifacts.map(
      (each) => `${like(split, "COPY")} --from=${stage} ${paths(each, single.buildDirectory)}`,
    ),
    ...data.map(({ line }) => line),
    ...folders.map(written),
  ];
  return `${lastly === undefined ? "" : `\n${run(lastly)}`}\n\n${lines.join("\n")}`;
}

/** Folders keep their slash, so that their contents are what is copied. */
const paths = ({ from, to }: Artifact, directory: string): string =>
  to.startsWith(`${directory}/`) && directory !== "/"
    ? `${from} ./${to.slice(directory.length + 1)}`
    : `${from} ${to}`;

/** A keyword in the case of the file's own. */
const like = ({ single }: SplitStage, keyword: string): string =>
  /^[a-z]+$/.test(textAt(single.stage.from.keywordAt)) ? keyword.toLowerCase() : keyword;

/** An instruction with its line break and the comment directly above it. */
function wholeLines({ chunk, start, end }: Origin): Origin {
  return {
    chunk,
    start: blockStart(chunk, start),
    end: Math.min(lineEndOf(chunk, end) + 1, chunk.text.length),
  };
}

function blockStart(chunk: Chunk, start: number): number {
  let first = lineStartOf(chunk, start);
  while (first > 0) {
    const above = lineStartOf(chunk, first - 1);
    if (!/^[ \t]*#/.test(chunk.text.slice(above, first))) break;
    first = above;
  }
  return first;
}
