// Stages that copy everything and install dependencies behind it, so that any changed file makes the install run again.
// https://docs.docker.com/build/cache/optimize/#order-your-layers
import { managerOf, type PackageManager } from "../../data/package-managers";
import type { QueryContext } from "../../query/query";
import type { DockerfileInstruction } from "../../syntax/dockerfile-nodes";
import { below } from "../../text/paths";
import type { FilePath } from "../../text/source-file";
import type { Dockerfile, Stage } from "./dockerfile";
import { runReadingOf, type RunCommand } from "./dockerfile-run";
import { contextsOf } from "./dockerfile-uses";
import { baseChain } from "./stage-reachability";

export interface CopyThenInstall {
  readonly stage: Stage;
  readonly manager: PackageManager;
  /** `COPY . .` */
  readonly copy: DockerfileInstruction;
  /** The RUN and its command that installs. */
  readonly run: DockerfileInstruction;
  readonly command: RunCommand;
  /** The manifests with their paths below the root; empty where only an excerpt of the repository is in sight. */
  readonly manifests: readonly Manifest[];
}

export interface Manifest {
  /** As the context has it: "package.json". */
  readonly name: string;
  /** The context's directory. */
  readonly context: FilePath;
  readonly text: string;
}

/**
 * The first such place of each stage. Nothing where the stage, or one that it stands on, has installed before; where the RUN
 * has a cache or binds files; where the manifest names no dependencies; and where `.dockerignore` leaves out everything but a list.
 */
export function copiesBeforeInstall(ctx: QueryContext, dockerfile: Dockerfile): readonly CopyThenInstall[] {
  return dockerfile.stages.flatMap((stage) => {
    const found = firstIn(ctx, stage);
    if (found === undefined) return [];
    const contexts = contextsOf(ctx, dockerfile.tree.path);
    if (contexts.some((context) => hasAllowList(ctx, dockerfile, context))) return [];
    const manifests = manifestsOf(ctx, found.manager, found.command, contexts);
    return manifests === undefined ? [] : [{ stage, ...found, manifests }];
  });
}

type Found = Omit<CopyThenInstall, "stage" | "manifests">;

function firstIn(ctx: QueryContext, stage: Stage): Found | undefined {
  const copyAt = stage.instructions.findIndex(copiesEverything);
  const copy = stage.instructions[copyAt];
  if (copy === undefined) return undefined;
  for (const run of stage.instructions.slice(copyAt + 1)) {
    if (run.keyword !== "RUN") continue;
    for (const command of runReadingOf(ctx, run).commands) {
      const manager = managerOf(command.text);
      if (manager === undefined) continue;
      return hasMount(run) || installsBefore(ctx, stage, copyAt, manager)
        ? undefined
        : { manager, copy, run, command };
    }
  }
  return undefined;
}

/** Whether the stage in front of an instruction, or one that it stands on, has a layer of that manager's dependencies. */
function installsBefore(ctx: QueryContext, stage: Stage, index: number, manager: PackageManager): boolean {
  const own = stage.instructions.slice(0, index);
  const inherited = baseChain(stage)
    .slice(1)
    .flatMap(({ instructions }) => instructions);
  return [...own, ...inherited].some((each) => installsWith(ctx, each, manager));
}

/** `COPY . .`, `ADD ./ /app`, `COPY . /app/`. */
function copiesEverything({ keyword, flags, words, json }: DockerfileInstruction): boolean {
  if (
    (keyword !== "COPY" && keyword !== "ADD") ||
    flags.some(({ name }) => name === "from" || name === "exclude")
  )
    return false;
  const operands = json ?? words;
  return operands.length === 2 && /^(?:\.|\.\/|\/)$/.test(operands[0]?.text ?? "");
}

const hasMount = ({ flags }: DockerfileInstruction): boolean =>
  flags.some(({ name, value }) => name === "mount" && !/type=(?:secret|ssh|tmpfs)/.test(value ?? ""));

/** Any install of that manager, or `go mod download` and its kin under other words: a layer of dependencies is there. */
const installsWith = (
  ctx: QueryContext,
  instruction: DockerfileInstruction,
  { id }: PackageManager,
): boolean =>
  instruction.keyword === "RUN" &&
  runReadingOf(ctx, instruction).commands.some(
    ({ text }) => managerOf(text)?.id === id || text.startsWith(`${id} `),
  );

/** A `.dockerignore` that begins with `*` lets in what it lists, which need not be everything. */
function hasAllowList(ctx: QueryContext, { tree }: Dockerfile, context: FilePath): boolean {
  const paths = [`${tree.path}.dockerignore`, below(context, ".dockerignore")];
  const path = paths.find((each) => ctx.exists(each) === true);
  return path !== undefined && /^[ \t]*\/?\*\*?(?:\/\*)?[ \t]*$/m.test(ctx.file(path)?.text ?? "");
}

/** Undefined where nothing would be gained, or nobody can tell. */
function manifestsOf(
  ctx: QueryContext,
  manager: PackageManager,
  command: RunCommand,
  contexts: readonly FilePath[],
): readonly Manifest[] | undefined {
  for (const context of contexts) {
    const names = namesIn(ctx, manager, command, context);
    if (names.length === 0 || !names.every((name) => ctx.exists(below(context, name)) === true)) continue;
    const manifests = names.map((name): Manifest => ({
      name,
      context,
      text: ctx.file(below(context, name))?.text ?? "",
    }));
    return manifests.some(({ text }) => manager.dependencies.test(text)) ? manifests : undefined;
  }
  return contexts.some((context) => hasSources(ctx, manager, context)) ? undefined : [];
}

function namesIn(
  ctx: QueryContext,
  manager: PackageManager,
  command: RunCommand,
  context: FilePath,
): readonly string[] {
  if (manager.manifestInCommand !== undefined)
    return [...command.text.matchAll(manager.manifestInCommand)].flatMap(([, name]) =>
      name === undefined ? [] : [name.replace(/^\.\//, "")],
    );
  const fixed = manager.manifests.find(
    (name) => !name.startsWith("*") && ctx.exists(below(context, name)) === true,
  );
  if (fixed !== undefined) return [fixed];
  const endings = manager.manifests.flatMap((name) => (name.startsWith("*") ? [name.slice(1)] : []));
  if (endings.length === 0) return [];
  const own = filesIn(ctx, context).filter(
    (name) => !name.includes("/") && endings.some((ending) => name.endsWith(ending)),
  );
  return own.length === 1 ? own : [];
}

/** Whether any source or manifest of the manager is in sight: then a manifest that is not there comes from elsewhere. */
const hasSources = (ctx: QueryContext, { sources, manifests }: PackageManager, context: FilePath): boolean =>
  ctx.paths() === undefined ||
  filesIn(ctx, context).some(
    (name) => sources.test(name) || manifests.some((manifest) => name.endsWith(manifest.replace(/^\*/, ""))),
  );

function filesIn(ctx: QueryContext, context: FilePath): readonly string[] {
  const prefix = context === "" ? "" : `${context}/`;
  return [...(ctx.paths() ?? [])]
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length));
}
