// Registries that everybody knows by name: none of them is the registry of a GitLab instance. From the pages of the
// providers, read in August 2026.

/** GitLab's own registry on gitlab.com. https://docs.gitlab.com/user/gitlab_com/#container-registry */
export const GITLAB_COM_REGISTRY = "registry.gitlab.com";

/** Names of Docker Hub in references and logins. https://github.com/distribution/reference/blob/main/normalize.go */
export const DOCKER_HUB_NAMES: ReadonlySet<string> = new Set([
  "docker.io",
  "index.docker.io",
  "registry-1.docker.io",
  "registry.hub.docker.com",
]);

const PROVIDERS: readonly RegExp[] = [
  // https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry
  /^(?:ghcr\.io|docker\.pkg\.github\.com)$/,
  // https://docs.redhat.com/en/documentation/red_hat_quay , https://access.redhat.com/RegistryAuthentication
  /^(?:quay\.io|registry\.redhat\.io|registry\.access\.redhat\.com)$/,
  // https://cloud.google.com/artifact-registry/docs/docker/names
  /^(?:(?:[\w-]+\.)?gcr\.io|[\w-]+-docker\.pkg\.dev)$/,
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html
  /^(?:\d+\.dkr\.ecr\.[\w-]+\.amazonaws\.com(?:\.cn)?|public\.ecr\.aws)$/,
  // https://learn.microsoft.com/azure/container-registry/container-registry-concepts
  /^(?:[\w-]+\.azurecr\.(?:io|cn|us)|mcr\.microsoft\.com)$/,
  // https://docs.digitalocean.com/products/container-registry/
  /^registry\.digitalocean\.com$/,
  /^(?:[\w-]+\.jfrog\.io|nvcr\.io|ttl\.sh|registry\.heroku\.com|registry\.k8s\.io)$/,
];

/** Whether a host is a registry of another provider than GitLab, Docker Hub included. */
export const isOtherProvider = (host: string): boolean =>
  DOCKER_HUB_NAMES.has(host) || PROVIDERS.some((provider) => provider.test(host));
