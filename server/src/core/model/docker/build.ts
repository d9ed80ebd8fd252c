// An image build seen whole, worked out once for each command.
import { defineQuery, type QueryContext } from "../../query/query";
import type { ContainerCommand } from "./command";
import type { Build } from "./image-build";
import { makesImage, readBuild } from "./read-build";

export type {
  Build,
  BuildArgument,
  BuildContext,
  BuildTag,
  BuildValue,
  CacheSpecification,
} from "./image-build";

const builds = defineQuery<ContainerCommand, Build | undefined>({
  name: "buildOf",
  compute: readBuild,
});

/**
 * The build that a command makes; undefined where it makes none. `docker build`, `docker buildx build`, podman, buildah and
 * nerdctl `build`, and kaniko. Bake and compose name their builds in files and are not read here.
 */
export const buildOf = (ctx: QueryContext, command: ContainerCommand): Build | undefined =>
  makesImage(command) ? ctx.get(builds, command) : undefined;
