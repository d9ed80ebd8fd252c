// What the builder inside the daemon cannot do as long as the daemon keeps images in its older store, and buildx then refuses.
// docker/buildx `build/opt.go`, https://docs.docker.com/build/builders/drivers/
import type { QueryContext } from "../../query/query";
import type { Located } from "../../text/located";
import { flagsNamed, type ContainerCommand } from "../docker/command";
import { expandArgument } from "../docker/expand";
import type { Build } from "../docker/image-build";
import { expandImage } from "../docker/image-of";
import { literalText } from "../docker/symbolic";

export interface DriverLimit {
  readonly kind: "cache" | "platforms" | "oci";
  /** What asks for it. */
  readonly at: Located<string>;
  /** What buildx says. */
  readonly error: string;
}

const CACHES: ReadonlySet<string> = new Set(["registry", "local", "s3", "gha", "azblob"]);

/** The first thing that a build asks for and the `docker` driver cannot do without containerd's image store. */
export function beyondDockerDriver(ctx: QueryContext, build: Build): DriverLimit | undefined {
  if (build.command.tool !== "docker" || isBeforeBuildx(ctx, build.command)) return undefined;
  const cache = build.cacheTo.find(({ type }) => CACHES.has(type));
  if (cache !== undefined)
    return {
      kind: "cache",
      at: cache.value.at,
      error: "Cache export is not supported for the docker driver",
    };
  const platforms = platformsOf(ctx, build.command);
  if (platforms !== undefined)
    return {
      kind: "platforms",
      at: platforms,
      error: "Multi-platform build is not supported for the docker driver",
    };
  const oci = build.outputs.find(({ type }) => type === "oci");
  return (
    oci && { kind: "oci", at: oci.value.at, error: "OCI exporter is not supported for the docker driver" }
  );
}

/** `docker build` is buildx since Docker 23: before that it knew none of this. */
function isBeforeBuildx(ctx: QueryContext, { verb, job }: ContainerCommand): boolean {
  if (verb !== "build" || job.image === undefined) return false;
  const version = expandImage(ctx, job, job.image)?.docker?.version;
  return version !== undefined && version.major < 23;
}

/** `--platform linux/amd64,linux/arm64`, also as two flags; undefined for one platform, and where it is not known. */
export function platformsOf(ctx: QueryContext, command: ContainerCommand): Located<string> | undefined {
  const flags = flagsNamed(command, "platform").flatMap(({ value }) => value ?? []);
  const several = flags.find((value) =>
    expandArgument(ctx, command, value).every((text) => literalText(text)?.includes(",") === true),
  );
  const value = several ?? (flags.length > 1 ? flags[0] : undefined);
  return value && { value: value.text, at: value.at, via: command.via };
}
