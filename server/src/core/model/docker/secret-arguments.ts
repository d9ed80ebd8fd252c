// Build arguments that hold secrets, and how far the image gives them away.
// https://docs.docker.com/build/building/secrets/ , https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/
import { isHarmlessValue, isPlaceholderValue, isSecretName } from "../../data/secret-names";
import type { QueryContext } from "../../query/query";
import { dockerfilePathsOf } from "./build-dockerfiles";
import {
  dockerfileOf,
  stageNamed,
  type BuildArgDeclaration,
  type Dockerfile,
  type Stage,
} from "./dockerfile";
import type { Build, BuildArgument } from "./image-build";
import { baseChain, finalStage } from "./stage-reachability";
import { literalText, variablesIn, type SymbolicText } from "./symbolic";

/**
 * "image": in the history of the image that is built. "cache": only in stages that are left behind, or in FROM lines; still in the
 * build cache and in what `--provenance mode=max` records. "unknown": which Dockerfile takes it is not known.
 */
export type Exposure = "image" | "cache" | "unknown";

export interface SecretArgument {
  readonly argument: BuildArgument;
  /** The variable of the pipeline that holds the secret; undefined for a value that stands in the file itself. */
  readonly variable: string | undefined;
  /** False for values that look like examples. */
  readonly isLikely: boolean;
  readonly exposure: Exposure;
  /** Where Dockerfiles take it. */
  readonly declarations: readonly BuildArgDeclaration[];
  /** The only Dockerfile that the build can read; undefined where it is not known or there are several. */
  readonly dockerfile: Dockerfile | undefined;
}

/** The secrets among a build's arguments. One that no Dockerfile takes goes nowhere and is none. */
export function secretArguments(ctx: QueryContext, build: Build): readonly SecretArgument[] {
  return build.arguments.flatMap((argument) => {
    const held = secretIn(argument);
    return held === undefined ? [] : (exposureOf(ctx, build, argument, held) ?? []);
  });
}

type Held = Pick<SecretArgument, "variable" | "isLikely">;

/** What an argument holds, by its name and by the variables of its value. */
export function secretIn({ name, value }: Pick<BuildArgument, "name" | "value">): Held | undefined {
  const isNamed = isSecretName(name);
  if (value === undefined) return isNamed ? { variable: name, isLikely: true } : undefined;
  const variables = value.flatMap(variablesIn);
  const secret = variables.find((part) => part.reason !== "shell" && isSecretName(part.name));
  if (secret !== undefined) return { variable: secret.name, isLikely: true };
  if (!isNamed) return undefined;
  const [variable] = variables;
  // A secret does not come out of what GitLab tells about the pipeline.
  if (variable !== undefined)
    return variables.every(({ reason }) => reason === "predefined")
      ? undefined
      : { variable: variable.name, isLikely: true };
  return heldByText(value);
}

function heldByText(value: readonly SymbolicText[]): Held | undefined {
  const texts = value.map((text) => literalText(text) ?? "");
  if (texts.every((text) => text.trim() === "")) return undefined;
  const isLikely = texts.some((text) => !isHarmlessValue(text) && !isPlaceholderValue(text));
  return { variable: undefined, isLikely };
}

function exposureOf(
  ctx: QueryContext,
  build: Build,
  argument: BuildArgument,
  held: Held,
): SecretArgument | undefined {
  const paths = dockerfilePathsOf(ctx, build) ?? [];
  const dockerfiles = paths.map((path) => dockerfileOf(ctx, path)).filter((each) => each !== undefined);
  if (dockerfiles.length === 0 || dockerfiles.length < paths.length)
    return { argument, ...held, exposure: "unknown", declarations: [], dockerfile: undefined };
  const declarations = dockerfiles.flatMap((each) => declarationsOf(each, argument.name));
  if (declarations.length === 0) return undefined;
  const isInImage = dockerfiles.some((each) =>
    stagesInImage(each, build).some((stage) => stage.arguments.some(({ name }) => name === argument.name)),
  );
  const [dockerfile, ...others] = dockerfiles;
  return {
    argument,
    ...held,
    exposure: isInImage ? "image" : "cache",
    declarations,
    dockerfile: others.length === 0 ? dockerfile : undefined,
  };
}

const declarationsOf = (
  { stages, globalArguments }: Dockerfile,
  name: string,
): readonly BuildArgDeclaration[] =>
  [...stages.flatMap((stage) => stage.arguments), ...globalArguments].filter((each) => each.name === name);

/** The stages whose history the image has: the target's, and those that it stands on. */
function stagesInImage(dockerfile: Dockerfile, { target }: Build): readonly Stage[] {
  const [variant] = target?.variants ?? [];
  const name = variant && literalText(variant);
  const stage = name === undefined || name === "" ? finalStage(dockerfile) : stageNamed(dockerfile, name);
  // A target that is not known may be any stage.
  if (stage === undefined || (variant !== undefined && name === undefined)) return dockerfile.stages;
  return baseChain(stage);
}
