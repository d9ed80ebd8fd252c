// The shape of an image build: which context, which Dockerfile, which stage, which tags and caches.
import type { Located, Origin } from "../../text/located";
import type { FilePath } from "../../text/source-file";
import type { Argument, ContainerCommand, Flag } from "./command";
import type { ImageReference } from "./image-reference";
import type { Resolved } from "./resolved";
import type { SymbolicText } from "./symbolic";

export type BuildContext =
  /** A directory: path below the repository's root, "" is the root. */
  | { readonly kind: "directory"; readonly path: string }
  /** An archive or a Dockerfile on standard input (`-`). */
  | { readonly kind: "stdin" }
  /** A Git repository or an archive by URL. */
  | { readonly kind: "remote"; readonly url: string };

/** A value of a build with its variants (one per matrix value or branch) and the flag that gives it. */
export interface BuildValue {
  readonly flag: Flag;
  readonly argument: Argument;
  /** At least one. */
  readonly variants: readonly SymbolicText[];
  /** The value as written. */
  readonly at: Located<string>;
}

export interface BuildArgument {
  readonly name: string;
  /** Undefined for `--build-arg NAME`, which passes the environment's value on. */
  readonly value: readonly SymbolicText[] | undefined;
  readonly flag: Flag;
  readonly at: Origin;
}

/** `--cache-from`, `--cache-to`, `--output`: an image reference or `type=…,key=value`. */
export interface CacheSpecification {
  /** "registry" for a bare reference and for `type=registry`; "local" for `--output DIR`. */
  readonly type: string;
  /** `key=value` pairs, one text per variant. */
  readonly attributes: ReadonlyMap<string, readonly SymbolicText[]>;
  /** The reference of a registry cache, one per variant; empty for other types. */
  readonly references: readonly ImageReference[];
  readonly value: BuildValue;
}

export interface BuildTag {
  /** One per variant. */
  readonly references: readonly ImageReference[];
  readonly value: BuildValue;
}

export interface Build {
  readonly command: ContainerCommand;
  /** The operands that stand where the context belongs: exactly one is right (none for podman and buildah). */
  readonly contexts: readonly Argument[];
  readonly context: Resolved<BuildContext>;
  /**
   * The Dockerfile's path below the repository's root. Where none is named: `Dockerfile` in the context, else what the
   * repository has of the tool's other names (`dockerfile`, `Containerfile`), else the first name.
   */
  readonly dockerfile: Resolved<FilePath>;
  /** Where the Dockerfile is named; undefined for the default. */
  readonly file: BuildValue | undefined;
  readonly target: BuildValue | undefined;
  readonly tags: readonly BuildTag[];
  readonly arguments: readonly BuildArgument[];
  readonly cacheFrom: readonly CacheSpecification[];
  readonly cacheTo: readonly CacheSpecification[];
  readonly outputs: readonly CacheSpecification[];
  /** The result goes to a registry: `--push`, `--output type=registry`, kaniko without `--no-push`. */
  readonly pushes: boolean;
  /** The result goes to the local images: plain `docker build`, podman, buildah, nerdctl; `--load` with buildx. */
  readonly loads: boolean;
}
