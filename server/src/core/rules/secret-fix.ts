// Turns a secret that is passed as a build argument into a secret mount: `--secret` in the job, `RUN --mount` in the Dockerfile.
// https://docs.docker.com/build/building/secrets/
import type { QueryContext } from "../query/query";
import type { DockerfileInstruction } from "../syntax/dockerfile-nodes";
import type { Build } from "../model/docker/build";
import { buildsOfDockerfile } from "../model/docker/dockerfile-uses";
import type { Dockerfile } from "../model/docker/dockerfile";
import { readsOf } from "../model/docker/instruction-reads";
import type { SecretArgument } from "../model/docker/secret-arguments";
import { shellValuesOf } from "../model/docker/shell-variables";
import { builderOf } from "../model/flow/builder";
import type { ChunkEdit } from "../text/edit";
import { sameOrigin, textAt } from "../text/located";
import { insertAfter, lineEndOf, replaceInScript, startsLine } from "./edits";
import type { FixDraft } from "./rule";

/** The id that a secret gets from its argument's name. */
export const secretId = (name: string): string => name.toLowerCase();

/** Nothing where the argument is used in any other way than by RUN, or by somebody else's build too. */
export function secretFix(ctx: QueryContext, build: Build, secret: SecretArgument): readonly FixDraft[] {
  const { argument, dockerfile } = secret;
  const variable = environmentVariable(ctx, build, secret);
  if (variable === undefined || dockerfile === undefined || !mountsByVariable(dockerfile)) return [];
  if (!isOnlyUse(ctx, build, secret, dockerfile)) return [];
  const edits = [
    replaceInScript(
      build.command.item,
      argument.flag.at,
      `--secret id=${secretId(argument.name)},env=${variable}`,
    ),
    ...inDockerfile(ctx, dockerfile, secret),
  ];
  const made = edits.filter((edit) => edit !== undefined);
  if (made.length < edits.length) return [];
  return [{ title: `Pass \`${argument.name}\` as a secret mount`, safety: "suggested", edits: made }];
}

/** The variable of the environment that the value is; undefined for anything more, and for variables of the shell alone. */
function environmentVariable(
  ctx: QueryContext,
  { command }: Build,
  { argument }: SecretArgument,
): string | undefined {
  if (command.tool !== "docker" || builderOf(ctx, command).kind === "legacy") return undefined;
  const written =
    argument.flag.value === undefined ? "" : textAt(argument.flag.value.at).replace(/["']/g, "");
  const name = /^(?:\w+=\$\{?)?(\w+)\}?$/.exec(written)?.[1];
  return name === undefined || shellValuesOf(ctx, command, name).values.length > 0 ? undefined : name;
}

/** `env=` came with version 1.10 of the frontend. https://docs.docker.com/reference/dockerfile/#run---mounttypesecret */
function mountsByVariable({ tree }: Dockerfile): boolean {
  const syntax = tree.directives.find(({ name }) => name === "syntax")?.value;
  return syntax === undefined || /dockerfile:1(?:\.\d{2,})?$/.test(syntax);
}

function isOnlyUse(
  ctx: QueryContext,
  build: Build,
  { argument }: SecretArgument,
  { tree }: Dockerfile,
): boolean {
  return buildsOfDockerfile(ctx, tree.path).every(
    (other) =>
      other.command === build.command || other.arguments.some((each) => sameOrigin(each.at, argument.at)),
  );
}

/** Removes the declarations, and mounts the secret in each RUN that reads it. */
function inDockerfile(
  ctx: QueryContext,
  { tree }: Dockerfile,
  { argument: { name }, declarations }: SecretArgument,
): readonly (ChunkEdit | undefined)[] {
  const readers = tree.instructions.filter((each) =>
    readsOf(ctx, each, tree.escape).some((read) => read.name === name),
  );
  if (readers.length === 0) return [undefined];
  const mount = ` --mount=type=secret,id=${secretId(name)},env=${name}`;
  return [
    ...declarations.map(({ instruction, default: text }) =>
      text === undefined ? removeInstruction(instruction) : undefined,
    ),
    ...readers.map((each) =>
      each.keyword === "RUN" && each.json === undefined ? insertAfter(each.keywordAt, mount) : undefined,
    ),
  ];
}

/** Undefined where it declares more. */
function removeInstruction({ at, assignments }: DockerfileInstruction): ChunkEdit | undefined {
  if (assignments.length !== 1 || !startsLine(at)) return undefined;
  return {
    chunk: at.chunk,
    start: at.start,
    end: Math.min(lineEndOf(at.chunk, at.end) + 1, at.chunk.text.length),
    newText: "",
  };
}
