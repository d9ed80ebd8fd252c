// Links in Dockerfiles: what COPY and ADD take from the context, where the builds agree on which folder that is. The images of
// FROM are left to the Docker extensions, which link them.
import { dockerfileTreeOf } from "../../model/docker/dockerfile";
import type { QueryContext } from "../../query/query";
import type { DockerfileInstruction, DockerfileWord } from "../../syntax/dockerfile-nodes";
import type { Origin } from "../../text/located";
import { below, isOutside, normalFolder } from "../../text/paths";
import type { FilePath } from "../../text/source-file";
import { allBuilds } from "../symbols/jobs-of-workspace";
import { fileLink, type Link } from "./link";

export function dockerfileLinks(ctx: QueryContext, path: FilePath): readonly Link<Origin>[] {
  const instructions = dockerfileTreeOf(ctx, path)?.instructions ?? [];
  const words = instructions.flatMap(sourcesOf);
  const context = words.length === 0 ? undefined : contextOf(ctx, path);
  if (context === undefined) return [];
  return words.flatMap((word) => {
    // Docker takes `/x` and `x` for the same: a path below the context.
    const source = normalFolder(word.text.replace(/^\/+/, ""));
    if (source === "" || isOutside(source)) return [];
    const file = below(context, source);
    // A folder is no document.
    return ctx.exists(file) === true ? [fileLink(word.at, file)] : [];
  });
}

/** The folder that every build of a Dockerfile takes as its context; undefined where they differ, or none is known. */
function contextOf(ctx: QueryContext, path: FilePath): FilePath | undefined {
  const builds = allBuilds(ctx).filter(({ dockerfiles }) => dockerfiles?.includes(path) === true);
  const folders = new Set(
    builds.map(({ build: { context } }) =>
      context.known && context.value.kind === "directory" ? context.value.path : undefined,
    ),
  );
  const [only] = folders;
  return folders.size === 1 ? only : undefined;
}

/** Words that name one path of the context as they stand. */
function sourcesOf({ keyword, flags, json, words }: DockerfileInstruction): readonly DockerfileWord[] {
  if (keyword !== "COPY" && keyword !== "ADD") return [];
  if (flags.some(({ name }) => name === "from")) return [];
  return (json ?? words)
    .slice(0, -1)
    .filter(({ text }) => text !== "" && !/[$*?[\\"'`{]|<<|:\/\/|^git@|^-/.test(text));
}
