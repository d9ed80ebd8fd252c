// Variables of GitLab and of scripts. A name alone is no symbol: two jobs may each have a `TAG` of their own. What belongs
// together is what meets in a job: the entries that it is made of (its own, those of its parents and references, `default`, the
// pipeline's variables) and the scripts that it calls. Entries that share a job, and name the variable, are linked.
import { predefinedVariable } from "../../data/predefined-variables";
import { pipelineFilesOf } from "../../model/pipeline/include";
import type { Job } from "../../model/pipeline/job";
import { ROOT_DEFAULT_KEYWORDS } from "../../model/pipeline/keywords";
import { referencedOf } from "../../model/pipeline/reference";
import { definitionsOf, rootKey } from "../../model/pipeline/root-table";
import { rootsOf } from "../../model/pipeline/roots";
import { aliasTarget } from "../../model/pipeline/yaml-of";
import { shellScriptOf } from "../../model/docker/job-shells";
import { defineQuery, type QueryContext } from "../../query/query";
import type { YamlBlock } from "../../syntax/yaml-nodes";
import { textAt, type Chunk } from "../../text/located";
import { identityText } from "../../text/mapped-text";
import type { FilePath } from "../../text/source-file";
import { mentionsOfBlock } from "./block-mentions";
import { callsOf, jobsOfPipeline } from "./jobs-of-workspace";
import { blocksAt, blocksNaming, blocksOf, childrenOf, rootsOfFile } from "./pipelines-around";
import { namesInShell } from "./shell-names";
import { uniqueMentions, type Mention, type SymbolProvider } from "./symbol";

export const variables: SymbolProvider = {
  kinds: ["variable"],
  around: (ctx, spot) => {
    const blocks = blocksAt(ctx, spot);
    if (blocks.length > 0) return blocks.flatMap((block) => ofBlock(ctx, block)).filter(isMeant);
    const isCalled = ctx.file(spot.file)?.kind === "shell" && callersOf(ctx, spot.file).length > 0;
    return isCalled ? ctx.get(mentionsOfScript, spot.file) : [];
  },
  all: (ctx, mention) =>
    uniqueMentions(
      predefinedVariable(mention.name) === undefined
        ? linkedVariables(ctx, mention).mentions
        : everywhere(ctx, mention.name),
    ),
};

/** What GitLab sets is the same in every job. */
const everywhere = (ctx: QueryContext, name: string): readonly Mention[] => {
  const files = new Set(ctx.get(rootsOf, null).flatMap((root) => ctx.get(pipelineFilesOf, root).files));
  const scripts = ctx.filesOfKind("shell").filter((path) => callersOf(ctx, path).length > 0);
  return [
    ...[...files].flatMap((file) => blocksNaming(ctx, file, name).flatMap((block) => ofBlock(ctx, block))),
    ...scripts.flatMap((path) => ctx.get(mentionsOfScript, path)),
  ].filter((each) => each.name === name);
};

/** `--build-arg X` names an argument of the Dockerfile first of all. */
const isMeant = ({ obstacle }: Mention): boolean => obstacle?.startsWith("`--build-arg`") !== true;

const ofBlock = (ctx: QueryContext, block: YamlBlock): readonly Mention[] =>
  ctx
    .get(mentionsOfBlock, block)
    .filter((each) => each.kind === "variable" && (each.isPossible !== true || isDefinition(ctx, each)));

/** The blocks of a file that name a variable. */
const blocksWith = (ctx: QueryContext, file: FilePath, name: string): readonly YamlBlock[] =>
  blocksNaming(ctx, file, name).filter((block) => ofBlock(ctx, block).some((each) => each.name === name));

/** Whether a job gets a variable from the place. */
function isDefinition(ctx: QueryContext, { at }: Mention): boolean {
  return rootsOfFile(ctx, at.chunk.file).some(
    (root) => ctx.get(definitionPlaces, root).get(at.chunk)?.has(at.start) === true,
  );
}

