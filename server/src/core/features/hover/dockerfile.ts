// Hover in Dockerfiles: stages and what takes from them, base images, build arguments and who gives them.
import type { Build } from "../../model/docker/build";
import { dockerfileOf, stageNamed, type Dockerfile, type Stage } from "../../model/docker/dockerfile";
import { buildsOfDockerfile } from "../../model/docker/dockerfile-uses";
import { finalStage, reachableFrom } from "../../model/docker/stage-reachability";
import { literalText, showText } from "../../model/docker/symbolic";
import { weaknessOf } from "../../model/docker/image-support";
import type { QueryContext } from "../../query/query";
import { platformArgumentText } from "../platform-arguments";
import { isIn, type Spot } from "../position/spot";
import { variableAt } from "../position/variable-at";
import { stageName, stageText } from "./dockerfile-text";
import { hoverText, type HoverText } from "./hover-text";
import { bullets, code, listed, paragraphs } from "./markdown";

/** What is said at a spot of a Dockerfile. */
export function dockerfileHover(ctx: QueryContext, spot: Spot): HoverText | undefined {
  const dockerfile = dockerfileOf(ctx, spot.file.path);
  if (dockerfile === undefined || dockerfile.foreignFrontend !== undefined) return undefined;
  return (
    argumentHover(ctx, spot, dockerfile) ??
    edgeHover(ctx, spot, dockerfile) ??
    fromHover(ctx, spot, dockerfile)
  );
}

// ---- Stages

function edgeHover(ctx: QueryContext, spot: Spot, dockerfile: Dockerfile): HoverText | undefined {
  for (const { edges } of dockerfile.stages) {
    const edge = edges.find(({ from }) => isIn(spot, from.at));
    if (edge === undefined) continue;
    const { stage, from } = edge;
    if (stage !== undefined) return hoverText(stageDetails(ctx, dockerfile, stage), from.at);
    return hoverText(
      `${code(from.value)} is no earlier stage: it is an image, or a context that \`--build-context\` names`,
      from.at,
    );
  }
  return undefined;
}

function fromHover(ctx: QueryContext, spot: Spot, dockerfile: Dockerfile): HoverText | undefined {
  const stage = dockerfile.stages.find(({ from }) => isIn(spot, from.at));
  if (stage === undefined) return undefined;
  if (isIn(spot, stage.name?.at))
    return hoverText(stageDetails(ctx, dockerfile, stage), stage.name?.at ?? stage.from.at);
  if (isIn(spot, stage.written.at)) return hoverText(baseText(ctx, dockerfile, stage), stage.written.at);
  return isIn(spot, stage.from.keywordAt)
    ? hoverText(stageDetails(ctx, dockerfile, stage), stage.from.keywordAt)
    : undefined;
}

function baseText(
  ctx: QueryContext,
  dockerfile: Dockerfile,
  { base, baseText: text, written }: Stage,
): string {
  if (base.kind === "stage") return stageDetails(ctx, dockerfile, base.stage);
  if (base.kind === "scratch") return "`scratch`: an empty base, without a shell or any file";
  const shown = showText(text);
  const weakness = weaknessOf(base.reference);
  return paragraphs(
    `**Base image** ${code(shown)}`,
    shown === written.value ? undefined : `written as ${code(written.value)}, with the defaults of \`ARG\``,
    weakness?.kind === "floating" ? "No version is named: what it holds changes by itself." : undefined,
    weakness !== undefined && weakness.kind !== "floating"
      ? `Out of support since ${weakness.since}.`
      : undefined,
  );
}

function stageDetails(ctx: QueryContext, dockerfile: Dockerfile, stage: Stage): string {
  const users = dockerfile.stages.filter(
    (other) =>
      (other.base.kind === "stage" && other.base.stage === stage) ||
      other.edges.some((edge) => edge.stage === stage),
  );
  return paragraphs(
    `**Stage** ${stageText(dockerfile, stage)}`,
    bullets([
      ...(users.length === 0 ? [] : [`used by ${listed(users.map((user) => stageName(dockerfile, user)))}`]),
      ...builtBy(ctx, dockerfile, stage),
    ]),
  );
}

