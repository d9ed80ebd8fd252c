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

/** Images of which one thing is known, with the source to look at. */
export interface KnownImage {
  /** Registry and repository, without `docker.io/` and `library/`; a trailing "/" stands for everything below it. */
  readonly repository: string;
  readonly source: string;
  /** Month as of which the row holds. */
  readonly asOf: string;
}

/** Docker's official images: each has a file there that leads to its Dockerfiles. */
const OFFICIAL = "https://github.com/docker-library/official-images/tree/master/library";

const known = (asOf: string, source: string, repositories: string): readonly KnownImage[] =>
  repositories.split(/\s+/).map((repository) => ({ repository, source, asOf }));

/**
 * Images that hold no `docker` command. A tag that names Docker is excepted by who asks. Google's `cloud-sdk` is none of them:
 * its slim variant copies the client from `docker`. The default image of GitLab's hosted Linux runners is one:
 * https://docs.gitlab.com/ci/runners/hosted_runners/linux/
 */
export const IMAGES_WITHOUT_DOCKER: readonly KnownImage[] = [
  ...known(
    "2026-11",
    OFFICIAL,
    `almalinux alpine amazoncorretto amazonlinux archlinux bash buildpack-deps busybox centos clojure composer dart debian
    eclipse-temurin elixir erlang fedora gcc golang gradle groovy haskell httpd julia mariadb maven mongo mysql nginx node
    openjdk oraclelinux perl php postgres pypy python r-base redis rockylinux ruby rust sapmachine swift ubuntu`,
  ),
  ...known("2026-11", "https://github.com/alpine-docker/git", "alpine/git"),
  ...known("2026-11", "https://github.com/aws/aws-cli/blob/v2/docker/Dockerfile", "amazon/aws-cli"),
  ...known("2026-11", "https://github.com/curl/curl-container", "curlimages/curl"),
  ...known("2026-11", "https://github.com/denoland/deno_docker", "denoland/deno"),
  ...known(
    "2026-11",
    "https://github.com/GoogleContainerTools/kaniko/tree/main/deploy",
    "gcr.io/kaniko-project/",
  ),
  ...known("2026-11", "https://github.com/hashicorp/terraform/blob/main/Dockerfile", "hashicorp/terraform"),
  ...known("2026-11", "https://github.com/dotnet/dotnet-docker", "mcr.microsoft.com/dotnet/"),
  ...known("2026-11", "https://github.com/oven-sh/bun/tree/main/dockerhub", "oven/bun"),
  ...known(
    "2026-11",
    "https://github.com/containers/image_build",
    "quay.io/buildah/ quay.io/podman/ quay.io/skopeo/",
  ),
];

/**
 * Images without a shell, in which neither a job's script nor the shell form of RUN can run. Variants that have one say so in
 * their tag (`debug`, `dev`), which is excepted by who asks.
 */
export const IMAGES_WITHOUT_SHELL: readonly KnownImage[] = [
  ...known("2026-11", "https://github.com/chainguard-images/images", "cgr.dev/chainguard/static"),
  ...known("2026-11", "https://github.com/GoogleContainerTools/distroless", "gcr.io/distroless/"),
  ...known(
    "2026-11",
    "https://github.com/GoogleContainerTools/kaniko#debug-image",
    "gcr.io/kaniko-project/executor",
  ),
  ...known("2026-11", OFFICIAL, "hello-world"),
  ...known("2026-11", "https://docs.docker.com/build/building/base-images/", "scratch"),
];

/** Whether a table names a repository, in the short form of Docker Hub ("python", "gcr.io/distroless/base"). */
export const isListed = (images: readonly KnownImage[], repository: string): boolean =>
  images.some(({ repository: known }) =>
    known.endsWith("/") ? repository.startsWith(known) : repository === known,
  );

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

/** Images around Docker that nobody builds any more, by repository: what to say behind the name. */
export const DEAD_DOCKER_IMAGES: ReadonlyMap<string, string> = new Map([
  // https://www.docker.com/blog/new-docker-compose-v2-and-v1-deprecation/
  [
    "docker/compose",
    "was last built for Compose 1, which ended in June 2023; the `docker` image holds `docker compose`",
  ],
  // https://gitlab.com/gitlab-org/gitlab-dind
  ["gitlab/dind", "is an old image of Docker 1.x that is not built any more"],
  // https://github.com/jpetazzo/dind , which was archived
  ["jpetazzo/dind", "was given up when the official `docker:dind` came"],
]);
