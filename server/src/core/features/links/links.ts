// The links of a file, in order of their places: nothing leads where nothing is.
import type { QueryContext } from "../../query/query";
import type { Origin, Place } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { rootsOfFile } from "../symbols/pipelines-around";
import { configurationLinks } from "./configuration-links";
import { dockerfileLinks } from "./dockerfile-links";
import { includeMeanings } from "./include-links";
import { jobMeanings } from "./job-links";
import type { DocumentLink, Link } from "./link";
import { linksOf } from "./meanings";

export function linksIn(
  ctx: QueryContext,
  path: FilePath,
  placeOf: (origin: Origin) => Place | undefined,
): readonly DocumentLink[] {
  return originLinks(ctx, path)
    .flatMap(({ at, target }) => {
      const place = placeOf(at);
      return place?.file === path && place.start < place.end ? [{ at: place, target }] : [];
    })
    .sort((a, b) => a.at.start - b.at.start);
}

function originLinks(ctx: QueryContext, path: FilePath): readonly Link<Origin>[] {
  const file = ctx.file(path);
  switch (file?.kind) {
    case "dockerfile":
      return dockerfileLinks(ctx, path);
    case "configuration":
      return configurationLinks(ctx, path);
    case "gitlab-ci":
      if (rootsOfFile(ctx, path).length === 0) return [];
      return linksOf([...includeMeanings(ctx, path), ...jobMeanings(ctx, path)]);
    // A script that a job calls may build an image, or call another one.
    case "shell":
      return linksOf(jobMeanings(ctx, path));
    default:
      return [];
  }
}
