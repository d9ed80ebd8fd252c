// The words of a build by rootless BuildKit and by Buildah that do what a kaniko command does.
// https://docs.gitlab.com/ci/docker/using_buildkit/ , https://docs.gitlab.com/ci/docker/using_buildah/
import type { KanikoBuild, ShellText } from "../model/docker/kaniko-build";

/** The commands that take the place of one; each a list of words, flags with their values in one. */
export type NewCommands = readonly (readonly string[])[];

const word = ({ isQuoted }: ShellText, text: string): string => (isQuoted ? `"${text}"` : text);

const valued = (flag: string, value: ShellText): string => `${flag} ${word(value, value.text)}`;

/** `buildctl-daemonless.sh build …`. https://github.com/moby/buildkit#building-a-dockerfile-with-buildctl */
export function buildkitCommands(build: KanikoBuild): NewCommands {
  const option = (value: ShellText, text: string): string => `--opt ${word(value, text)}`;
  const cache = (flag: string, more: string): readonly string[] =>
    build.cache === undefined
      ? []
      : [`${flag} ${word(build.cache, `type=registry,ref=${build.cache.text}${more}`)}`];
  return [
    [
      "buildctl-daemonless.sh build",
      "--frontend dockerfile.v0",
      `--local ${word(build.context, `context=${build.context.text}`)}`,
      `--local ${word(build.folder, `dockerfile=${build.folder.text}`)}`,
      ...(build.file === "Dockerfile" ? [] : [option(build.folder, `filename=${build.file}`)]),
      ...(build.target === undefined ? [] : [option(build.target, `target=${build.target.text}`)]),
      ...build.buildArguments.map((each) => option(each, `build-arg:${each.text}`)),
      ...build.labels.map((each) => option(each, `label:${each.text}`)),
      ...cache("--import-cache", ""),
      ...cache("--export-cache", ",mode=max"),
      ...(build.pushes ? [`--output ${outputOf(build.destinations)}`] : []),
    ],
  ];
}

/** Several names are one field of comma-separated values. https://github.com/moby/buildkit#imageregistry */
function outputOf(destinations: readonly ShellText[]): string {
  const names = destinations.map(({ text }) => text).join(",");
  const [first, ...others] = destinations;
  if (first !== undefined && others.length === 0)
    return word(first, `type=image,name=${first.text},push=true`);
  return `"type=image,\\"name=${names}\\",push=true"`;
}

/** `buildah build …`, and a push for each name. https://github.com/containers/buildah/blob/main/docs/buildah-build.1.md */
export function buildahCommands(build: KanikoBuild): NewCommands {
  const { folder, file, context, cache } = build;
  const dockerfile = folder.text === context.text ? `${context.text}/${file}` : `${folder.text}/${file}`;
  return [
    [
      "buildah build",
      ...(cache === undefined
        ? []
        : ["--layers", valued("--cache-from", cache), valued("--cache-to", cache)]),
      `--file ${word(folder, dockerfile.replace(/^\.\//, ""))}`,
      ...(build.target === undefined ? [] : [valued("--target", build.target)]),
      ...build.buildArguments.map((each) => valued("--build-arg", each)),
      ...build.labels.map((each) => valued("--label", each)),
      ...build.destinations.map((each) => valued("--tag", each)),
      word(context, context.text),
    ],
    ...(build.pushes ? build.destinations.map((each) => [`buildah push ${word(each, each.text)}`]) : []),
  ];
}
