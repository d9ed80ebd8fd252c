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
  isProposal: true,
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
  const goes = (each: DockerfileInstruction): boolean => MOVES.has(each.keyword) || isForSecond(split, each);
  const end = build.filter((each) => !goes(each)).at(-1)?.at.end ?? stage.from.at.end;
  const gone = build.filter(goes).map(({ at }) => wholeLines(at));
  const from = stage.from.at.end;
  return [
    ...(stage.name === undefined
      ? [{ chunk, start: from, end: from, newText: like(split, " AS build") }]
      : []),
    ...split.plan.edits,
    ...gone.map(({ start, end: behind }) => ({ chunk, start, end: behind, newText: "" })),
    { chunk, start: end, end, newText: secondStage(split) },
  ];
}

/** Instructions that mean nothing to the build. */
const MOVES: ReadonlySet<string> = new Set(
  "CMD ENTRYPOINT EXPOSE LABEL MAINTAINER STOPSIGNAL VOLUME".split(" "),
);

/** RUNs for users and folders, unless the build gives files to those users. */
const isForSecond = ({ single, users, folders }: SplitStage, instruction: DockerfileInstruction): boolean =>
  (users.includes(instruction) || folders.includes(instruction)) &&
  !single.steps.some((step) => step.instruction.flags.some(({ name }) => name === "chown"));

/** What stands in front of the rest of the file, which was written for the program and follows as it is. */
function secondStage(split: SplitStage): string {
  const { single, plan, runtime, users, folders } = split;
  const run = (command: string): string => `${like(split, "RUN")} ${command}`;
  const build = single.steps.slice(0, single.buildSteps).map(({ instruction }) => instruction);
  const environment = build.filter(
    (each) => each.keyword === "ENV" && !isBuildOnly(each, plan.sources.variables),
  );
  const moved = build.filter(({ keyword }) => MOVES.has(keyword));
  const runs = (instructions: readonly DockerfileInstruction[]): readonly string[] =>
    instructions.map((each) => (isForSecond(split, each) ? withComment(each) : textAt(each.at)));
  const lines = [
    `${like(split, "FROM")} ${runtime.image}`,
    ...(runtime.setup === undefined ? [] : [run(runtime.setup)]),
    ...runs(users),
    ...(single.buildDirectory === "/" ? [] : [`${like(split, "WORKDIR")} ${single.buildDirectory}`]),
    ...environment.map(({ at }) => textAt(at)),
    ...moved.map(withComment),
    ...plan.artifacts.map((each) => copyFromBuild(split, each)),
    ...dataLines(split),
    ...runs(folders),
  ];
  return `${plan.lastly === undefined ? "" : `\n${run(plan.lastly)}`}\n\n${lines.join("\n")}`;
}

/** From the context as before, or from the build where that may write beside the files. */
function dataLines(split: SplitStage): readonly string[] {
  const { plan, data } = split;
  if (!plan.writesData) return data.map(({ line }) => line);
  return data.flatMap(({ targets, folders, flags }) =>
    targets.map((path) => {
      const written = folders ? `${path}/` : path;
      return copyFromBuild(split, { from: written, to: written }, flags);
    }),
  );
}

function copyFromBuild(split: SplitStage, artifact: Artifact, flags: readonly string[] = []): string {
  const { stage, buildDirectory } = split.single;
  const from = `--from=${stage.name?.value ?? "build"}`;
  return [like(split, "COPY"), from, ...flags, paths(artifact, buildDirectory)].join(" ");
}

const withComment = ({ at }: DockerfileInstruction): string => textAt(wholeLines(at)).replace(/\n$/, "");

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
