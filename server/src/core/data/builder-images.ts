// Images of builders that fixes insert. Read in November 2026.

/** BuildKit without root. https://github.com/moby/buildkit/releases ; https://hub.docker.com/r/moby/buildkit/tags */
export const ROOTLESS_BUILDKIT = "moby/buildkit:v0.33.0-rootless";

/** What rootless BuildKit needs in a container that may not do everything. https://github.com/moby/buildkit/blob/master/docs/rootless.md */
export const ROOTLESS_FLAG = "--oci-worker-no-process-sandbox";

/** Buildah's own image, which GitLab's page uses. https://docs.gitlab.com/ci/docker/using_buildah/ ; https://quay.io/repository/buildah/stable */
export const BUILDAH = "quay.io/buildah/stable:v1.43.0";
