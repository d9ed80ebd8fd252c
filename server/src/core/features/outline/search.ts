// Names of the whole workspace by what somebody types: jobs, stages of pipelines, stages of Dockerfiles.
import { dockerfileOf } from "../../model/docker/dockerfile";
import { definitionsOf } from "../../model/pipeline/root-table";
import { jobNamesOf, pipelineOf, rootKey } from "../../model/pipeline/resolve";
import { rootsOf } from "../../model/pipeline/roots";
import { defineQuery, type QueryContext } from "../../query/query";
import type { Origin, Place } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import type { OutlineKind } from "./outline-item";

interface Name<P> {
  readonly kind: OutlineKind;
  readonly name: string;
  /** The file that holds it. */
  readonly container: string;
  /** The name. */
  readonly at: P;
}

export type FoundName = Name<Place>;

/** More names are of no help to anybody. */
const MOST = 200;

/** The names that hold the letters of a query in its order, the nearest first; those of all names where it is empty. */
export function search(
  ctx: QueryContext,
  query: string,
  placeOf: (origin: Origin) => Place | undefined,
): readonly FoundName[] {
  const wanted = query.replace(/\s+/g, "").toLowerCase();
  return allNames(ctx)
    .flatMap((name) => {
      const score = scoreOf(name.name.toLowerCase(), wanted);
      return score === undefined ? [] : [{ name, score }];
    })
    .sort((a, b) => a.score - b.score)
    .slice(0, MOST)
    .flatMap(({ name }) => {
      const at = placeOf(name.at);
      return at === undefined ? [] : [{ ...name, at }];
    });
}

/** The lower, the nearer: the name itself, its beginning, a part of it, its letters with others between. */
function scoreOf(name: string, wanted: string): number | undefined {
  if (name === wanted) return 0;
  const at = name.indexOf(wanted);
  if (at === 0) return 1;
  if (at > 0) return 2;
  let from = 0;
  for (const letter of wanted) {
    const found = name.indexOf(letter, from);
    if (found === -1) return undefined;
    from = found + letter.length;
  }
  return 3;
}

function allNames(ctx: QueryContext): readonly Name<Origin>[] {
  const names = [
    ...ctx.get(rootsOf, null).flatMap((root) => ctx.get(namesOfPipeline, root)),
    ...ctx.filesOfKind("dockerfile").flatMap((path) => ctx.get(namesOfDockerfile, path)),
  ];
  // A file that two pipelines include writes each of its jobs once.
  const seen = new Map<Origin["chunk"], Set<number>>();
  return names.filter(({ at: { chunk, start } }) => {
    const starts = seen.get(chunk) ?? new Set();
    seen.set(chunk, starts);
    const isNew = !starts.has(start);
    starts.add(start);
    return isNew;
  });
}

const namesOfPipeline = defineQuery<FilePath, readonly Name<Origin>[]>({
  name: "namesOfPipeline",
  compute: (ctx, root) => {
    const jobs = ctx.get(jobNamesOf, root).flatMap((name) =>
      ctx.get(definitionsOf, rootKey(root, name)).map(({ key: { at } }): Name<Origin> => {
        const kind = name.startsWith(".") ? "template" : "job";
        return { kind, name, container: at.chunk.file, at };
      }),
    );
    const stages = (ctx.get(pipelineOf, root).stages ?? []).map(({ value, at }): Name<Origin> => ({
      kind: "stage",
      name: value,
      container: at.chunk.file,
      at,
    }));
    return [...jobs, ...stages];
  },
});

const namesOfDockerfile = defineQuery<FilePath, readonly Name<Origin>[]>({
  name: "namesOfDockerfile",
  compute: (ctx, path) =>
    (dockerfileOf(ctx, path)?.stages ?? []).flatMap(({ name }): readonly Name<Origin>[] =>
      name === undefined ? [] : [{ kind: "build-stage", name: name.value, container: path, at: name.at }],
    ),
});
