// The symbol at a place in a file: of what is named there, the name that covers the place most closely.
import { predefinedVariable } from "../../data/predefined-variables";
import type { QueryContext } from "../../query/query";
import type { Origin } from "../../text/located";
import { anchorOfAlias, anchors } from "./anchors";
import { buildNames } from "./build-names";
import { files } from "./files";
import { images } from "./images";
import { inputs } from "./inputs";
import { pipelineNames } from "./pipeline-names";
import { covers, rootsOfFile } from "./pipelines-around";
import { services } from "./services";
import { uniqueMentions, type Mention, type Spot, type SymbolKind, type SymbolProvider } from "./symbol";
import { linkedVariables, variables } from "./variables";

/** The cheap ones first: a later one is asked only where none before it has a name at the place. */
const PROVIDERS: readonly SymbolProvider[] = [
  pipelineNames,
  anchors,
  variables,
  inputs,
  buildNames,
  services,
  files,
  images,
];

/** A dollar sign, a star or quotes in front of a name are as good as the name for a cursor. */
const SLACK = 2;

/** The mentions at a place that cover it most closely: of one kind, several where a template makes it mean several symbols. */
export function mentionsAt(ctx: QueryContext, spot: Spot): readonly Mention[] {
  if (!mayHoldName(ctx, spot)) return [];
  for (const provider of PROVIDERS) {
    const here = provider
      .around(ctx, spot)
      .filter(({ at }) => covers(ctx, at, spot) || isJustBehind(ctx, at, spot));
    const [first, ...others] = here;
    if (first === undefined) continue;
    const nearest = others.reduce((best, each) => (lengthOf(each) < lengthOf(best) ? each : best), first);
    return here.filter(({ kind, at }) => kind === nearest.kind && lengthOf({ at }) === lengthOf(nearest));
  }
  return [];
}

/** Nothing is looked for between blanks, and in files that no pipeline is made of. */
function mayHoldName(ctx: QueryContext, { file, offset }: Spot): boolean {
  const source = ctx.file(file);
  if (source === undefined || !/\S/.test(source.text.slice(Math.max(offset - 1, 0), offset + 1)))
    return false;
  return source.kind === "dockerfile" || source.kind === "shell" || rootsOfFile(ctx, file).length > 0;
}

const lengthOf = ({ at }: Pick<Mention, "at">): number => at.end - at.start;

/** The cursor stands on the sigil of a name: `$X`, `${X}`, `*x`, `&x`. */
function isJustBehind(ctx: QueryContext, at: Origin, spot: Spot): boolean {
  const sigil = /(?:\$\{?|[*&%])$/.exec(at.chunk.text.slice(Math.max(at.start - SLACK, 0), at.start))?.[0];
  if (sigil === undefined) return false;
  return covers(ctx, { ...at, start: at.start - sigil.length }, spot);
}

/** Every mention of what the mentions at a place mean. */
export const allMentions = (ctx: QueryContext, here: readonly Mention[]): readonly Mention[] =>
  uniqueMentions(here.flatMap((mention) => providerOf(mention.kind)?.all(ctx, mention) ?? []));

const providerOf = (kind: SymbolKind): SymbolProvider | undefined =>
  PROVIDERS.find(({ kinds }) => kinds.includes(kind));

/** The mentions that define what stands at a place, the one that holds first. */
export function definitionMentions(ctx: QueryContext, here: readonly Mention[]): readonly Mention[] {
  const [first] = here;
  if (first === undefined) return [];
  const all = allMentions(ctx, here);
  const written = all.filter(({ role }) => role === "definition");
  if (first.kind === "variable") return definitionsOfVariable(ctx, first, all);
  if (first.kind === "anchor" && first.role === "reference") return anchorOfAlias(ctx, first, written);
  if (first.kind === "build-arg" && first.role === "reference") return nearestBefore(first, written);
  return written;
}

/** Inside its Dockerfile, a build argument is what the last ARG in front of the use says; the global one gives the default. */
function nearestBefore(use: Mention, definitions: readonly Mention[]): readonly Mention[] {
  const same = definitions.filter(({ at }) => at.chunk === use.at.chunk && at.start < use.at.start);
  const last = same.at(-1);
  return last === undefined ? definitions : [last];
}

/**
 * What gives a variable its value in the jobs that hold the place, the layer that wins first; in scripts, what they assign
 * themselves. A variable that GitLab sets has no place.
 */
function definitionsOfVariable(ctx: QueryContext, use: Mention, all: readonly Mention[]): readonly Mention[] {
  const written = all.filter(({ role }) => role !== "reference");
  if (predefinedVariable(use.name) !== undefined && written.length === 0) return [];
  const inText = written.filter(({ role, at }) => role === "write" && at.chunk === use.at.chunk);
  const holding = layersAround(ctx, use);
  const inLayers = holding.flatMap((nameAt) =>
    written.filter(({ at }) => at.chunk === nameAt.chunk && nameAt.start <= at.start && at.end <= nameAt.end),
  );
  const found = uniqueMentions([...inLayers, ...inText]);
  return found.length > 0 ? found : written;
}

/** Where the layers of the jobs that are written in the use's block define the variable. */
function layersAround(ctx: QueryContext, use: Mention): readonly Origin[] {
  const { chunk } = use.at;
  const roots = rootsOfFile(ctx, chunk.file);
  return linkedVariables(ctx, use)
    .jobs.filter((job) => roots.includes(job.root) && job.definitions.some((pair) => pair.at.chunk === chunk))
    .flatMap(({ variableLayers }) =>
      variableLayers.flatMap(({ options }) =>
        options.flatMap((option) => option.get(use.name)?.nameAt ?? []),
      ),
    );
}
