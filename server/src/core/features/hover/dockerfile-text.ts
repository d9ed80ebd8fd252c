// Stages of a Dockerfile, in words.
import type { Dockerfile, Stage } from "../../model/docker/dockerfile";
import { code } from "./markdown";

/** "`build`, stage 1 of 3: `FROM golang:1.25`". */
export function stageText(dockerfile: Dockerfile, stage: Stage): string {
  const place = placeOf(dockerfile, stage);
  const name = stage.name === undefined ? place : `${code(stage.name.value)}, ${place}`;
  return `${name}: ${code(`FROM ${stage.written.value}`)}`;
}

/** "`build`"; of a stage without a name "stage 2 of 3". */
export const stageName = (dockerfile: Dockerfile, stage: Stage): string =>
  stage.name === undefined ? placeOf(dockerfile, stage) : code(stage.name.value);

const placeOf = ({ stages }: Dockerfile, { index }: Stage): string =>
  `stage ${index + 1} of ${stages.length}`;
