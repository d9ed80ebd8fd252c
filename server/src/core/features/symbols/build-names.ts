// Stages and arguments of Dockerfiles, from the Dockerfile to the `--target` and `--build-arg` of the builds that read it. One
// flag of a template may mean stages of several Dockerfiles: they are then one symbol, which is renamed in all of them.
import { dockerfileOf, stageNamed } from "../../model/docker/dockerfile";
import { literalText } from "../../model/docker/symbolic";
import type { QueryContext } from "../../query/query";
import type { Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import { composeTargets } from "./compose-names";
import { mentionsOfDockerfile, nameOfStage } from "./dockerfile-names";
import { allBuilds, allJobs, buildsIn, isWrittenIn, type PlacedBuild } from "./jobs-of-workspace";
import { nameWithin, uniqueMentions, type Mention, type SymbolProvider } from "./symbol";

export const buildNames: SymbolProvider = {
  kinds: ["build-stage", "build-arg"],
  around: (ctx, { file }) => {
    if (ctx.file(file)?.kind === "dockerfile")
      return ctx
        .get(mentionsOfDockerfile, file)
        .filter((each) => each.role !== "definition" || each.isFixed !== true);
    return allJobs(ctx)
      .filter((job) => isWrittenIn(ctx, job, file))
      .flatMap((job) => buildsIn(ctx, job))
      .flatMap((build) => (build.dockerfiles ?? []).flatMap((path) => mentionsOfBuild(ctx, build, path)));
  },
  all: (ctx, mention) => uniqueMentions(linkedDockerfiles(ctx, mention).flatMap(({ mentions }) => mentions)),
};

/** What a build says of the names of a Dockerfile that it reads. */
const mentionsOfBuild = (ctx: QueryContext, placed: PlacedBuild, path: FilePath): readonly Mention[] => [
  ...targetMentions(ctx, placed, path),
  ...argumentMentions(placed, path),
];

function targetMentions(ctx: QueryContext, { build }: PlacedBuild, owner: FilePath): readonly Mention[] {
  const { target } = build;
  const dockerfile = target === undefined ? undefined : dockerfileOf(ctx, owner);
  if (target === undefined || dockerfile === undefined) return [];
  const { argument, variants } = target;
  return variants.flatMap((variant): readonly Mention[] => {
    const text = literalText(variant);
    const stage = text === undefined || text === "" ? undefined : stageNamed(dockerfile, text);
    if (text === undefined || stage === undefined) return [];
    const name = nameOfStage(stage);
    const written = argument.isStatic ? nameWithin(argument.at, text) : undefined;
    const at = written ?? nameWithin(argument.at, argument.text) ?? argument.at;
    const own = { kind: "build-stage", name, owner, role: "reference", at } as const;
    if (stage.name === undefined || /^\d+$/.test(text)) return [{ ...own, isFixed: true }];
    if (written !== undefined) return [own];
    return [{ ...own, obstacle: `\`${argument.text}\` means it through a variable, which may mean more` }];
  });
}

const argumentMentions = ({ build }: PlacedBuild, owner: FilePath): readonly Mention[] =>
  build.arguments.flatMap(({ name, value, at }): readonly Mention[] => {
    if (!/^[A-Za-z_]\w*$/.test(name)) return [];
    const written = nameWithin(at, name);
    const own = { kind: "build-arg", name, owner, role: "reference", at: written ?? at } as const;
    if (value === undefined)
      return [
        {
          ...own,
          obstacle: `\`--build-arg ${name}\` takes the variable of the same name; write a value behind it`,
        },
      ];
    return written === undefined ? [{ ...own, obstacle: "a variable brings this build argument" }] : [own];
  });

export interface LinkedDockerfile {
  readonly path: FilePath;
  readonly builds: readonly PlacedBuild[];
  readonly mentions: readonly Mention[];
}

/** The Dockerfiles that a name goes through, with the builds that read them. */
export function linkedDockerfiles(
  ctx: QueryContext,
  { kind, name, owner }: Mention,
): readonly LinkedDockerfile[] {
  const isSame = (each: Mention): boolean => each.kind === kind && each.name === name;
  const reading = readersByDockerfile(ctx);
  const sharing = new Map<Origin["chunk"], Map<number, Set<FilePath>>>();
  const mentions = new Map<FilePath, readonly Mention[]>();
  for (const [path, builds] of reading) {
    const own = builds.flatMap((build) => mentionsOfBuild(ctx, build, path)).filter(isSame);
    mentions.set(path, own);
    for (const { at } of own) ownersAt(sharing, at).add(path);
  }
  const beside = kind === "build-stage" ? composeTargets(ctx).filter(isSame) : [];
  const queue = new Set([owner]);
  const linked: LinkedDockerfile[] = [];
  for (const path of queue) {
    const ofBuilds = mentions.get(path) ?? [];
    for (const { at } of ofBuilds) for (const other of ownersAt(sharing, at)) queue.add(other);
    const ofCompose = beside.filter((each) => each.owner === path);
    const all = [...ctx.get(mentionsOfDockerfile, path).filter(isSame), ...ofBuilds, ...ofCompose];
    if (all.length > 0) linked.push({ path, builds: reading.get(path) ?? [], mentions: all });
  }
  return linked;
}

/** The Dockerfiles whose name one place means. */
function ownersAt(
  places: Map<Origin["chunk"], Map<number, Set<FilePath>>>,
  { chunk, start }: Origin,
): Set<FilePath> {
  const inChunk = places.get(chunk) ?? new Map<number, Set<FilePath>>();
  places.set(chunk, inChunk);
  const owners = inChunk.get(start) ?? new Set<FilePath>();
  inChunk.set(start, owners);
  return owners;
}

function readersByDockerfile(ctx: QueryContext): ReadonlyMap<FilePath, readonly PlacedBuild[]> {
  const byPath = new Map<FilePath, PlacedBuild[]>();
  for (const build of allBuilds(ctx)) {
    for (const path of build.dockerfiles ?? []) {
      const builds = byPath.get(path);
      if (builds === undefined) byPath.set(path, [build]);
      else builds.push(build);
    }
  }
  return byPath;
}
