// The parts of an image build in words: context, Dockerfile, stage, builder, arguments and caches.
import type { Build } from "../../model/docker/build";
import { declares } from "../../model/docker/build-dockerfiles";
import { dockerfileOf, stageNamed, type Dockerfile } from "../../model/docker/dockerfile";
import { literalText, showText } from "../../model/docker/symbolic";
import type { QueryContext } from "../../query/query";
import { builderText } from "./daemon";
import { stageText } from "./dockerfile-text";
import { code, listed } from "./markdown";

/** "Label: text", where there is a text. */
export const labelled = (label: string, text: string | undefined): readonly string[] =>
  text === undefined ? [] : [`${label}: ${text}`];

/** Arguments that need no declaration. https://docs.docker.com/reference/dockerfile/#predefined-args */
const PREDEFINED = /^(?:BUILDKIT_\w+|SOURCE_DATE_EPOCH|(?:HTTP|HTTPS|FTP|NO|ALL)_PROXY)$/i;

/** One line for each part that is said or implied. */
export function buildLines(ctx: QueryContext, build: Build): readonly string[] {
  const dockerfile = build.dockerfile.known ? dockerfileOf(ctx, build.dockerfile.value) : undefined;
  const args = build.arguments.map(({ name, value }) => {
    const [only, ...others] = value ?? [];
    const shown =
      value === undefined
        ? name
        : `${name}=${only === undefined || others.length > 0 ? "…" : showText(only)}`;
    const isMissing = dockerfile !== undefined && !declares(dockerfile, name) && !PREDEFINED.test(name);
    return code(shown) + (isMissing ? " (no `ARG` declares it)" : "");
  });
  const caches = (specifications: Build["cacheFrom"]): string | undefined =>
    specifications.length === 0 ? undefined : listed(specifications.map(({ value }) => code(value.at.value)));
  return [
    `Context: ${contextText(build)}`,
    `Dockerfile: ${dockerfileText(ctx, build)}`,
    ...labelled("Stage", targetText(ctx, build)),
    ...labelled("Builder", builderText(ctx, build.command)),
    ...labelled("Build arguments", args.length === 0 ? undefined : listed(args)),
    ...labelled("Cache from", caches(build.cacheFrom)),
    ...labelled("Cache to", caches(build.cacheTo)),
  ];
}

/** The context, or why it is not known. */
export function contextText({ context }: Build): string {
  if (!context.known) return `not known: ${context.because}`;
  switch (context.value.kind) {
    case "directory":
      return context.value.path === "" ? "the repository's root" : code(`${context.value.path}/`);
    case "stdin":
      return "what comes on standard input";
    case "remote":
      return code(context.value.url);
  }
}

/** The Dockerfile, or why it is not known. */
export function dockerfileText(ctx: QueryContext, { dockerfile }: Build): string {
  if (!dockerfile.known) return `not known: ${dockerfile.because}`;
  return (
    code(dockerfile.value) +
    (ctx.exists(dockerfile.value) === false ? " (the repository has no such file)" : "")
  );
}

/** The stage that is built: the named one, or the last of several. */
export function targetText(ctx: QueryContext, build: Build): string | undefined {
  const dockerfile = build.dockerfile.known ? dockerfileOf(ctx, build.dockerfile.value) : undefined;
  if (build.target === undefined) return dockerfile && lastStageText(dockerfile);
  const [only, ...others] = build.target.variants;
  const name = only === undefined || others.length > 0 ? undefined : literalText(only);
  if (name === undefined) return code(build.target.at.value);
  if (dockerfile === undefined) return code(name);
  const stage = stageNamed(dockerfile, name);
  return stage === undefined
    ? `${code(name)} (the Dockerfile has no such stage)`
    : stageText(dockerfile, stage);
}

function lastStageText(dockerfile: Dockerfile): string | undefined {
  const last = dockerfile.stages.at(-1);
  return last === undefined || last.index === 0 ? undefined : `the last one, ${stageText(dockerfile, last)}`;
}

/** Where the result goes. */
export function pushLines(build: Build | undefined): readonly string[] {
  if (build === undefined) return [];
  if (build.pushes) return ["Result: sent to the registry"];
  return [
    build.loads
      ? "Result: stays among the daemon's images"
      : "Result: stays in the build cache: neither `--push` nor `--load` is given",
  ];
}

/** Where the Dockerfile declares a build argument. */
export function argumentText(ctx: QueryContext, build: Build, name: string): string | undefined {
  if (!build.dockerfile.known) return undefined;
  const dockerfile = dockerfileOf(ctx, build.dockerfile.value);
  if (dockerfile === undefined) return undefined;
  const stages = dockerfile.stages.filter((stage) => stage.arguments.some((each) => each.name === name));
  const isGlobal = dockerfile.globalArguments.some((each) => each.name === name);
  const places = [
    ...(isGlobal ? ["in front of the first `FROM`"] : []),
    ...stages.map((stage) => `in ${stageText(dockerfile, stage)}`),
  ];
  return places.length === 0
    ? `${code(build.dockerfile.value)} declares no \`ARG ${name}\``
    : `Declared in ${code(build.dockerfile.value)}, ${listed(places)}`;
}
