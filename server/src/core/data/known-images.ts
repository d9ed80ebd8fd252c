// What well-known images are to a pipeline: a Docker client, a Docker daemon, a builder without a daemon, or none of them.
//
// The `docker` image: https://hub.docker.com/_/docker and github.com/docker-library/docker (since 22.06/23.0 the bare tag is
// the dind variant: commit f23a2be; up to 20.10 it is the client). Read in August 2026.
import { isAtLeast, parseDockerVersion, type DockerVersion } from "./docker-versions";

export interface DockerImageTag {
  /** "dind": a daemon (the image holds the client too). "client": the client alone. */
  readonly is: "dind" | "client";
  /** Undefined for floating tags (`latest`, `dind`, `cli`). */
  readonly version: DockerVersion | undefined;
  readonly isRootless: boolean;
  /** The image sets DOCKER_TLS_CERTDIR=/certs: since 19.03. */
  readonly hasTls: boolean;
}

/** Frozen on 19.03: the floating tags of that time. */
const FROZEN_VERSION: DockerVersion = { major: 19, minor: 3, patch: undefined };

/** What the official `docker` image of a tag is; `latest` for no tag. */
export function dockerImageTag(tag: string): DockerImageTag {
  const frozen = /^(stable|test|edge|nightly)(?=$|-)/.test(tag);
  const version = frozen ? FROZEN_VERSION : parseDockerVersion(tag);
  const isRootless = tag.includes("rootless");
  const hasTls = version === undefined || isAtLeast(version, "19.03");
  const newNaming = version === undefined || isAtLeast(version, "22");
  const dind =
    tag.includes("dind") || (newNaming && !/(^|-)(cli|git|windowsservercore|nanoserver)(-|$)/.test(tag));
  return { is: dind ? "dind" : "client", version, isRootless, hasTls };
}

/**
 * Images that hold no `docker` command, by repository without `docker.io/library/`. A tag that names Docker is excepted by
 * who asks. https://docs.gitlab.com/ci/runners/hosted_runners/linux/ (ruby:3.1 is the default there)
 */
export const IMAGES_WITHOUT_DOCKER: readonly string[] = [
  "alpine",
  "amazon/aws-cli",
  "busybox",
  "curlimages/curl",
  "debian",
  "eclipse-temurin",
  "golang",
  "gradle",
  "maven",
  "node",
  "openjdk",
  "php",
  "python",
  "ruby",
  "rust",
  "ubuntu",
];

/** The same, by prefix of registry and repository. */
export const IMAGE_PREFIXES_WITHOUT_DOCKER: readonly string[] = [
  "gcr.io/kaniko-project/",
  "mcr.microsoft.com/dotnet/",
  "quay.io/buildah/",
  "quay.io/podman/",
];

export type BuilderImage = "kaniko" | "buildah" | "podman" | "buildkit" | "skopeo";

/** Images of builders that need no Docker daemon, by the ending of their repository. */
const BUILDERS: readonly (readonly [ending: string, builder: BuilderImage])[] = [
  ["kaniko-project/executor", "kaniko"],
  ["kaniko-project/debug", "kaniko"],
  ["osscontainertools/kaniko", "kaniko"],
  ["chainguard-dev/kaniko", "kaniko"],
  ["buildah/stable", "buildah"],
  ["containers/buildah", "buildah"],
  ["podman/stable", "podman"],
  ["containers/podman", "podman"],
  ["moby/buildkit", "buildkit"],
  ["skopeo/stable", "skopeo"],
  ["containers/skopeo", "skopeo"],
];

/** The builder that an image is, by its repository ("gcr.io/kaniko-project/executor"); undefined for any other. */
export function builderImage(repository: string): BuilderImage | undefined {
  return BUILDERS.find(([ending]) => repository === ending || repository.endsWith(`/${ending}`))?.[1];
}
