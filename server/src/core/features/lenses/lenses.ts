// Code lenses of a file, placed: by what kind of file it is.
import type { QueryContext } from "../../query/query";
import type { Origin, Place } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { answerTo } from "../ask";
import { dockerfileLenses } from "./dockerfile-lenses";
import { jobLenses } from "./job-lenses";
import type { Lens } from "./lens";
import { runnerLenses } from "./runner-lenses";

export interface LensGrounds {
  readonly ask: Pick<QueryContext, "get">;
  /** The pipelines whose jobs have lenses. */
  readonly roots: readonly FilePath[];
  readonly placeOf: (origin: Origin) => Place | undefined;
}

/** The lenses of a file, from its top to its end; none for files that are not ours. */
export const lensesOf = ({ ask, roots, placeOf }: LensGrounds, file: FilePath): readonly Lens<Place>[] =>
  answerTo(ask, (ctx) => lensesIn(ctx, roots, file))
    .flatMap((lens) => placed(lens, placeOf))
    .sort((a, b) => a.at.start - b.at.start);

function lensesIn(ctx: QueryContext, roots: readonly FilePath[], file: FilePath): readonly Lens[] {
  switch (ctx.file(file)?.kind) {
    case "dockerfile":
      return dockerfileLenses(ctx, file);
    case "runner-config":
      return runnerLenses(ctx, file);
    case "gitlab-ci":
      return jobLenses(ctx, roots, file);
    default:
      return [];
  }
}

function placed({ title, at, opens }: Lens, placeOf: LensGrounds["placeOf"]): readonly Lens<Place>[] {
  const place = placeOf(at);
  if (place === undefined) return [];
  if (opens.kind === "effective-job") return [{ title, at: place, opens }];
  const places = opens.places.flatMap((each) => placeOf(each) ?? []);
  return [{ title, at: place, opens: { kind: "places", places } }];
}