const MOST_JOBS = 5;

/** The jobs that make a stage, as their result or on the way to it. */
function builtBy(ctx: QueryContext, dockerfile: Dockerfile, stage: Stage): readonly string[] {
  const builds = buildsOfDockerfile(ctx, dockerfile.tree.path);
  if (builds.length === 0) return ["no job in sight builds this file"];
  const targets = builds.map((build) => ({ build, target: targetOf(dockerfile, build) }));
  const jobs = (of: readonly { readonly build: Build }[]): readonly string[] => [
    ...new Set(of.map(({ build }) => build.command.job.name)),
  ];
  const whole = jobs(targets.filter(({ target }) => target === stage));
  const onTheWay = jobs(
    targets.filter(
      ({ target }) => target !== undefined && target !== stage && reachableFrom([target]).has(stage),
    ),
  );
  const line = (words: string, names: readonly string[]): readonly string[] => {
    const shown = names.slice(0, MOST_JOBS).map(code);
    return shown.length === 0 ? [] : [`${words} ${listed(shown)}${names.length > shown.length ? " …" : ""}`];
  };
  const lines = [...line("built by job", whole), ...line("needed by the build of job", onTheWay)];
  const isOpen = targets.some(({ target }) => target === undefined);
  return lines.length > 0 || isOpen ? lines : ["not built by any job in sight"];
}

/** Undefined where it is not known. */
function targetOf(dockerfile: Dockerfile, { target }: Build): Stage | undefined {
  if (target === undefined) return finalStage(dockerfile);
  const [only, ...others] = target.variants;
  const name = only === undefined || others.length > 0 ? undefined : literalText(only);
  return name === undefined ? undefined : stageNamed(dockerfile, name);
}

// ---- Build arguments

function argumentHover(ctx: QueryContext, spot: Spot, dockerfile: Dockerfile): HoverText | undefined {
  const declared = allArguments(dockerfile).find(({ assignment }) => isIn(spot, assignment.nameAt));
  const read = declared === undefined ? variableAt(spot) : undefined;
  const name = declared?.name ?? read?.name;
  const at = declared?.assignment.nameAt ?? read?.at;
  if (name === undefined || at === undefined || !allArguments(dockerfile).some((each) => each.name === name))
    return undefined;
  return hoverText(argumentText(ctx, dockerfile, name), at);
}

const allArguments = ({ globalArguments, stages }: Dockerfile) => [
  ...globalArguments,
  ...stages.flatMap((stage) => stage.arguments),
];

function argumentText(ctx: QueryContext, dockerfile: Dockerfile, name: string): string {
  const isGlobal = dockerfile.globalArguments.some((each) => each.name === name);
  const stages = dockerfile.stages.filter((stage) => stage.arguments.some((each) => each.name === name));
  const defaults = [
    ...new Set(allArguments(dockerfile).flatMap((each) => (each.name === name ? (each.default ?? []) : []))),
  ];
  const given = buildsOfDockerfile(ctx, dockerfile.tree.path).flatMap((build) =>
    build.arguments.flatMap((argument) => {
      if (argument.name !== name) return [];
      const value =
        argument.value === undefined
          ? "the job's variable of that name"
          : listed(argument.value.map(showText).map(code), "or");
      return [`job ${code(build.command.job.name)} gives ${value}`];
    }),
  );
  return paragraphs(
    `**Build argument** ${code(name)}`,
    bullets([
      ...(isGlobal
        ? ["declared in front of the first `FROM`: `FROM` lines see it, stages only if they declare it again"]
        : []),
      ...(stages.length === 0
        ? []
        : [
            `declared in ${listed(stages.map((stage) => (stage.name === undefined ? "" : "stage ") + stageName(dockerfile, stage)))}`,
          ]),
      defaults.length === 0 ? withoutDefault(name) : `default ${listed(defaults.map(code), "or")}`,
      ...[...new Set(given)].slice(0, MOST_JOBS),
    ]),
  );
}

function withoutDefault(name: string): string {
  const text = platformArgumentText(name);
  return text === undefined ? "no default: empty unless a build gives it" : `set by BuildKit: ${text}`;
}
