// A Dockerfile of one stage, read so that it can be cut into a build and a run: where each instruction works, what the image runs, and
// which commands make it. Undefined wherever something is not understood as a whole.
import type { QueryContext } from "../../../query/query";
import { IMAGE_DIRECTORIES } from "../../../data/runtime-images";
import type { DockerfileInstruction } from "../../../syntax/dockerfile-nodes";
import type { Dockerfile, Stage } from "../dockerfile";
import { runReadingOf, type RunCommand } from "../dockerfile-run";
import { buildsOfDockerfile } from "../dockerfile-uses";
import { registryName } from "../image-reference";
import { officialName } from "../official-image";
import { literalText } from "../symbolic";
import { absolutePath } from "./container-path";
import { programOf, type Program } from "./program";

export interface BuildStep {
  readonly instruction: DockerfileInstruction;
  /** The directory in which it works. */
  readonly directory: string;
}

export interface BuildCommand {
  readonly run: BuildStep;
  readonly command: RunCommand;
}

export interface SingleStage {
  readonly dockerfile: Dockerfile;
  readonly stage: Stage;
  /** "golang", "mcr.microsoft.com/dotnet/sdk". */
  readonly image: string;
  readonly tag: string;
  readonly steps: readonly BuildStep[];
  /** How many of the steps belong to the build: those up to the last that makes files. */
  readonly buildSteps: number;
  /** The directory behind the last step of the build, and the one in which the program starts. */
  readonly buildDirectory: string;
  readonly finalDirectory: string;
  readonly commands: readonly BuildCommand[];
  readonly program: Program;
}

/** Others decide what the image is in ways that a second stage does not get: ONBUILD, SHELL, HEALTHCHECK. */
const UNDERSTOOD: ReadonlySet<string> = new Set(
  "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE LABEL MAINTAINER RUN STOPSIGNAL USER VOLUME WORKDIR".split(" "),
);

const MAKES_FILES: ReadonlySet<string> = new Set(["ADD", "COPY", "RUN"]);

/** Undefined for several stages, for a base or a directory from an argument, for scripts that are more than chains of commands. */
export function singleStageOf(ctx: QueryContext, dockerfile: Dockerfile): SingleStage | undefined {
  const stage = onlyStage(ctx, dockerfile);
  const base = stage && baseOf(stage);
  if (stage === undefined || base === undefined) return undefined;
  const { instructions } = stage;
  const program = programOf(instructions);
  const steps = stepsOf(instructions, IMAGE_DIRECTORIES.get(base.image) ?? "/");
  const commands = steps && commandsOf(ctx, steps);
  if (program === undefined || steps === undefined || commands === undefined) return undefined;
  const buildSteps = instructions.map(({ keyword }) => MAKES_FILES.has(keyword)).lastIndexOf(true) + 1;
  if (buildSteps === 0 || !usersComeLast(instructions, buildSteps)) return undefined;
  return {
    dockerfile,
    stage,
    ...base,
    steps,
    buildSteps,
    ...directoriesOf(steps, buildSteps),
    commands,
    program,
  };
}

const directoriesOf = (
  steps: readonly BuildStep[],
  buildSteps: number,
): Pick<SingleStage, "buildDirectory" | "finalDirectory"> => ({
  buildDirectory: steps[buildSteps - 1]?.directory ?? "/",
  finalDirectory: steps.at(-1)?.directory ?? "/",
});

/** Undefined for files that are read in another way than usual, and where a build asks for the stage by its name. */
function onlyStage(ctx: QueryContext, dockerfile: Dockerfile): Stage | undefined {
  const { tree, stages, foreignFrontend } = dockerfile;
  const [stage, ...others] = stages;
  if (stage === undefined || others.length > 0 || foreignFrontend !== undefined) return undefined;
  if (tree.problems.length > 0 || tree.escape !== "\\" || stage.edges.length > 0) return undefined;
  if (!stage.instructions.every(isUnderstood)) return undefined;
  const isAskedFor = buildsOfDockerfile(ctx, tree.path).some(({ target }) => target !== undefined);
  return isAskedFor ? undefined : stage;
}

function baseOf({ base, platform, written }: Stage): { image: string; tag: string } | undefined {
  if (base.kind !== "image" || platform !== undefined || /[$@]/.test(written.value)) return undefined;
  const { reference } = base;
  const repository = literalText(reference.repository);
  if (repository === undefined || !reference.tag.known || reference.tag.value === undefined) return undefined;
  const tag = literalText(reference.tag.value);
  const image = officialName(reference) ?? `${registryName(reference) ?? ""}/${repository}`;
  return tag === undefined || tag === "latest" ? undefined : { image, tag };
}

const isUnderstood = ({ keyword, heredocs }: DockerfileInstruction): boolean =>
  UNDERSTOOD.has(keyword) && heredocs.length === 0;

/** Who builds as a user gives its files to that user: files of another stage would come as root's. */
const usersComeLast = (instructions: readonly DockerfileInstruction[], buildSteps: number): boolean =>
  instructions.every(({ keyword }, index) => keyword !== "USER" || index >= buildSteps) &&
  !instructions.slice(buildSteps).some(({ keyword }) => keyword === "ARG");

function stepsOf(
  instructions: readonly DockerfileInstruction[],
  start: string,
): readonly BuildStep[] | undefined {
  const steps: BuildStep[] = [];
  let directory = start;
  for (const instruction of instructions) {
    if (instruction.keyword === "WORKDIR") {
      const path = absolutePath(directory, instruction.rest.text.trim());
      if (path === undefined) return undefined;
      directory = path;
    }
    steps.push({ instruction, directory });
  }
  return steps;
}

/** The commands of each RUN; undefined where one is more than commands joined by `&&`. */
function commandsOf(ctx: QueryContext, steps: readonly BuildStep[]): readonly BuildCommand[] | undefined {
  const commands: BuildCommand[] = [];
  for (const run of steps) {
    const { instruction } = run;
    if (instruction.keyword !== "RUN") continue;
    const found = runReadingOf(ctx, instruction).commands;
    const parts = instruction.rest.text.split("&&");
    const isChain = instruction.json === undefined && found.length === parts.length;
    if (!isChain || parts.some((part) => /[|;&<>`(){}\n]/.test(part.replace(/\$\{\w+\}/g, ""))))
      return undefined;
    commands.push(...found.map((command) => ({ run, command })));
  }
  return commands;
}
