// Stages of a Dockerfile, in words.
import type { Dockerfile, Stage } from "../../model/docker/dockerfile";
import { code } from "./markdown";

/** "`build`, stage 1 of 3: `FROM golang:1.25`". */
export function stageText({ stages }: Dockerfile, stage: Stage): string {
  const place = `stage ${stage.index + 1} of ${stages.length}`;
  const name = stage.name === undefined ? place : `${code(stage.name.value)}, ${place}`;
  return `${name}: ${code(`FROM ${stage.written.value}`)}`;
}
