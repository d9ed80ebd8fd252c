// Names that a build gives to contexts of its own: `--build-context NAME=…` takes the place of a stage or an image.
// https://docs.docker.com/reference/cli/docker/buildx/build/#build-context
import type { QueryContext } from "../../query/query";
import type { FilePath } from "../../text/source-file";
import { flagsNamed, type ContainerCommand } from "./command";
import { buildsOfDockerfile, buildsOfUnknownDockerfiles } from "./dockerfile-uses";

/** The names in lower case; undefined where some of them are not known. */
export function namedContexts(ctx: QueryContext, path: FilePath): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const { command } of [...buildsOfDockerfile(ctx, path), ...buildsOfUnknownDockerfiles(ctx)]) {
    for (const name of namesIn(command)) {
      if (name === undefined) return undefined;
      names.add(name.toLowerCase());
    }
  }
  return names;
}

const namesIn = (command: ContainerCommand): readonly (string | undefined)[] =>
  flagsNamed(command, "build-context").map(({ value }) => /^([^=$]+)=/.exec(value?.text ?? "")?.[1]);
