// Which of Docker's official images a reference means, also through a mirror of Docker Hub.
import { registryName, type ImageReference } from "./image-reference";
import { literalText, showText } from "./symbolic";

/** "node" for `node:18`, `docker.io/library/node` and `$CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX/node`; undefined for all others. */
export function officialName(reference: ImageReference): string | undefined {
  const path = showText(reference.repository);
  const proxied = /^\$CI_DEPENDENCY_PROXY_\w+\/(?:library\/)?([^/$]+)$/.exec(path)?.[1];
  if (proxied !== undefined) return proxied;
  const host = registryName(reference);
  if (host === undefined || literalText(reference.repository) === undefined) return undefined;
  const isHub = /^((index|registry-1)\.)?docker\.io$/.test(host);
  if (isHub && !path.includes("/")) return path;
  return isHub || MIRRORS.has(host) ? /^(?:docker\/)?library\/([^/]+)$/.exec(path)?.[1] : undefined;
}

/** https://gallery.ecr.aws/docker and https://cloud.google.com/artifact-registry/docs/pull-cached-dockerhub-images hold copies. */
const MIRRORS: ReadonlySet<string> = new Set(["mirror.gcr.io", "public.ecr.aws"]);
