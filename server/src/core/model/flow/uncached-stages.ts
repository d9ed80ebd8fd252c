// Stages of a Dockerfile that a cache leaves out: one with `mode=min` and an inline one hold the layers of the image that is built,
// not those of the stages that it copies files from. https://docs.docker.com/build/cache/backends/#cache-mode
import type { QueryContext } from "../../query/query";
import { dockerfileOf, stageNamed, type Stage } from "../docker/dockerfile";
import type { Build } from "../docker/image-build";
import { baseChain, finalStage, reachableFrom } from "../docker/stage-reachability";
import { literalText } from "../docker/symbolic";

/** Stages with a RUN that a build needs and whose layers are not part of its image; none where the Dockerfile is not known. */
export function stagesBehind(ctx: QueryContext, build: Build): readonly Stage[] {
  if (!build.dockerfile.known) return [];
  const dockerfile = dockerfileOf(ctx, build.dockerfile.value);
  if (dockerfile === undefined || dockerfile.foreignFrontend !== undefined) return [];
  const [name, ...others] = build.target?.variants ?? [];
  const text = name === undefined ? undefined : literalText(name);
  if (others.length > 0 || (name !== undefined && text === undefined)) return [];
  const stage = text === undefined ? finalStage(dockerfile) : stageNamed(dockerfile, text);
  if (stage === undefined) return [];
  const inImage = new Set(baseChain(stage));
  return [...reachableFrom([stage])].filter(
    (each) => !inImage.has(each) && each.instructions.some(({ keyword }) => keyword === "RUN"),
  );
}