/** Where the variables of a pipeline's jobs are defined: chunks, and the offsets of names in them. */
const definitionPlaces = defineQuery<FilePath, ReadonlyMap<Chunk, ReadonlySet<number>>>({
  name: "definitionPlaces",
  compute: (ctx, root) => {
    const places = new Map<Chunk, Set<number>>();
    for (const { variableLayers } of ctx.get(jobsOfPipeline, root)) {
      for (const { nameAt } of variableLayers.flatMap(({ options }) =>
        options.flatMap((option) => [...option.values()]),
      )) {
        const offset = nameAt.start + (/^["']/.test(textAt(nameAt)) ? 1 : 0);
        places.set(nameAt.chunk, (places.get(nameAt.chunk) ?? new Set()).add(offset));
      }
    }
    return places;
  },
});

/** The variables in a script of the repository. */
const mentionsOfScript = defineQuery<FilePath, readonly Mention[]>({
  name: "mentionsOfScript",
  compute: (ctx, path) => {
    const text = ctx.file(path)?.text;
    if (text === undefined) return [];
    const mapped = identityText(Object.freeze({ file: path, text }), 0, text.length);
    return namesInShell(ctx.get(shellScriptOf, text), text).map(
      ({ name, role, start, end, obstacle }): Mention => {
        const own = { kind: "variable", name, owner: "", role, at: mapped.at(start, end) } as const;
        return obstacle === undefined ? own : { ...own, obstacle };
      },
    );
  },
});

const callersOf = (ctx: QueryContext, path: FilePath): readonly Job[] =>
  ctx
    .get(rootsOf, null)
    .flatMap((root) => ctx.get(jobsOfPipeline, root))
    .filter((job) => callsOf(ctx, job).some(({ file }) => file.path === path));

/** What can name variables: a block of a YAML file, or a script by its path. */
type Unit = YamlBlock | FilePath;

/** Units that meet in one job, or in a pipeline and its child. */
interface Meeting {
  readonly units: readonly Unit[];
  readonly job: Job | undefined;
}

export interface LinkedVariables {
  readonly mentions: readonly Mention[];
  /** The jobs that see one of the mentions. */
  readonly jobs: readonly Job[];
  /** Where the variable is named: the chunks of YAML files, and scripts. */
  readonly units: ReadonlySet<Unit>;
  /** The pipelines whose root entries (`variables`, `default`) name it. */
  readonly sharedBy: readonly FilePath[];
}

/** Everything that is linked to a mention of a variable. */
export function linkedVariables(ctx: QueryContext, { name, at }: Mention): LinkedVariables {
  const start = unitOf(ctx, at.chunk);
  const units = new Set<Unit>(start === undefined ? [] : [start]);
  const roots = ctx.get(rootsOf, null);
  const meetings = roots.flatMap((root) => meetingsIn(ctx, root, name));
  const jobs = new Set<Job>();
  for (let isGrowing = true; isGrowing;) {
    isGrowing = false;
    for (const { units: own, job } of meetings) {
      if (!own.some((unit) => units.has(unit))) continue;
      if (job !== undefined) jobs.add(job);
      for (const unit of own) {
        isGrowing ||= !units.has(unit);
        units.add(unit);
      }
    }
  }
  const mentions = [...units].flatMap((unit) =>
    typeof unit === "string" ? ctx.get(mentionsOfScript, unit) : ofBlock(ctx, unit),
  );
  const chunks = new Set([...units].flatMap((unit) => (typeof unit === "string" ? [] : unit.chunk)));
  const sharedBy = roots.filter((root) =>
    ctx.get(partsOfPipeline, root).globals.some((each) => chunks.has(each)),
  );
  return { mentions: mentions.filter((each) => each.name === name), jobs: [...jobs], units, sharedBy };
}

function unitOf(ctx: QueryContext, chunk: Chunk): Unit | undefined {
  if (ctx.file(chunk.file)?.kind === "shell") return chunk.file;
  return blocksOf(ctx, chunk.file).find((block) => block.chunk === chunk);
}

function meetingsIn(ctx: QueryContext, root: FilePath, name: string): readonly Meeting[] {
  const files = ctx.get(pipelineFilesOf, root).files;
  const naming = new Map(
    files.flatMap((file) => blocksWith(ctx, file, name)).map((block) => [block.chunk, block]),
  );
  const blocksIn = (chunks: readonly Chunk[]): readonly YamlBlock[] =>
    chunks.flatMap((chunk) => naming.get(chunk) ?? []);
  const { globals: shared, jobs } = ctx.get(partsOfPipeline, root);
  const globals = blocksIn(shared);
  const meetings = jobs.flatMap(({ job, chunks, scripts }): readonly Meeting[] => {
    const called = scripts.filter((path) =>
      ctx.get(mentionsOfScript, path).some((each) => each.name === name),
    );
    const units = [...blocksIn(chunks), ...globals, ...called];
    return units.length === 0 ? [] : [{ units, job }];
  });
  return [...meetings, ...childMeetings(ctx, root, name, meetings, globals)];
}

/** What a trigger job and the pipeline give to the child pipeline. https://docs.gitlab.com/ci/yaml/#triggerforward */
function childMeetings(
  ctx: QueryContext,
  root: FilePath,
  name: string,
  meetings: readonly Meeting[],
  globals: readonly YamlBlock[],
): readonly Meeting[] {
  const given = [...globals, ...meetings.flatMap(({ units, job }) => (job?.isTrigger === true ? units : []))];
  return childrenOf(ctx, root).flatMap((child) => {
    const files = ctx.get(pipelineFilesOf, child).files;
    const taken = files.flatMap((file) => blocksWith(ctx, file, name));
    return given.length > 0 && taken.length > 0 ? [{ units: [...given, ...taken], job: undefined }] : [];
  });
}

const GLOBALS: readonly string[] = ["variables", "workflow", "default", "include", ...ROOT_DEFAULT_KEYWORDS];

interface Parts {
  /** What every job of the pipeline sees. */
  readonly globals: readonly Chunk[];
  readonly jobs: readonly JobParts[];
}

interface JobParts {
  readonly job: Job;
  /** The job's own entry, those of its parents and references, and what their aliases lead to. */
  readonly chunks: readonly Chunk[];
  readonly scripts: readonly FilePath[];
}

/** What the jobs of a pipeline are made of: worked out once, and asked for many names. */
const partsOfPipeline = defineQuery<FilePath, Parts>({
  name: "partsOfPipeline",
  compute: (ctx, root) => {
    const written = (key: string): readonly Chunk[] =>
      ctx.get(definitionsOf, rootKey(root, key)).map(({ at }) => at.chunk);
    return {
      globals: withAliases(ctx, GLOBALS.flatMap(written)),
      jobs: ctx.get(jobsOfPipeline, root).map((job): JobParts => {
        const { ancestors, sources } = ctx.get(referencedOf, rootKey(root, job.name));
        const ofSources = sources.flatMap((source) => [
          source,
          ...ctx.get(referencedOf, rootKey(root, source)).ancestors,
        ]);
        const names = new Set([job.name, ...ancestors, ...ofSources]);
        const scripts = callsOf(ctx, job).map(({ file }) => file.path);
        return { job, chunks: withAliases(ctx, [...names].flatMap(written)), scripts };
      }),
    };
  },
});

/** Chunks, and those that their aliases lead to. */
function withAliases(ctx: QueryContext, chunks: readonly Chunk[]): readonly Chunk[] {
  const all = new Set(chunks);
  for (const chunk of all) for (const target of ctx.get(aliasTargets, chunk)) all.add(target);
  return [...all];
}

/** The other chunks that the aliases of a chunk lead to; for most there are none. */
const aliasTargets = defineQuery<Chunk, readonly Chunk[]>({
  name: "aliasTargets",
  compute: (ctx, chunk) => {
    if (!chunk.text.includes("*")) return [];
    const aliases = blocksOf(ctx, chunk.file).find((block) => block.chunk === chunk)?.aliases ?? [];
    return aliases.flatMap((alias) => aliasTarget(ctx, alias)?.at.chunk ?? []);
  },
});
